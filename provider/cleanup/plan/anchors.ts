import { closure, hangsOn, type NodeSet } from "./closure";
import type { Doom } from "./doom";
import type { Graph } from "./graph";
import type { Verdicts } from "./verdicts";

/**
 * What a name leads to that the rules keep. Everything else would be out of sight without names of its own, on registries that do not list
 * untagged manifests; or what it hangs on stays against its rule, and may go the next time.
 */
export function anchored({ nodes }: Graph, { ofNames }: Verdicts, doom: Doom): NodeSet {
  const named = nodes.filter((node) => !doom.goes(node) && ofNames[node.id]?.some(({ goes }) => !goes));
  return closure(nodes.length, named, hangsOn);
}
