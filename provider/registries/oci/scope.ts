import type { Repository } from "./names";

/** Access that a token gives: actions by resource, e.g. `repository:team/app` → pull, push (distribution, "Token Scope Documentation"). */
export type Access = ReadonlyMap<string, ReadonlySet<string>>;

export const pullScope = (repository: Repository) => `repository:${repository}:pull`;
export const pushScope = (repository: Repository) => `repository:${repository}:pull,push`;
/** distribution wants `delete` alone; a token with pull and push is refused. */
export const deleteScope = (repository: Repository) => `repository:${repository}:delete`;
export const catalogScope = "registry:catalog:*";

/** Parses scopes, each of which may hold several separated by spaces. Entries without resource or action are left out. */
export function parseScopes(scopes: readonly string[]): Access {
  const access = new Map<string, Set<string>>();
  for (const entry of scopes.flatMap((scope) => scope.split(/\s+/))) {
    // A resource's name may hold colons (host:port), so its actions stand after the last one.
    const colon = entry.lastIndexOf(":");
    const resource = entry.slice(0, Math.max(colon, 0));
    if (!resource.includes(":")) continue;
    const actions = access.get(resource) ?? new Set<string>();
    for (const action of entry.slice(colon + 1).split(",")) if (action !== "") actions.add(action);
    access.set(resource, actions);
  }
  return access;
}

/** One scope a resource, in the order in which the resources came. */
export function formatScopes(access: Access): string[] {
  return [...access].map(([resource, actions]) => `${resource}:${[...actions].sort().join(",")}`);
}

/** Everything that one or the other gives; resources of the first come first, for servers that look at the first scope only. */
export function mergeAccess(first: Access, second: Access): Access {
  const merged = new Map<string, Set<string>>();
  for (const [resource, actions] of [...first, ...second]) {
    merged.set(resource, new Set([...(merged.get(resource) ?? []), ...actions]));
  }
  return merged;
}

/** Whether `have` gives everything that is wanted. */
export function covers(have: Access, wanted: Access): boolean {
  return [...wanted].every(([resource, actions]) => {
    const given = have.get(resource);
    return given !== undefined && [...actions].every((action) => given.has(action) || given.has("*"));
  });
}

/** The resources alone, whatever the actions: what tokens are kept by. */
export function accessKey(access: Access): string {
  return [...access.keys()].sort().join(" ");
}
