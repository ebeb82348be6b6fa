import fc from "fast-check";
import { copyOf, digestOf, image, index, type RepositoryState, referrer } from "./model";

/** What somebody else does to a repository between plan and apply. */
export type Change = (state: RepositoryState) => void;

/** A few changes by others: pushes, tags that are added, moved or removed, deletions. */
export function changes(): fc.Arbitrary<Change> {
  return fc
    .array(fc.record({ what: fc.constantFrom(...kinds), on: fc.nat(99), other: fc.nat(99), name: fc.constantFrom(...names) }), {
      minLength: 1,
      maxLength: 4,
    })
    .map((list) => (state) => {
      for (const change of list) make(state, change.what, { ...change, digests: [...state.manifests.keys()] });
    });
}

/** The repository after a change. */
export function changed(state: RepositoryState, change: Change): RepositoryState {
  const copy = copyOf(state);
  change(copy);
  return copy;
}

const kinds = ["tag", "image", "index", "referrer", "signature", "untag", "delete", "complete"] as const;
const names = ["latest", "v1.0.0", "pr-2", "production", "nightly"];

function make(state: RepositoryState, what: (typeof kinds)[number], { on, other, name, digests }: Place): void {
  const digest = digests[on % digests.length];
  const second = digests[other % digests.length];
  if (digest === undefined || second === undefined) return;
  const add = (manifest: ReturnType<typeof image>, tag?: string) => {
    state.manifests.set(manifest.digest, manifest);
    if (tag !== undefined) state.tags.set(tag, manifest.digest);
  };
  switch (what) {
    case "tag":
      state.tags.set(name, digest);
      return;
    case "image":
      add(image(`new ${name}`), name);
      return;
    case "index":
      add(index(`new index of ${digest} and ${second}`, [digest, second]), name);
      return;
    case "referrer":
      add(referrer(`new referrer of ${digest}`, digest));
      return;
    case "signature":
      add(image(`new signature of ${digest}`, { kind: "other" }), `${digest.replace(":", "-")}.sig`);
      return;
    case "untag":
      state.tags.delete([...state.tags.keys()][on % Math.max(1, state.tags.size)] ?? "");
      return;
    case "delete":
      state.manifests.delete(digest);
      for (const [tag, its] of [...state.tags]) if (its === digest) state.tags.delete(tag);
      return;
    case "complete":
      for (const { children } of [...state.manifests.values()]) {
        for (const child of children)
          if (!state.manifests.has(child)) state.manifests.set(child, { ...image(`of ${child}`), digest: child });
      }
      state.manifests.set(digestOf("no such subject"), { ...image("subject"), digest: digestOf("no such subject") });
  }
}

interface Place {
  readonly on: number;
  readonly other: number;
  readonly name: string;
  readonly digests: readonly string[];
}
