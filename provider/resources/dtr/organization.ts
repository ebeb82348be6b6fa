import { z } from "zod";
import type { Account, DtrClient } from "../../registries/dtr";
import type { CommonInputs } from "../declaration";
import { resource } from "../resource";
import { accountNamed, accountOf } from "./account";
import { deleteAccount } from "./content";
import { changes, declared } from "./declared";
import { dtr } from "./module";
import { AccountName } from "./names";
import { expectSame, isAnothers } from "./same-object";

/** What a program declares. */
export interface OrganizationInputs extends CommonInputs {
  /** Name: the first part of its repositories' names. Unique among users and organizations. A change replaces the organization. */
  name: string;
  /** Name for people. Not looked at where it is not declared. */
  fullName?: string;
  /** Destroy the organization although it owns repositories: all of them are deleted with their tags. Default `false`. */
  forceDelete?: boolean;
}

/** What the server adds. */
export interface OrganizationOutputs {
  /** UUID of the account. */
  accountId: string;
  /** `host/name`: what stands before `/repository:tag` in an image reference. */
  reference: string;
}

/**
 * An organization: a namespace for repositories, with teams and members. It needs a system administrator.
 *
 * The server deletes all repositories of an organization with it, so destroying is refused while it owns any, unless `forceDelete` is set. Its teams and
 * memberships go with it.
 *
 * The id is the name.
 */
export class Organization extends resource<OrganizationInputs, OrganizationOutputs, DtrClient>({
  type: "dtr:Organization",
  module: dtr,
  inputs: { name: AccountName, fullName: z.string().optional(), forceDelete: z.boolean().default(false) },
  outputs: { accountId: z.string(), reference: z.string() },
  replaceOn: ["name"],
  handling: ["forceDelete"],
  timeouts: { delete: "30m" },
  key: ({ name }) => name,

  async find(context, { name }) {
    return (await accountOf(context, name, "organization"))?.name;
  },
  async create(context, { name, fullName }) {
    const { client, signal } = context;
    const made = await client.enzi.accounts.create(
      { name, isOrg: true, ...(fullName !== undefined && { fullName }) },
      { signal, find: () => accountOf(context, name, "organization") }, // right before this, there was none
    );
    return { id: name, outputs: outputs(client, made) };
  },
  async read(context, id, last) {
    const found = await accountNamed(context, id);
    if (!found?.isOrg || isAnothers(context, `organization ${id}`, last.accountId, found.id)) return undefined;
    return {
      name: found.name,
      ...declared({ fullName: found.fullName }, last, last.accountId !== undefined),
      forceDelete: last.forceDelete ?? false,
      ...outputs(context.client, found),
    };
  },
  async update(context, id, { fullName }, last) {
    const { client, signal } = context;
    const changed = changes({ fullName }, last);
    if (Object.keys(changed).length > 0) {
      expectSame(`organization ${id}`, last.accountId, await accountNamed(context, id));
      await client.enzi.accounts.update({ name: id, ...changed }, { signal });
    }
    return { accountId: last.accountId, reference: last.reference };
  },
  async delete(context, id, { accountId, forceDelete }) {
    await deleteAccount(context, "organization", { name: id, id: accountId }, forceDelete === true);
  },
}) {}

const outputs = (client: DtrClient, { id, name }: Account): OrganizationOutputs => ({
  accountId: id,
  reference: `${client.registryHost}/${name}`,
});
