import { isObject, parseObject } from "../references";
import { platformOf } from "./happenings";
import type { World } from "./world";

/** An image of a repository: a manifest with layers, and never an index. */
export interface ImageOfRepository {
  /** `namespace/name` */
  readonly repository: string;
  readonly digest: string;
  readonly os: string;
  readonly architecture: string;
}

export interface Layer {
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
}

/** The images of a tag or digest: itself, or those of its index. Undefined when there is no such reference. */
export function imagesOf(world: World, repository: string, reference: string): readonly ImageOfRepository[] | undefined {
  const stored = world.store.repository(repository);
  const digest = stored?.tags.get(reference) ?? reference;
  const manifest = stored?.manifests.get(digest);
  if (!manifest) return undefined;
  const children = world.store.references(manifest).manifests;
  if (children.length > 0) return children.flatMap((child) => imagesOf(world, repository, child.digest) ?? []);
  return [{ repository, digest, ...platformOf(world, repository, digest) }];
}

/** Layers of an image, from the lowest to the highest. */
export function layersOf(world: World, { repository, digest }: Pick<ImageOfRepository, "repository" | "digest">): readonly Layer[] {
  const manifest = world.store.repository(repository)?.manifests.get(digest);
  const { layers } = manifest ? parseObject(manifest.bytes) : {};
  if (!Array.isArray(layers)) return [];
  return layers.filter(isObject).map((layer) => ({
    digest: String(layer.digest),
    mediaType: String(layer.mediaType),
    size: Number(layer.size),
  }));
}

/** Tags that point to the image, by themselves or through an index. */
export function tagsWith(world: World, { repository, digest }: Pick<ImageOfRepository, "repository" | "digest">): readonly string[] {
  const tags = [...(world.store.repository(repository)?.tags.keys() ?? [])];
  return tags.filter((tag) => imagesOf(world, repository, tag)?.some((image) => image.digest === digest));
}
