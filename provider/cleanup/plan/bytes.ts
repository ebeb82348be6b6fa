import type { Graph, Node } from "./graph";

/** Sizes in bytes, in which what is shared counts once. */
export interface Bytes {
  /** Of everything that stays. */
  readonly kept: number;
  /** Of everything that goes and nothing that stays has. */
  readonly freed: number;
  /** What each one that goes frees: what several have counts for the last of them, as only then it is freed. By the ids of nodes. */
  readonly freedBy: Float64Array;
}

/** `order`: what goes, in the order in which it does. */
export function countBytes({ nodes }: Graph, order: readonly Node[], goes: (node: Node) => boolean): Bytes {
  const counted = new Set<string>();
  let kept = 0;
  nodes.forEach((node) => {
    if (!goes(node)) kept += newBytes(node, counted);
  });
  const freedBy = new Float64Array(nodes.length);
  let freed = 0;
  order.toReversed().forEach((node) => {
    const bytes = newBytes(node, counted);
    freedBy[node.id] = bytes;
    freed += bytes;
  });
  return { kept, freed, freedBy };
}

/** All that a manifest consists of. */
export function sizeOf(node: Node): number {
  if (node.children.length === 0 && node.manifest.blobs.length <= 50) return sizeOfOne(node);
  const counted = new Set<string>();
  const met = new Set([node]);
  let size = 0;
  for (const one of met) {
    size += newBytes(one, counted);
    for (const child of one.children) met.add(child);
  }
  return size;
}

/** Without a set: most are images of some layers, and there may be very many. */
function sizeOfOne({ manifest: { size, blobs } }: Node): number {
  return blobs.reduce((sum, blob, at) => (isAmongFirst(blobs, at, blob.digest) ? sum : sum + blob.size), size);
}

function isAmongFirst(blobs: readonly { readonly digest: string }[], count: number, digest: string): boolean {
  for (let at = 0; at < count; at++) if (blobs[at]?.digest === digest) return true;
  return false;
}

function newBytes({ manifest }: Node, counted: Set<string>): number {
  let bytes = manifest.size;
  for (const { digest, size } of manifest.blobs) {
    const before = counted.size;
    if (counted.add(digest).size > before) bytes += size;
  }
  return bytes;
}
