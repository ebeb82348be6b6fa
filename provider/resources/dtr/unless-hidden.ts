import { withoutSignal } from "../../http/ambient-signal";
import { type DtrClient, isGone, isInvalid, isNotAuthorized } from "../../registries/dtr";
import type { Context } from "../declaration";
import { unlessGone } from "./unless-gone";

/**
 * As `unlessGone`, for a repository or something in it. The server says the same of a repository that this user may not see, so that must be ruled out before
 * anything is taken for gone: with the credentials of somebody else, a refresh would forget what is there, and a destroy would leave it. Throws where nobody can tell.
 */
export async function unlessHidden<T>(
  { client }: Pick<Context<DtrClient>, "client">,
  { namespace, repository }: { readonly namespace: string; readonly repository: string },
  asked: Promise<T>,
): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!isGone(error)) throw error;
    if ((error.code ?? "NO_SUCH_REPOSITORY") !== "NO_SUCH_REPOSITORY" || (await seesAll(client, namespace))) return undefined;
    const user = client.username ?? "an anonymous client";
    throw new Error(
      `${error.message}. ${user} is neither an administrator nor a member of ${namespace}, so ${namespace}/${repository} may be there all the same: use the credentials of somebody who may see it. If it is gone, take it out of the state (\`pulumi state delete\`)`,
      { cause: error },
    );
  }
}

const known = new WeakMap<DtrClient, Map<string, Promise<boolean>>>();

/** Whether what this user does not see in a namespace (empty: anywhere) is not there. Asked once a namespace, and only where something was not found. */
export function seesAll(client: DtrClient, namespace: string): Promise<boolean> {
  const answers = known.get(client) ?? new Map<string, Promise<boolean>>();
  known.set(client, answers);
  const present = answers.get(namespace);
  if (present) return present;
  // It is everybody's question: nobody's signal ends it.
  const asked = withoutSignal(() => ask(client, namespace));
  answers.set(namespace, asked);
  asked.catch(() => answers.delete(namespace));
  return asked;
}

async function ask({ username, enzi }: DtrClient, namespace: string): Promise<boolean> {
  if (username === undefined) return false;
  if (username === namespace) return true;
  if ((await unlessGone(enzi.accounts.get({ name: username })))?.isAdmin) return true;
  if (namespace === "") return false;
  // Everybody may see accounts: with the organization its repositories went.
  if (!(await unlessGone(enzi.accounts.get({ name: namespace })))) return true;
  try {
    await enzi.members.get({ organization: namespace, user: username });
    return true;
  } catch (error) {
    if (isNotAuthorized(error) || isGone(error) || isInvalid(error)) return false;
    throw error;
  }
}
