import type { OciStore, StoredRepository } from "./contract";

/**
 * The part of a store that lies below a path, as a store of its own: what is `registryui/team/app` there is `team/app` here. So APIs over one
 * store do not see, delete or collect each other's images. With an empty path it is the store itself.
 */
export function storeBelow(store: OciStore, prefix: string): OciStore {
  if (prefix === "") return store;
  const start = `${prefix}/`;
  const outside = (name: string) => `${start}${name}`;
  const inside = (repository: StoredRepository): StoredRepository => ({ ...repository, name: repository.name.slice(start.length) });
  return {
    repositories: () => store.repositories().flatMap((repository) => (repository.name.startsWith(start) ? [inside(repository)] : [])),
    repository: (name) => {
      const found = store.repository(outside(name));
      return found && inside(found);
    },
    createRepository: (name) => inside(store.createRepository(outside(name))),
    deleteRepository: (name) => store.deleteRepository(outside(name)),
    blob: (digest) => store.blob(digest),
    putBlob: (name, ...blob) => store.putBlob(outside(name), ...blob),
    deleteBlob: (name, digest) => store.deleteBlob(outside(name), digest),
    putManifest: (name, ...manifest) => store.putManifest(outside(name), ...manifest),
    deleteManifest: (name, digest) => store.deleteManifest(outside(name), digest),
    deleteTag: (name, tag) => store.deleteTag(outside(name), tag),
    referrers: (name, digest) => store.referrers(outside(name), digest),
    references: (manifest) => store.references(manifest),
    collectGarbage: ({ prefix: below, ...options } = {}) =>
      store.collectGarbage({ ...options, prefix: below === undefined ? prefix : outside(below) }),
  };
}
