import type { Digest } from "../../oci/digest";
import type { Graph } from "../../oci/images/graph";

/** Everything that some index is made of. */
export function childrenIn({ manifests }: Graph): Set<Digest> {
  const children = new Set<Digest>();
  for (const { entries } of manifests.values()) for (const { digest } of entries) children.add(digest);
  return children;
}
