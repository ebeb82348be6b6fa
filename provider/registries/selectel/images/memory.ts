import type { Digest } from "../../oci/digest";

/** What a look at a repository showed, as far as later steps need it. */
export interface Seen {
  /** Manifests that lead to others (indexes, referrers), with what they lead to. */
  readonly leads: ReadonlyMap<string, readonly Digest[]>;
  /** Manifests that exist but are not in the list of images. */
  readonly hidden: ReadonlySet<string>;
  /** Everything in the list of images. */
  readonly present: ReadonlySet<string>;
  /** Untagged images that may just have been pushed. */
  readonly young: ReadonlySet<string>;
}

/** Looks that are remembered: more than there are repositories that are worked on at a time. */
const limit = 8;

/** The last looks at repositories, and for those that this run deletes from, the last one before. */
export class Memory {
  private readonly looks = new Map<string, Seen>();
  private readonly befores = new Map<string, Seen | undefined>();

  note(repository: string, seen: Seen): void {
    this.looks.delete(repository);
    this.looks.set(repository, seen);
    for (const oldest of this.looks.keys()) {
      if (this.looks.size <= limit) break;
      this.looks.delete(oldest);
    }
  }

  last(repository: string): Seen | undefined {
    return this.looks.get(repository);
  }

  /** The last look before this run began to delete there; `{}` if it has not. */
  before(repository: string): { readonly seen?: Seen; readonly touched: boolean } {
    const seen = this.befores.get(repository);
    return { touched: this.befores.has(repository), ...(seen && { seen }) };
  }

  touch(repository: string): void {
    if (!this.befores.has(repository)) this.befores.set(repository, this.looks.get(repository));
  }

  /** The deletions in a repository are proven. */
  release(repository: string): void {
    this.befores.delete(repository);
  }

  /** Tells whether a digest was seen to be hidden. Undefined if no look at the repository is remembered. */
  hides(repository: string): (digest: string) => boolean | undefined {
    const looks = [this.looks.get(repository), this.befores.get(repository)].filter((seen) => seen !== undefined);
    return (digest) => (looks.length === 0 ? undefined : looks.some(({ hidden }) => hidden.has(digest)));
  }
}
