import { createHash } from "node:crypto";
import type { ArtifactKind, CreationTime, Deletion, Inventory, InventoryManifest } from "../../provider/registries/image-registry";

/**
 * A repository as plain data, with what deletions do to it on a V2 registry, and what has to be there for a tag to be whole.
 * It shares no code with the planner: a mistake must not cancel itself out. Generators of such repositories are in arbitraries.ts.
 */
export interface RepositoryState {
  readonly name: string;
  readonly manifests: Map<string, StoredManifest>;
  /** A tag whose digest is no manifest is dangling. */
  readonly tags: Map<string, string>;
}

export type StoredManifest = InventoryManifest;

/** The moment at which all models are looked at. */
export const modelNow = Date.UTC(2026, 10, 15, 12);
export const day = 24 * 60 * 60 * 1000;

const mediaTypes = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
} as const;

export interface ManifestOptions {
  readonly kind?: ArtifactKind;
  /** Days before `modelNow`, or a creation time as it is said. `null`: nobody says. Default 100 days. */
  readonly age?: number | CreationTime | null;
  readonly blobs?: readonly (readonly [name: string, size: number])[];
  readonly subject?: string;
  readonly artifactType?: string;
  readonly size?: number;
}

/** A digest for a name: the same always, in no order that names have. */
export function digestOf(name: string): string {
  return `sha256:${createHash("sha256").update(name).digest("hex")}`;
}

/** A manifest without children. */
export function image(name: string, options: ManifestOptions = {}): StoredManifest {
  return {
    digest: digestOf(name),
    mediaType: mediaTypes.manifest,
    size: options.size ?? 500,
    kind: options.kind ?? "image",
    children: [],
    blobs: (options.blobs ?? [[`layer of ${name}`, 1000]]).map(([blob, size]) => ({ digest: digestOf(blob), size })),
    ...(options.subject !== undefined && { subject: options.subject }),
    ...(options.artifactType !== undefined && { artifactType: options.artifactType }),
    ...createdOf(options.age),
    index: false,
  };
}

/** An index of these digests. Its kind is to be said where it is not `image`. */
export function index(name: string, children: readonly string[], options: ManifestOptions = {}): StoredManifest {
  return { ...image(name, { blobs: [], ...options }), mediaType: mediaTypes.index, children, index: true };
}

/** Something that refers to a subject: a signature, an SBOM. */
export function referrer(name: string, subject: string, options: ManifestOptions = {}): StoredManifest {
  return image(name, { kind: "other", artifactType: "application/vnd.example.signature", ...options, subject });
}

/** A repository of these manifests and tags (tag to manifest or digest). */
export function repository(
  manifests: readonly StoredManifest[],
  tags: Readonly<Record<string, StoredManifest | string>>,
  name = "app/web",
): RepositoryState {
  return {
    name,
    manifests: new Map(manifests.map((manifest) => [manifest.digest, manifest])),
    tags: new Map(Object.entries(tags).map(([tag, target]) => [tag, typeof target === "string" ? target : target.digest])),
  };
}

export function copyOf(state: RepositoryState): RepositoryState {
  return { name: state.name, manifests: new Map(state.manifests), tags: new Map(state.tags) };
}

export interface View {
  /** `hidden`: only what tags lead to, as V2 shows it. Default `listed`. */
  readonly untagged?: "listed" | "hidden";
  /** Digests whose creation times are shown. Default all. */
  readonly created?: ReadonlySet<string>;
  /** Whether referrers that no tag leads to are shown where untagged manifests are hidden. Default true. */
  readonly referrers?: boolean;
  /** Digests that are shown, if they are there, although no tag leads to them: those on keep-lists. */
  readonly digests?: readonly string[];
  /** Order in which maps and lists are filled. Default as stored. */
  readonly order?: <T>(items: readonly T[]) => readonly T[];
}

