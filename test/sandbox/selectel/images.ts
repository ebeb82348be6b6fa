import { type Call, type Operation, segment } from "./call";
import { type ImageView, imageOf, imagesOf, isIndex } from "./image-view";
import { type Listing, page } from "./list";
import { Refusal } from "./refusal";
import { repositoryOf } from "./repositories";

export const listImages: Operation = (call) => {
  const listing = { ...images(call), matches: undefined, paged: call.world.switches.undocumentedPaging };
  return { status: 200, json: page(call, listing).items };
};

export const listImagesV2: Operation = (call) => {
  const { items, filtered, total } = page(call, images(call));
  return { status: 200, json: { filteredCount: filtered, images: items, totalCount: total } };
};

/** Tags of images and of indexes alike. */
export const listTags: Operation = (call) => {
  const { repository } = repositoryOf(call);
  const { items } = page(call, {
    items: [...repository.tags.keys()].sort(),
    at: (tag) => repository.manifests.get(repository.tags.get(tag) ?? "")?.pushedAt.getTime() ?? 0,
    removed: undefined,
    paged: call.world.switches.undocumentedPaging,
  });
  return { status: 200, json: items };
};

/**
 * An image by digest or tag. An index answers `[]` unless the client accepts indexes, in which case its children stand where the layers
 * are (seen by the authors of a web interface).
 */
export const listLayers: Operation = (call) => {
  const { repository } = repositoryOf(call);
  const reference = segment(call, "ref");
  const manifest = repository.manifests.get(repository.tags.get(reference) ?? reference);
  if (!manifest) throw new Refusal(404, "Image not found.");
  const image = imageOf(call.world, repository, manifest);
  const asArray = call.world.switches.layersShape === "array";
  if (!isIndex(call.world, manifest)) return { status: 200, json: asArray ? image.layers : image };
  if (!/manifest\.list|image\.index/.test(call.request.headers.accept ?? "")) return { status: 200, json: [] };
  const children = call.world.store.references(manifest).manifests.map(({ digest, size }) => ({ digest, size }));
  return { status: 200, json: asArray ? children : { ...image, layers: children } };
};

function images(call: Call): Listing<ImageView> {
  const { repository } = repositoryOf(call);
  const removed = call.world.removed.images.get(repository.name);
  return {
    items: imagesOf(call.world, repository),
    at: ({ digest }) => repository.manifests.get(digest)?.pushedAt.getTime() ?? 0,
    // One that was pushed again since is not gone.
    removed: removed && !repository.manifests.has(removed.digest) ? removed : undefined,
    matches: ({ digest, tags }, search) => digest.includes(search) || tags.some((tag) => tag.toLowerCase().includes(search)),
  };
}
