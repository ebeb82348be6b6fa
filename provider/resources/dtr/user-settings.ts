import { z } from "zod";
import { type DtrClient, isInvalid } from "../../registries/dtr";
import type { Attempt, CommonInputs, Context } from "../declaration";
import { resource } from "../resource";
import { dtr } from "./module";
import { isOurs, keeping, notedBy, released, remembered } from "./put-back";
import { unlessGone } from "./unless-gone";

/** What a program declares. */
export interface UserSettingsInputs extends CommonInputs {
  /** Name of the user. A change puts the former user's settings back and manages the new one's. */
  username: string;
  /** UUID of the content cache through which the user pulls (`ContentCache.contentCacheId`); empty: none. Default: not managed. */
  contentCacheId?: string;
}

/** What the server adds. */
export interface UserSettingsOutputs {
  /** What the managed settings were before: what destroy puts back. */
  previous: Record<string, string>;
}

/**
 * Settings of a user. Every user has them, so nothing is created: the resource remembers what it finds and puts that back when it is destroyed, or when the
 * program no longer declares it, unless the user chose another one since. A user's settings can be changed by the user, and by a system administrator. Two resources for one user would
 * undo each other's work.
 *
 * The id is the user's name.
 */
export class UserSettings extends resource<UserSettingsInputs, UserSettingsOutputs, DtrClient>({
  type: "dtr:UserSettings",
  module: dtr,
  inputs: { username: z.string().min(1, "must not be empty"), contentCacheId: z.string().optional() },
  outputs: { previous: z.record(z.string(), z.string()) },
  replaceOn: ["username"],
  key: ({ username }) => username,

  resume: async () => undefined, // `create` goes on, for it knows what was there before
  async create(context, inputs, attempt) {
    return { id: inputs.username, outputs: await set(context, inputs, notedBy(attempt, Noted), attempt) };
  },
  async read(context, id, last) {
    const found = await unlessGone(settingsOf(context, id));
    if (!found) return undefined;
    const managed = last.contentCacheId !== undefined || last.previous === undefined; // the latter: `.get`, which shows all there is
    return { username: id, ...(managed && { contentCacheId: found.contentCacheId }), previous: last.previous ?? {} };
  },
  async update(context, _id, inputs, last) {
    return set(context, inputs, last);
  },
  async delete(context, username, { contentCacheId, previous }) {
    const found = await unlessGone(settingsOf(context, username));
    if (found) await putBack(context, username, { ...found, set: contentCacheId }, previous);
  },
}) {}

/** What there is to manage, by the names of the inputs. */
type Managed = { contentCacheId: string };

async function settingsOf({ client, signal }: Context<DtrClient>, username: string): Promise<Managed> {
  return { contentCacheId: (await client.accounts.getSettings({ username }, { signal })).contentCacheUUID ?? "" };
}

type Last = Pick<UserSettingsInputs & UserSettingsOutputs, "contentCacheId" | "previous">;
const Noted = z.object({ contentCacheId: z.string().optional(), previous: z.record(z.string(), z.string()) });

const managedOf = ({ contentCacheId }: Partial<UserSettingsInputs>): string[] => (contentCacheId === undefined ? [] : ["contentCacheId"]);

async function set(context: Context<DtrClient>, inputs: UserSettingsInputs, last?: Last, attempt?: Attempt): Promise<UserSettingsOutputs> {
  const { username, contentCacheId } = inputs;
  const current = await settingsOf(context, username);
  const managed = managedOf(inputs);
  const before = { previous: last?.previous ?? {}, managed: managedOf(last ?? {}) };
  const previous = remembered(managed, before, current);
  attempt?.note({ contentCacheId, previous });
  return keeping(username, { previous }, async () => {
    await putBack(context, username, { ...current, set: last?.contentCacheId }, released(managed, before.previous));
    if (contentCacheId !== undefined && contentCacheId !== current.contentCacheId) await send(context, username, contentCacheId);
  });
}

/** `set`: what the program gave the user. */
async function putBack(
  context: Context<DtrClient>,
  username: string,
  current: Managed & { readonly set: string | undefined },
  previous: Record<string, string>,
): Promise<void> {
  const { contentCacheId } = previous;
  if (contentCacheId === undefined || contentCacheId === current.contentCacheId) return;
  if (!isOurs(context, `dtr:UserSettings ${username}: the content cache`, current.set === current.contentCacheId)) return;
  try {
    await send(context, username, contentCacheId);
  } catch (error) {
    if (!isInvalid(error) || contentCacheId === "") throw error;
    context.log(
      `dtr:UserSettings ${username}: the content cache ${contentCacheId} from before cannot be chosen any more; the user is left without one`,
    );
    await send(context, username, "");
  }
}

const send = ({ client, signal }: Context<DtrClient>, username: string, contentCacheId: string): Promise<void> =>
  client.accounts.updateSettings({ username, contentCacheUUID: contentCacheId }, { signal });
