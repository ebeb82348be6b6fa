import { type OciClient, parseRepository, type Repository } from "../../registries/oci";
import { type Action, tryAccess } from "../../registries/oci/access-trial";
import type { Access } from "../../registries/oci/scope";
import { WrongToken } from "../wrong-token";

/** What a token was asked to grant. */
export interface Grant {
  readonly repositories: readonly Repository[];
  readonly actions: readonly Action[];
  /** Whether the registry tells deleting from pushing: else what may push may delete, and nobody can help it. */
  readonly knowsDelete: boolean;
}

const cure = "Check the account's rights to these repositories, and their names";
const bounds = "Use an account that may do no more than the job needs";

/** Holds what a token says of itself against what was asked for. Throws WrongToken. */
export function verifyAccess(access: Access, { repositories, actions }: Grant): void {
  const wanted = new Set(repositories.map((repository) => `repository:${repository}`));
  const missing = [...wanted].flatMap((resource) => {
    const given = access.get(resource) ?? new Set();
    const lacking = given.has("*") ? [] : actions.filter((action) => !given.has(action));
    return lacking.length > 0 ? [`${lacking.join(" and ")} in ${bare(resource)}`] : [];
  });
  if (missing.length > 0)
    throw new WrongToken("less", `The token server granted less than was asked for; the token lacks ${missing.join(", ")}. ${cure}.`);
  const asked = new Set<string>(actions);
  const surplus = [...access].flatMap(([resource, given]) => {
    // All actions at once are no more than all actions one by one.
    const beyond = [...given].filter((action) => !wanted.has(resource) || !(asked.has(action) || (action === "*" && asked.has("delete"))));
    return beyond.length > 0 ? [`${beyond.join(" and ")} in ${bare(resource)}`] : [];
  });
  if (surplus.length > 0)
    throw new WrongToken("more", `The token server granted more than was asked for; the token also has ${surplus.join(", ")}. ${bounds}.`);
}

const bare = (resource: string): string => resource.replace(/^repository:/, "");

/**
 * Tries what a token that says nothing of itself grants, by requests without effect. Where something goes beyond what was asked for, it
 * counts only if `anonymous` may not do the same. Throws WrongToken.
 */
export async function verifyByTrial(client: OciClient, anonymous: OciClient, { repositories, actions, knowsDelete }: Grant): Promise<void> {
  for (const repository of repositories) {
    for (const action of actions) {
      if ((await tryAccess(client, repository, action)) === "refused")
        throw new WrongToken("less", `The registry does not let the new token ${action} in ${repository}. ${cure}.`);
    }
    for (const action of ["push", "delete"] as const) {
      if (actions.includes(action) || (action === "delete" && actions.includes("push") && !knowsDelete)) continue;
      if (await exceeds(client, anonymous, repository, action)) throw beyond(`${action} in ${repository}`);
    }
  }
  for (const stranger of strangers(repositories, client.nonce())) {
    for (const action of ["pull", "push"] as const) {
      if (await exceeds(client, anonymous, stranger, action))
        throw beyond(`${action} in other repositories (tried with ${stranger}, which is nobody's)`);
    }
  }
}

const beyond = (what: string): WrongToken =>
  new WrongToken(
    "more",
    `The token server does not narrow its tokens as it was asked to: the registry lets the new token ${what}. ${bounds}.`,
  );

/** For a stranger's repository "there is none" is an answer that a token without rights to it would not get, unless everybody does. */
async function exceeds(client: OciClient, anonymous: OciClient, repository: Repository, action: Action): Promise<boolean> {
  const [stranger, trial] = [repository.includes(marker), await tryAccess(client, repository, action)];
  if (trial === "refused" || (trial === "unclear" && !stranger)) return false;
  return (await tryAccess(anonymous, repository, action)) === "refused";
}

const marker = "registry-as-code-probe-";

/** Names that nobody has: at the top, and beside the first repository, since some token servers think in namespaces. */
function strangers([first]: readonly Repository[], nonce: string): Repository[] {
  const name = `${marker}${nonce}`;
  const slash = first?.lastIndexOf("/") ?? -1;
  return [parseRepository(name), ...(first !== undefined && slash > 0 ? [parseRepository(`${first.slice(0, slash)}/${name}`)] : [])];
}
