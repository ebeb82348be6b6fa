import type { DtrClient, Subscription } from "../../registries/dtr";
import { NothingMade } from "../failure";

const claims = new WeakMap<DtrClient, Set<string>>();

/**
 * Takes a subscription for a resource of this process. Two resources of one program that declare the same subscription would both find none and both make
 * it, and the end of one would be the end of the other. Throws for the second. What it gives lets go.
 */
export function claim(client: DtrClient, { type, key, endpoint }: Subscription): () => void {
  const taken = claims.get(client) ?? new Set<string>();
  claims.set(client, taken);
  const name = JSON.stringify([type, key, endpoint]);
  if (taken.has(name))
    throw new NothingMade(
      `another dtr.Webhook of this program makes the same subscription (${type} at "${key}" to this endpoint): leave one out`,
    );
  taken.add(name);
  return () => void taken.delete(name);
}
