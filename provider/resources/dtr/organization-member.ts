import { z } from "zod";
import type { DtrClient } from "../../registries/dtr";
import type { CommonInputs } from "../declaration";
import { resource } from "../resource";
import { changes, declared } from "./declared";
import { dtr } from "./module";
import { AccountName, idParts } from "./names";
import { unlessGone } from "./unless-gone";

/** What a program declares. */
export interface OrganizationMemberInputs extends CommonInputs {
  /** Name of the organization. A change replaces the membership. */
  organization: string;
  /** Name of the user. A change replaces the membership. */
  user: string;
  /** Owner of the organization: may do everything in it. Default `false`. */
  isAdmin?: boolean;
  /** Others may see the membership. Not looked at where it is not declared; newer servers know no such thing. */
  isPublic?: boolean;
}

/** What the server adds: nothing. */
export type OrganizationMemberOutputs = Record<never, never>;

/**
 * A user in an organization. Destroying the membership takes the user out of the organization's teams as well; the server does that. Who joins a team is a
 * member already: declare the memberships of teams as depending on this, or set `adopt`.
 *
 * The id is `organization/user`.
 */
export class OrganizationMember extends resource<OrganizationMemberInputs, OrganizationMemberOutputs, DtrClient>({
  type: "dtr:OrganizationMember",
  module: dtr,
  inputs: { organization: AccountName, user: AccountName, isAdmin: z.boolean().default(false), isPublic: z.boolean().optional() },
  outputs: {},
  replaceOn: ["organization", "user"],
  key: ({ organization, user }) => `${organization}/${user}`,

  async find({ client, signal }, { organization, user }) {
    const found = await unlessGone(client.enzi.members.get({ organization, user }, { signal }));
    return found && `${organization}/${user}`;
  },
  async create({ client, signal }, inputs) {
    await client.enzi.members.set(membership(inputs), { signal });
    return { id: `${inputs.organization}/${inputs.user}`, outputs: {} };
  },
  async read({ client, signal }, id, last) {
    const [organization = "", user = ""] = idParts("dtr:OrganizationMember", id, "organization/user");
    const found = await unlessGone(client.enzi.members.get({ organization, user }, { signal }));
    if (!found) return undefined;
    const { isAdmin, isPublic } = found;
    return { organization, user, isAdmin, ...declared({ isPublic }, last, last.isAdmin !== undefined) };
  },
  async update({ client, signal }, _id, inputs, last) {
    const { isAdmin, isPublic } = inputs;
    if (Object.keys(changes({ isAdmin, isPublic }, last)).length > 0) await client.enzi.members.set(membership(inputs), { signal });
    return {};
  },
  async delete({ client, signal }, _id, { organization, user }) {
    await unlessGone(client.enzi.members.delete({ organization, user }, { signal }));
  },
}) {}

const membership = ({ organization, user, isAdmin = false, isPublic }: OrganizationMemberInputs) => ({
  organization,
  user,
  isAdmin,
  ...(isPublic !== undefined && { isPublic }),
});
