import { z } from "zod";
import type { DtrClient } from "../../registries/dtr";
import type { CommonInputs, Context } from "../declaration";
import { resource } from "../resource";
import { accountNamed, accountOf } from "./account";
import { deleteAccount } from "./content";
import { changes, declared } from "./declared";
import { dtr } from "./module";
import { AccountName } from "./names";
import { expectSame, isAnothers } from "./same-object";
import { withoutSecrets } from "./without-secrets";

/** What a program declares. */
export interface UserInputs extends CommonInputs {
  /** Name: what the user logs in with, and the first part of the user's own repositories' names. Unique among users and organizations. A change replaces the user. */
  name: string;
  /** Password that the user is made with, at least 8 characters. Kept encrypted. The API publishes no call that changes one, so a change stops the preview; an adopted or imported user keeps the password that it has. Left out where another system holds the passwords. */
  password?: string;
  /** Name for people. Not looked at where it is not declared. */
  fullName?: string;
  /** System administrator. Default `false`. */
  isAdmin?: boolean;
  /** One who is not active cannot log in. Default `true`. */
  isActive?: boolean;
  /** Destroy the user although there are repositories in the user's own namespace: all of them are deleted with their tags. Default `false`. */
  forceDelete?: boolean;
}

/** What the server adds. */
export interface UserOutputs {
  /** UUID of the account. */
  accountId: string;
}

/**
 * A user of the registry. It needs a system administrator.
 *
 * The server deletes all repositories in a user's own namespace with the user, so destroying is refused while there are any, unless `forceDelete` is set. The
 * user that the provider itself logs in as is never destroyed, nor made inactive or an ordinary user.
 *
 * The id is the name.
 */
export class User extends resource<UserInputs, UserOutputs, DtrClient>({
  type: "dtr:User",
  module: dtr,
  inputs: {
    name: AccountName,
    password: z.string().min(8, "must have at least 8 characters").optional(),
    fullName: z.string().optional(),
    isAdmin: z.boolean().default(false),
    isActive: z.boolean().default(true),
    forceDelete: z.boolean().default(false),
  },
  outputs: { accountId: z.string() },
  replaceOn: ["name"],
  handling: ["forceDelete"],
  secretInputs: ["password"],
  timeouts: { delete: "30m" },
  unchangeable: (last, { name, password }) =>
    last.name !== name || last.password === undefined || password === undefined || last.password === password
      ? []
      : [{ property: "password", reason: newPassword }],
  key: ({ name }) => name,

  async find(context, { name }) {
    return (await accountOf(context, name, "user"))?.name;
  },
  async create(context, { name, password, fullName, isAdmin, isActive }) {
    const { client, signal } = context;
    const made = await withoutSecrets(password === undefined ? [] : [password], () =>
      client.enzi.accounts.create(
        {
          name,
          isOrg: false,
          ...(password !== undefined && { password }),
          ...(fullName !== undefined && { fullName }),
          isAdmin: isAdmin ?? false,
          isActive: isActive ?? true,
        },
        { signal, find: () => accountOf(context, name, "user") }, // right before this, there was none
      ),
    );
    return { id: name, outputs: { accountId: made.id } };
  },
  async read(context, id, last) {
    const found = await accountNamed(context, id);
    if (!found || found.isOrg || isAnothers(context, `user ${id}`, last.accountId, found.id)) return undefined;
    return {
      name: found.name,
      ...declared({ fullName: found.fullName }, last, last.accountId !== undefined),
      isAdmin: found.isAdmin ?? false,
      isActive: found.isActive ?? true,
      forceDelete: last.forceDelete ?? false,
      accountId: found.id,
    };
  },
  async update(context, id, { fullName, isAdmin, isActive }, last) {
    const { client, signal } = context;
    if (isActive === false && last.isActive !== false) expectOther(context, id, "made inactive");
    if (!isAdmin && last.isAdmin) expectOther(context, id, "made an ordinary user (isAdmin)");
    const changed = changes({ fullName, isAdmin, isActive }, last);
    if (Object.keys(changed).length > 0) {
      expectSame(`user ${id}`, last.accountId, await accountNamed(context, id));
      await client.enzi.accounts.update({ name: id, ...changed }, { signal });
    }
    return { accountId: last.accountId };
  },
  async delete(context, id, { accountId, forceDelete }) {
    expectOther(context, id, "destroyed");
    await deleteAccount(context, "user", { name: id, id: accountId }, forceDelete === true);
  },
}) {}

const newPassword =
  'cannot be changed by this program: the API publishes no call for it. Change it on the website, or let the user do it, and leave the declared one as it was, for example with ignoreChanges: ["password"]';

/** Throws for the user whose credentials are in use: nothing could be done after that. */
function expectOther({ client }: Context<DtrClient>, name: string, what: string): void {
  if (client.username === name)
    throw new Error(`${name} is the user that the provider itself logs in as, and is not ${what}: use another one for that`);
}
