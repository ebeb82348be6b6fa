import { InvalidName, parseRepository, type Repository, zeroDigest } from "../../registries/oci";
import type { AccessTokens } from "../../registries/oci/access-token";
import type { Action } from "../../registries/oci/access-trial";
import type { Access } from "../../registries/oci/scope";
import type { TokenServer } from "../../registries/oci/token-server";
import { listed, type Permission, shown, type TokenRequest } from "../request";
import { type RequestProblem, requestError } from "../request-error";

/** The repositories that a request names. What is wrong with them goes to `problems`. */
export function wantedRepositories({ registries, repositories }: TokenRequest, host: string, problems: RequestProblem[]): Repository[] {
  if (registries && registries.length > 0)
    problems.push({ setting: "registries", text: "is for Selectel, whose tokens are scoped by registry: here list repositories" });
  const names = listed("repositories", repositories, problems);
  if (names.length === 0)
    problems.push({ setting: "repositories", text: "is missing: list the repositories that the token may reach, by their whole paths" });
  return names.flatMap((name) => {
    if (name === "*") {
      const text = "token servers give tokens for named repositories only, there is no scope for all of them: list the names, one by one";
      problems.push({ setting: "repositories", text });
      return [];
    }
    if (name.toLowerCase().startsWith(`${host.toLowerCase()}/`)) {
      problems.push({ setting: "repositories", text: `${shown(name)} begins with the host: leave ${host}/ out` });
      return [];
    }
    try {
      return /[*?[\]{}!]/.test(name) || name.trim() === "" ? [] : parseRepository(name);
    } catch (error) {
      if (!(error instanceof InvalidName)) throw error;
      problems.push({ setting: "repositories", text: error.message });
      return [];
    }
  });
}

/** What a registry's tokens are made of. */
export interface Levels {
  readonly server: TokenServer;
  /** Whether the registry knows the action `delete`; some want pull and push for a deletion, so that write and delete are the same. */
  readonly knowsDelete: boolean;
}

/**
 * Asks a registry, without credentials, for its token server, and which access it demands for a deletion: Quay wants pull and push, and its
 * token server refuses other words. Throws TokenRequestError where there is no token server.
 */
export async function levelsOf(tokens: AccessTokens, host: string, repository: Repository, permission: Permission): Promise<Levels> {
  const door = await tokens.challenge({ method: "GET", route: "/v2/" });
  const deletion =
    permission === "read" && door.scheme !== "none"
      ? undefined
      : await tokens.challenge({
          method: "DELETE",
          route: "/v2/{+repository}/manifests/{+reference}",
          path: { repository, reference: zeroDigest },
        });
  // Registries that anybody may read ask for credentials only where they are needed.
  const challenge = door.scheme === "none" && deletion ? deletion : door;
  if (challenge.scheme !== "bearer") throw withoutServer(host, challenge.scheme);
  const demanded = deletion?.scheme === "bearer" ? deletion.access.get(`repository:${repository}`) : undefined;
  const knowsDelete = demanded === undefined || demanded.size === 0 || demanded.has("delete") || demanded.has("*");
  return { server: challenge.server, knowsDelete };
}

function withoutServer(host: string, scheme: "basic" | "none") {
  if (scheme === "none")
    return requestError("registry", `${host} asks nobody for credentials, so there is nothing to mint: leave this step out`);
  return requestError(
    "registry",
    `${host} asks for user name and password with each request (Basic) and has no token server, so nothing narrower than an account can be had: ` +
      "create an account there that may do no more than the job needs, and log in with it",
  );
}

/** The actions to ask for. */
export function actionsOf(permission: Permission, { knowsDelete }: Levels): readonly Action[] {
  if (permission === "read") return ["pull"];
  return permission === "delete" && knowsDelete ? ["pull", "push", "delete"] : ["pull", "push"];
}

export const accessFor = (repositories: readonly Repository[], actions: readonly Action[]): Access =>
  new Map(repositories.map((repository) => [`repository:${repository}`, new Set<string>(actions)]));
