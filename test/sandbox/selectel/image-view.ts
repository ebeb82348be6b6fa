import type { StoredManifest, StoredRepository } from "../contract";
import { isObject, type JsonObject, parseJson } from "./call";
import type { World } from "./world";

export interface LayerView {
  readonly digest: string;
  readonly size: number;
}

/** An image as `/images` shows it. */
export interface ImageView {
  readonly architecture: string;
  /** Build time from the image's configuration, as it stands there (up to nanoseconds); the time of the push where there is none. */
  readonly createdAt: string;
  readonly digest: string;
  readonly layers: readonly LayerView[];
  readonly mediaType: string;
  readonly os: string;
  /** Sum of the layers, in bytes. */
  readonly size: number;
  readonly tags: readonly string[];
}

/** Images of a repository, as they were pushed. Indexes are hidden, so that their children look like images without tags. */
export function imagesOf(world: World, repository: StoredRepository): ImageView[] {
  const tags = new Map<string, string[]>();
  for (const [tag, digest] of repository.tags) tags.set(digest, [...(tags.get(digest) ?? []), tag]);
  return [...repository.manifests.values()]
    .filter((manifest) => !isIndex(world, manifest))
    .map((manifest) => ({ ...described(world, manifest), tags: tags.get(manifest.digest) ?? [] }));
}

export function imageOf(world: World, repository: StoredRepository, manifest: StoredManifest): ImageView {
  return { ...described(world, manifest), tags: tagsOf(repository, manifest.digest) };
}

export function tagsOf(repository: StoredRepository, digest: string): string[] {
  return [...repository.tags].filter(([, target]) => target === digest).map(([tag]) => tag);
}

export function isIndex(world: World, manifest: StoredManifest): boolean {
  return /manifest\.list|image\.index/.test(manifest.mediaType) || world.store.references(manifest).manifests.length > 0;
}

/** Whether an index of the repository names this manifest as a child. */
export function isReferenced(world: World, repository: StoredRepository, digest: string): boolean {
  return [...repository.manifests.values()].some((manifest) =>
    world.store.references(manifest).manifests.some((child) => child.digest === digest),
  );
}

/** `helm_chart` is the only type that the documentation shows; the name of the other is a guess. */
export function typeOf(repository: StoredRepository): string {
  const charts = [...repository.manifests.values()].some((manifest) => manifest.bytes.includes("application/vnd.cncf.helm.config.v1+json"));
  return charts ? "helm_chart" : "image";
}

/** By manifest: reading thousands of configurations for each page would be slow. */
const known = new WeakMap<StoredManifest, Omit<ImageView, "tags">>();

function described(world: World, manifest: StoredManifest): Omit<ImageView, "tags"> {
  const seen = known.get(manifest);
  if (seen) return seen;
  const document = object(parseJson(manifest.bytes));
  const layers = isIndex(world, manifest) ? [] : descriptors(document.layers);
  const blob = world.store.blob(text(object(document.config).digest));
  const config = object(parseJson(blob));
  const view = {
    architecture: text(config.architecture),
    createdAt: text(config.created) || manifest.pushedAt.toISOString(),
    digest: manifest.digest,
    layers,
    mediaType: manifest.mediaType,
    os: text(config.os),
    size: layers.reduce((sum, layer) => sum + layer.size, 0),
  };
  // A configuration may come after its manifest.
  if (blob) known.set(manifest, view);
  return view;
}

function descriptors(value: unknown): LayerView[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map(({ digest, size }) => ({ digest: text(digest), size: typeof size === "number" ? size : 0 }));
}

function object(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
