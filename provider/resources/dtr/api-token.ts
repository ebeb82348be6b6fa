import { z } from "zod";
import { createApiToken, type DtrClient, type ApiToken as Found } from "../../registries/dtr";
import type { Attempt, CommonInputs, Context } from "../declaration";
import { resource } from "../resource";
import { dtr } from "./module";
import { AccountName } from "./names";
import { unlessGone } from "./unless-gone";

/** What a program declares. */
export interface ApiTokenInputs extends CommonInputs {
  /** Name in the list of tokens. The server allows several tokens of one label. */
  label: string;
  /** Whose token it is: it may do all that this user may. Needs a system administrator for any but the provider's own user, which is the default. A change replaces the token. */
  username?: string;
  /** A token that is not active is refused until it is made active again. Default `true`. */
  active?: boolean;
  /** A change of any value replaces the token: the new one is made first, the old one is deleted after everything that depends on it was updated. */
  rotationTriggers?: Record<string, string>;
}

/** What the server adds. */
export interface ApiTokenOutputs {
  /** The secret: it takes the place of the user's password. */
  token: string;
  /** Names the token in the API. No secret. */
  hashedToken: string;
  /** RFC 3339. */
  createdAt: string;
  /** `{"auths":{"host":{"auth":"…"}}}`, for a Kubernetes pull secret or `docker --config`. */
  dockerConfigJson: string;
}

/**
 * An access token of a user. It has neither scope nor end: whoever holds it may do all that the user may, until it is made inactive or deleted. For
 * a token that reaches one repository for some minutes, the registry's token server is the better way.
 *
 * The server tells the secret only when the token is made, so it lives in the state, encrypted, and an existing token cannot be adopted. A token that was
 * made inactive elsewhere is made active again at the next `up`, one that was deleted is made anew. Destroying deletes it.
 *
 * The id is `hashedToken`.
 */
export class ApiToken extends resource<ApiTokenInputs, ApiTokenOutputs, DtrClient>({
  type: "dtr:ApiToken",
  module: dtr,
  inputs: {
    label: z.string().min(1, "must not be empty"),
    username: AccountName.optional(),
    active: z.boolean().default(true),
    rotationTriggers: z.record(z.string(), z.string()).optional(),
  },
  outputs: { token: z.string(), hashedToken: z.string(), createdAt: z.string(), dockerConfigJson: z.string() },
  secrets: ["token", "dockerConfigJson"],
  replaceOn: ["username", "rotationTriggers"],
  deleteBeforeReplace: false, // the old one is in use until the new one is known everywhere
  notAdoptable:
    "is not possible: the server shows a token's secret only when it is made. Leave adopt out, and delete the other token when nobody uses it",
  key: ({ label, username }) => (username === undefined ? label : `${username}/${label}`),

  async resume(context, inputs, attempt) {
    // Its secret was in an answer that nobody kept, so it is of no use to anybody. One that was used did reach somebody.
    for (const { hashedToken, lastUsed } of await leftOvers(context, inputs, attempt))
      if (lastUsed === undefined) await unlessGone(context.client.apiTokens.delete({ hashedToken }, { signal: context.signal }));
    return undefined;
  },
  async create(context, inputs, attempt) {
    const { client, signal } = context;
    const { label, username, active = true } = inputs;
    // Labels are not unique, so a token whose answer was lost could be anybody's: until its id is written down it carries the attempt's nonce.
    const made = await createApiToken(
      client,
      { tokenLabel: draftOf(inputs, attempt), ...(username !== undefined && { username }) },
      { signal },
    );
    attempt.created(made.hashedToken);
    const { hashedToken } = made;
    try {
      const renamed = await client.apiTokens.update({ hashedToken, tokenLabel: label, isActive: active }, { signal });
      const { token } = made;
      return { id: hashedToken, outputs: { ...shown(renamed), token, dockerConfigJson: configOf(client, username, token) } };
    } catch (error) {
      // Nobody has its secret yet. If this fails as well, the next `up` finds it.
      await client.apiTokens.delete({ hashedToken }, { signal }).catch(() => undefined);
      throw error;
    }
  },
  async read({ client, signal }, id, last) {
    const found = await unlessGone(client.apiTokens.get({ hashedToken: id }, { signal }));
    if (!found) return undefined;
    const { token = "", dockerConfigJson = "" } = last; // as they were made: the provider's user may be another one by now
    return { label: found.tokenLabel, active: found.isActive, ...shown(found), token, dockerConfigJson };
  },
  async update({ client, signal }, id, { label, active = true }, { token, dockerConfigJson }) {
    // Both, whatever absence means to the server.
    const now = await client.apiTokens.update({ hashedToken: id, tokenLabel: label, isActive: active }, { signal });
    return { ...shown(now), token, dockerConfigJson };
  },
  async delete({ client, signal }, id) {
    await unlessGone(client.apiTokens.delete({ hashedToken: id }, { signal }));
  },
}) {}

const draftOf = ({ label }: ApiTokenInputs, { nonce }: Attempt): string => `${label} ${nonce}`;

/** What an attempt that was cut off made: by its id if that was written down, else by the label that only it can have. */
async function leftOvers({ client, signal }: Context<DtrClient>, inputs: ApiTokenInputs, attempt: Attempt): Promise<readonly Found[]> {
  if (attempt.id !== undefined) {
    const found = await unlessGone(client.apiTokens.get({ hashedToken: attempt.id }, { signal }));
    return found ? [found] : [];
  }
  const draft = draftOf(inputs, attempt);
  const username = inputs.username ?? client.username;
  const listed = await Array.fromAsync(client.apiTokens.list(username === undefined ? {} : { username }, { signal }));
  return listed.filter(({ tokenLabel }) => tokenLabel === draft);
}

/** What the server shows of a token at any time. */
const shown = ({ hashedToken, createdAt }: Found) => ({ hashedToken, createdAt: createdAt ?? "" });

function configOf(client: DtrClient, owner: string | undefined, token: string): string {
  const auth = Buffer.from(`${owner ?? client.username ?? ""}:${token}`).toString("base64");
  return JSON.stringify({ auths: { [client.registryHost]: { auth } } });
}
