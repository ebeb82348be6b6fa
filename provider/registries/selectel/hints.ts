import type { HintFacts } from "../../http";

/** Next steps for readers of errors, where Selectel's own texts leave them alone. undefined: the general one. */
export function tokenHints(facts: HintFacts): string | undefined {
  if (facts.status === 401)
    return "The token is expired, revoked or not of a project: tokens live 24 hours. Get a new one, or give a service user's password";
  return hints(facts);
}

export function passwordHints(facts: HintFacts): string | undefined {
  if (facts.route === "/auth/tokens" && facts.status === 401) {
    return "Check account id, user name, password and project: only service users have tokens, and only for projects in which they have a role";
  }
  if (facts.status === 401)
    return "The API refuses a token that the identity service has just given: check that API and identity service belong together";
  return hints(facts);
}

function hints({ method, route, status }: HintFacts): string | undefined {
  if (status === 403) return "The service user's role does not allow that in this project, or the account is blocked";
  if (status !== 409) return undefined;
  if (method === "POST" && route === "/registries")
    return "The name is taken, perhaps by another account: names are unique within the service";
  return "Garbage is being collected in this registry, probably: try again when its status is ACTIVE";
}
