/** Times of pushes in place of those of builds, for registries that list when each tag was last pushed. */
import type { CreationTime, Inventory } from "./image-registry";

/** A manifest, and what it consists of at any depth. */
export function familyOf({ manifests }: Pick<Inventory, "manifests">, digest: string): ReadonlySet<string> {
  const family = new Set<string>([digest]);
  for (const member of family) for (const child of manifests.get(member)?.children ?? []) family.add(child);
  return family;
}

/** When each manifest was last pushed; undefined: the registry does not say, and what was built long ago may have been pushed today. */
export type Pushes = ReadonlyMap<string, CreationTime | undefined>;

/** The latest push of its tags, or of what it is a part of: an index comes after its parts. */
export function pushesOf(inventory: Inventory, listed: ReadonlyMap<string, { readonly lastUpdated?: string }>): Pushes {
  const pushes = new Map<string, CreationTime | undefined>();
  for (const [tag, digest] of inventory.tags) {
    const text = listed.get(tag)?.lastUpdated;
    const pushed: CreationTime | undefined = text === undefined ? undefined : { time: Date.parse(text), source: "registry" };
    for (const member of familyOf(inventory, digest)) pushes.set(member, pushes.has(member) ? later(pushes.get(member), pushed) : pushed);
  }
  return pushes;
}

const later = (a: CreationTime | undefined, b: CreationTime | undefined) => (a && b ? (a.time > b.time ? a : b) : undefined);

/** The inventory with the times of pushes in place of those of builds. What no tag leads to keeps what it says itself. */
export function dated(inventory: Inventory, pushes: Pushes): Inventory {
  const manifests = new Map(
    [...inventory.manifests].map(([digest, manifest]) => {
      if (!pushes.has(digest)) return [digest, manifest];
      const { created: _, ...rest } = manifest;
      const pushed = pushes.get(digest);
      return [digest, pushed ? { ...rest, created: pushed } : rest];
    }),
  );
  return { ...inventory, manifests };
}
