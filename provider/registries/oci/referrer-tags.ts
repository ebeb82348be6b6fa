import { algorithmOf, type Digest } from "./digest";
import { type Descriptor, type Manifest, parseManifest } from "./manifest";
import type { Manifests } from "./manifests";
import { mediaTypes } from "./media-types";
import { parseTag, type Repository, type Tag } from "./path-names";

/** Removes one tag and nothing else; false if the registry has no safe way. */
export type DropTag = (repository: Repository, tag: Tag, digest: Digest) => Promise<boolean>;

export interface ReferrerTagsOptions {
  readonly manifests: () => Manifests;
  readonly drop: DropTag;
}

/** How often a list that somebody else wrote at the same time is merged again. */
const attempts = 5;

/**
 * Lists of referrers on registries without the API: an index under a tag that is made from the subject's digest, kept by the clients
 * themselves (OCI distribution-spec, "Referrers Tag Schema"). There is no lock: each write is read back, and repeated if it was overwritten.
 */
export class ReferrerTags {
  /** Writers of this process wait for each other, by repository and tag. */
  private readonly queue = new Map<string, Promise<unknown>>();

  constructor(private readonly options: ReferrerTagsOptions) {}

  async read(repository: Repository, subject: Digest): Promise<readonly Descriptor[]> {
    return (await this.current(repository, referrersTag(subject))).entries;
  }

  add(repository: Repository, subject: Digest, entry: Descriptor): Promise<void> {
    return this.change(repository, subject, (entries) =>
      entries.some(({ digest }) => digest === entry.digest) ? undefined : [...entries, entry],
    );
  }

  remove(repository: Repository, subject: Digest, referrer: Digest): Promise<void> {
    return this.change(repository, subject, (entries) =>
      entries.some(({ digest }) => digest === referrer) ? entries.filter(({ digest }) => digest !== referrer) : undefined,
    );
  }

  /** `edit` gives undefined when the list is as it should be. */
  private change(
    repository: Repository,
    subject: Digest,
    edit: (entries: readonly Descriptor[]) => readonly Descriptor[] | undefined,
  ): Promise<void> {
    const tag = referrersTag(subject);
    const key = `${repository}:${tag}`;
    const turn = (this.queue.get(key) ?? Promise.resolve()).catch(() => undefined).then(() => this.write(repository, tag, edit));
    this.queue.set(key, turn);
    const done = () => {
      if (this.queue.get(key) === turn) this.queue.delete(key);
    };
    turn.then(done, done);
    return turn;
  }

  private async write(
    repository: Repository,
    tag: Tag,
    edit: (entries: readonly Descriptor[]) => readonly Descriptor[] | undefined,
  ): Promise<void> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const { entries, manifest, foreign } = await this.current(repository, tag);
      const edited = edit(entries);
      if (edited === undefined) return;
      if (foreign) {
        throw new Error(`The tag ${tag} of ${repository} should be a list of referrers but is no OCI index; it was left alone.`);
      }
      if (edited.length === 0 && manifest && (await this.options.drop(repository, tag, manifest.digest))) return;
      await this.options.manifests().put(repository, tag, { mediaType: mediaTypes.ociIndex, bytes: indexOf(edited) });
    }
    throw new Error(`The list of referrers ${tag} of ${repository} could not be kept: it is overwritten by others again and again.`);
  }

  private async current(
    repository: Repository,
    tag: Tag,
  ): Promise<{ entries: readonly Descriptor[]; manifest?: Manifest; foreign: boolean }> {
    const manifest = await this.options.manifests().get(repository, tag);
    if (!manifest) return { entries: [], foreign: false };
    // Somebody's own tag may look like one of these.
    if (manifest.mediaType !== mediaTypes.ociIndex) return { entries: [], manifest, foreign: true };
    return { entries: parseManifest(manifest).manifests, manifest, foreign: false };
  }
}

/** `sha256-<64 hex digits>`: algorithm and digits cut to 32 and 64 characters, what a tag cannot hold replaced by dashes. */
export function referrersTag(subject: Digest): Tag {
  const algorithm = algorithmOf(subject);
  const encoded = subject.slice(algorithm.length + 1);
  return parseTag(`${algorithm.slice(0, 32)}-${encoded.slice(0, 64)}`.replace(/[^a-zA-Z0-9._-]/g, "-"));
}

/** The subject's digest of a tag that looks like a list of referrers, or like a signature, attestation or bill of materials of cosign. */
export function subjectOfTag(tag: string): string | undefined {
  const match = /^sha256-([0-9a-f]{64})(?:\.(?:sig|att|sbom))?$/.exec(tag);
  return match?.[1] && `sha256:${match[1]}`;
}

function indexOf(manifests: readonly Descriptor[]): Buffer {
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }));
}
