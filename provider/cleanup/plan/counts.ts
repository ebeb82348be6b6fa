import type { PlanCounts } from "./plan";

export const noCounts: PlanCounts = {
  taggedRoots: 0,
  doomedTaggedRoots: 0,
  roots: 0,
  digests: 0,
  untagged: 0,
  kept: 0,
  blocked: 0,
  bytesKept: 0,
  bytesFreed: 0,
};

export function addCounts(a: PlanCounts, b: PlanCounts): PlanCounts {
  return {
    taggedRoots: a.taggedRoots + b.taggedRoots,
    doomedTaggedRoots: a.doomedTaggedRoots + b.doomedTaggedRoots,
    roots: a.roots + b.roots,
    digests: a.digests + b.digests,
    untagged: a.untagged + b.untagged,
    kept: a.kept + b.kept,
    blocked: a.blocked + b.blocked,
    bytesKept: a.bytesKept + b.bytesKept,
    bytesFreed: a.bytesFreed + b.bytesFreed,
  };
}
