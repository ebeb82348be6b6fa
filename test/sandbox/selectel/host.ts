import type { Access, Authorize, OciApiOptions, SandboxRequest, SandboxResponse } from "../contract";
import { basicSecret, credentialOf, mayDo, registryPart } from "./credential";
import { polled, registryByName } from "./life";
import { bearerGrant, tokenRealm } from "./registry-token";
import type { World } from "./world";

/**
 * Who may do what at the registry host. 401 for a secret that is unknown, expired or revoked, 403 for one whose scope does not reach:
 * pull only without `modeRW`, only the registries of its scope, never the catalog, which would show other people's registries.
 */
export function hostAuthorize(world: World): Authorize {
  return (request, access) => {
    const refused = challenge(world, request, access);
    if (request.fault === "expired-session") return refused;
    const header = request.headers.authorization ?? "";
    const bearer = world.switches.hostAuth === "bearer";
    const grant = bearer ? bearerGrant(world, header) : undefined;
    const secret = bearer ? grant?.secret : basicSecret(header);
    const credential = secret === undefined ? undefined : credentialOf(world, secret);
    if (!credential) return refused;
    if (grant && !wanted(access).every(([name, action]) => grant.actions.get(name)?.has(action))) {
      return challenge(world, request, access, "insufficient_scope");
    }
    if (access.actions.includes("catalog") || !wanted(access).every(([name, action]) => mayDo(world, credential, name, action))) {
      return ociError(403, "DENIED", "requested access to the resource is denied");
    }
    credential.used();
    return undefined;
  };
}

/** Refuses what goes to no registry, and everything during a garbage collection: layers pushed meanwhile could be lost. */
export function hostBeforeWrite(world: World): NonNullable<OciApiOptions["beforeWrite"]> {
  return (repository) => {
    const registry = registryByName(world, registryPart(repository));
    if (!registry || registry.status === "CREATING" || registry.status === "DELETING" || registry.status === "ERROR") {
      return ociError(404, "NAME_UNKNOWN", "repository name not known to registry");
    }
    if (registry.status === "GARBAGE_COLLECTION" && world.switches.pushDuringGc === "refused") {
      polled(registry);
      return ociError(409, "DENIED", "garbage collection is in progress");
    }
    return undefined;
  };
}

function wanted(access: Access): [repository: string, action: string][] {
  const { repository, from, actions } = access;
  const own = repository === undefined ? [] : actions.map((action): [string, string] => [repository, action]);
  return from === undefined ? own : [...own, [from, "pull"]];
}

function challenge(world: World, request: SandboxRequest, access: Access, error?: string): SandboxResponse {
  const scope = wantedScopes(access).join(" ");
  const bearer = `Bearer realm="${tokenRealm(request)}",service="${world.registryHost}"`;
  const parameters = `${scope && `,scope="${scope}"`}${error ? `,error="${error}"` : ""}`;
  const value = world.switches.hostAuth === "basic" ? `Basic realm="${world.registryHost}"` : `${bearer}${parameters}`;
  return { ...ociError(401, "UNAUTHORIZED", "authentication required"), headers: { "www-authenticate": value } };
}

function wantedScopes({ repository, from, actions }: Access): string[] {
  const own = repository === undefined ? [] : [`repository:${repository}:${actions.join(",")}`];
  return from === undefined ? own : [...own, `repository:${from}:pull`];
}

function ociError(status: number, code: string, message: string): SandboxResponse {
  return { status, json: { errors: [{ code, message }] } };
}
