import type { OciStore } from "../contract";
import type { Repository, TagNote } from "./repositories-model";
import { pathOf, userNamed, type World } from "./world";

/** The digest that a tag points to; undefined when there is no such tag. */
export function digestOfTag(world: World, repository: Repository, tag: string): string | undefined {
  return world.store.repository(pathOf(repository))?.tags.get(tag);
}

/** Names of the tags, in the order in which they were first pushed. */
export function tagsOf(world: World, repository: Repository): readonly string[] {
  return [...(world.store.repository(pathOf(repository))?.tags.keys() ?? [])];
}

/** When the tag was last pushed. */
export function updatedAt(world: World, repository: Repository, tag: string): Date {
  return world.store.repository(pathOf(repository))?.tagPushes.get(tag)?.lastAt ?? world.clock.now();
}

/** What is known of a tag beside the store; of one that was put into the store directly, as if the first administrator had pushed it. */
export function noteOf(world: World, repository: Repository, tag: string): TagNote {
  const author = userNamed(world, world.administrator)?.id ?? "";
  return repository.notes.get(tag) ?? { author, createdAt: updatedAt(world, repository, tag) };
}

/** True for a tag that is there and must not be pushed again. */
export function isFixed(world: World, repository: Repository, tag: string): boolean {
  return repository.immutableTags && digestOfTag(world, repository, tag) !== undefined;
}

/** Copies an image with everything that it needs; `tag` points to it then. */
export function copyImage(store: OciStore, from: string, digest: string, to: string, tag?: string): void {
  const manifest = store.repository(from)?.manifests.get(digest);
  if (!manifest) return;
  const { blobs, manifests } = store.references(manifest);
  for (const child of manifests) copyImage(store, from, child.digest, to);
  for (const blob of blobs) {
    const bytes = store.blob(blob.digest);
    if (bytes) store.putBlob(to, bytes, blob.digest);
  }
  store.putManifest(to, manifest.mediaType, manifest.bytes, tag, digest);
}