/** What a registry adapter says of a repository. */
export function inventoryOf(state: RepositoryState, view: View = {}): Inventory {
  const order = view.order ?? (<T>(items: readonly T[]) => items);
  const seen = view.untagged === "hidden" ? reachable(state, view) : new Set(state.manifests.keys());
  const shown = [...state.manifests.values()].filter(({ digest }) => seen.has(digest));
  const named = [...shown.flatMap((manifest) => manifest.children), ...subjectsOf(state, shown)];
  return {
    repository: state.name,
    manifests: new Map(
      order(shown).map((manifest) => {
        const { created, ...rest } = manifest;
        const dated = created && (!view.created || view.created.has(manifest.digest));
        return [manifest.digest, dated ? { ...rest, created } : rest];
      }),
    ),
    tags: new Map(order([...state.tags].filter(([, digest]) => state.manifests.has(digest)))),
    dangling: order([...state.tags].filter(([, digest]) => !state.manifests.has(digest)).map(([tag]) => tag)),
    missing: new Set(order([...new Set(named)].filter((digest) => !state.manifests.has(digest)))),
  };
}

/** Does what a registry does on this request. `changed`: the tag is not where the deletion says. */
export function applyDeletion(state: RepositoryState, deletion: Deletion): "deleted" | "absent" | "changed" {
  if (deletion.kind === "manifest") {
    for (const [tag, digest] of [...state.tags]) if (digest === deletion.digest) state.tags.delete(tag);
    return state.manifests.delete(deletion.digest) ? "deleted" : "absent";
  }
  const digest = state.tags.get(deletion.tag);
  if (digest === undefined) return "absent";
  if (deletion.kind === "tag" ? digest !== deletion.digest : state.manifests.has(digest)) return "changed";
  state.tags.delete(deletion.tag);
  return "deleted";
}

/**
 * All that a tag needs to be whole: what it consists of at any depth, and what refers to any of that or signs it, at any depth too.
 * Found by going over everything again and again until nothing is added.
 */
export function needsOf(
  state: RepositoryState,
  tag: string,
): { readonly digests: ReadonlySet<string>; readonly tags: ReadonlySet<string> } {
  const digests = new Set([state.tags.get(tag) ?? ""]);
  const tags = new Set([tag]);
  for (let before = -1; before !== digests.size + tags.size; ) {
    before = digests.size + tags.size;
    for (const manifest of state.manifests.values()) {
      if (digests.has(manifest.digest)) for (const child of manifest.children) if (state.manifests.has(child)) digests.add(child);
      if (manifest.subject !== undefined && digests.has(manifest.subject)) digests.add(manifest.digest);
    }
    for (const [satellite, digest] of state.tags) {
      const subject = subjectNamedBy(state, satellite);
      if (subject === undefined || !digests.has(subject) || !state.manifests.has(digest)) continue;
      tags.add(satellite);
      digests.add(digest);
    }
  }
  return { digests, tags };
}

/** The digest that a tag's name says it belongs to: a signature of cosign, or a list of referrers, which has to be an index. */
export function subjectNamedBy(state: RepositoryState, tag: string): string | undefined {
  const match = /sha256-([0-9a-f]{64})(\.sig|\.att|\.sbom)?$/.exec(tag);
  if (!match?.[1]) return undefined;
  if (match[2]) return `sha256:${match[1]}`;
  const list = state.manifests.get(state.tags.get(tag) ?? "");
  return tag.startsWith("sha256-") && list?.index ? `sha256:${match[1]}` : undefined;
}

function createdOf(age: ManifestOptions["age"]): { created?: CreationTime } {
  if (age === null) return {};
  if (typeof age === "object") return { created: age };
  return { created: { time: modelNow - (age ?? 100) * day, source: "config" } };
}

function subjectsOf(state: RepositoryState, shown: readonly StoredManifest[]): string[] {
  const bySubject = shown.flatMap(({ subject }) => (subject === undefined ? [] : [subject]));
  return [...bySubject, ...[...state.tags.keys()].flatMap((tag) => subjectNamedBy(state, tag) ?? [])];
}

function reachable(state: RepositoryState, { referrers = true, digests = [] }: View): Set<string> {
  const named = [...state.tags.values(), ...subjectsOf(state, []), ...digests];
  const found = new Set(named.filter((digest) => state.manifests.has(digest)));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { digest, children, subject } of state.manifests.values()) {
      if (found.has(digest)) {
        for (const other of [...children, ...(subject === undefined ? [] : [subject])]) if (state.manifests.has(other)) found.add(other);
      } else if (referrers && subject !== undefined && found.has(subject)) found.add(digest);
    }
  }
  return found;
}
