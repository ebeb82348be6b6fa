import { closure, hangsOn, type NodeSet } from "./closure";
import type { Doom } from "./doom";
import type { Graph } from "./graph";
import type { Verdicts } from "./verdicts";

/**
 * What a name that stays leads to. Everything else would be out of sight without names of its own, on registries that do not list untagged
 * manifests.
 */
export function anchored({ nodes }: Graph, { ofNames }: Verdicts, doom: Doom): NodeSet {
  // What a rule wants as a whole and does not get keeps its names.
  const named = nodes.filter((node) => !doom.goes(node) && ofNames[node.id]?.some(({ goes }) => !goes || doom.wanted(node)));
  return closure(nodes.length, named, hangsOn);
}
