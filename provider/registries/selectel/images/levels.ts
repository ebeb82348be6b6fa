import type { Deletion } from "../../image-registry";
import type { Digest } from "../../oci/digest";
import { subjectInName } from "../../oci/images/inventory";

export type ManifestDeletion = Extract<Deletion, { kind: "manifest" }>;

/** What must stay if this manifest does: children of an index, the subject of a referrer or of a signature. */
export type LeadsOf = (deletion: ManifestDeletion) => readonly Digest[];

export function leadsBy(known: ReadonlyMap<string, readonly Digest[]>): LeadsOf {
  return ({ digest, tags }) => [...new Set([...(known.get(digest) ?? []), ...tags.flatMap(subjectInName)])];
}

/**
 * Splits deletions into calls: the service may work through a call in an order of its own, so what leads to something else goes in an earlier
 * call than that. What has nothing to do with each other shares calls of at most `size`.
 */
export function callsOf(deletions: readonly ManifestDeletion[], leadsOf: LeadsOf, size: number): ManifestDeletion[][] {
  const levels = new Map<string, number>(deletions.map(({ digest }) => [digest, 0]));
  const highest = deletions.length;
  // As often as something had to be moved back. Digests that lead to each other in a circle cannot be made; a server that says so is not believed for ever.
  for (let moved = true, round = 0; moved && round < highest; round++) {
    moved = false;
    for (const deletion of deletions) {
      const level = (levels.get(deletion.digest) ?? 0) + 1;
      for (const lead of leadsOf(deletion)) {
        const other = levels.get(lead);
        if (other === undefined || other >= level || lead === deletion.digest) continue;
        levels.set(lead, level);
        moved = true;
      }
    }
  }
  const calls: ManifestDeletion[][] = [];
  for (let level = 0, left = deletions.length; left > 0; level++) {
    const all = deletions.filter(({ digest }) => levels.get(digest) === level);
    for (let at = 0; at < all.length; at += size) calls.push(all.slice(at, at + size));
    left -= all.length;
  }
  return calls;
}
