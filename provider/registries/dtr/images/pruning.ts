import type { ServerPruning } from "../../image-registry";
import { isGone, isInvalid, isNotAuthorized } from "../errors";
import type { ImagesClient } from "./client";
import { partsOf } from "./tags";

/**
 * What the enabled pruning policies of a repository would delete now: the server evaluates them by itself every quarter of an hour. Undefined: there are none, or
 * this user may not see them, which takes administration of the repository, or the server has no such call.
 */
export async function serverPruning(
  client: ImagesClient,
  repository: string,
  signal: AbortSignal | undefined,
): Promise<ServerPruning | undefined> {
  const where = partsOf(repository);
  const options = { ...(signal && { signal }) };
  const tags = new Set<string>();
  let policies = 0;
  try {
    for await (const { enabled, rules } of client.pruningPolicies.list(where, options)) {
      if (!enabled) continue;
      policies++;
      for await (const { name } of client.pruningPolicies.test({ ...where, rules: [...rules], enabled }, options)) tags.add(name);
    }
  } catch (error) {
    // A server without such policies, or one that does not evaluate what it holds: nothing to say, and no reason to plan nothing.
    if (isNotAuthorized(error) || isGone(error) || isInvalid(error)) return undefined;
    throw error;
  }
  return policies === 0 ? undefined : { policies, tags };
}
