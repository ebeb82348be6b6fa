import { z } from "zod";
import type { DtrClient } from "../../registries/dtr";
import type { CommonInputs } from "../declaration";
import { resource } from "../resource";
import { teamNamed, teamOfState } from "./granted-team";
import { dtr } from "./module";
import { AccountName, idParts } from "./names";
import { unlessGone } from "./unless-gone";

/** What a program declares. */
export interface TeamMemberInputs extends CommonInputs {
  /** Name of the organization. A change replaces the membership. */
  organization: string;
  /** Name of the team: `team.name`. A change replaces the membership. */
  team: string;
  /** Name of the user. A change replaces the membership. */
  user: string;
  /** May manage the team's members. Default `false`. */
  isAdmin?: boolean;
}

/** What the server adds. */
export interface TeamMemberOutputs {
  /** UUID of the team. */
  teamId: string;
}

/**
 * A user in a team. Who joins a team becomes a member of the organization as well, and stays one when the team membership is destroyed: where the
 * organization membership is declared, too (`dtr.OrganizationMember`), make this one depend on it.
 *
 * The id is `organization/team/user`.
 */
export class TeamMember extends resource<TeamMemberInputs, TeamMemberOutputs, DtrClient>({
  type: "dtr:TeamMember",
  module: dtr,
  inputs: { organization: AccountName, team: AccountName, user: AccountName, isAdmin: z.boolean().default(false) },
  outputs: { teamId: z.string() },
  replaceOn: ["organization", "team", "user"],
  deleteBeforeReplace: true, // the new name may be the same team's
  key: ({ organization, team, user }) => `${organization}/${team}/${user}`,

  async find({ client, signal }, { organization, team, user }) {
    const { id } = await teamNamed(client, organization, team);
    const found = await unlessGone(client.enzi.teamMembers.get({ organization, team: id, user }, { signal }));
    return found && `${organization}/${team}/${user}`;
  },
  async create({ client, signal }, { organization, team, user, isAdmin = false }) {
    const { id } = await teamNamed(client, organization, team);
    await client.enzi.teamMembers.set({ organization, team: id, user, isAdmin }, { signal });
    return { id: `${organization}/${team}/${user}`, outputs: { teamId: id } };
  },
  async read({ client, signal }, id, last) {
    const [organization = "", team = "", user = ""] = idParts("dtr:TeamMember", id, "organization/team/user");
    const found = await teamOfState(client, organization, { team, teamId: last.teamId });
    if (!found) return undefined;
    const member = await unlessGone(client.enzi.teamMembers.get({ organization, team: found.id, user }, { signal }));
    return member && { organization, team: found.name, user, isAdmin: member.isAdmin, teamId: found.id };
  },
  async update({ client, signal }, _id, { organization, user, isAdmin = false }, last) {
    await client.enzi.teamMembers.set({ organization, team: last.teamId, user, isAdmin }, { signal });
    return { teamId: last.teamId };
  },
  async delete({ client, signal }, _id, { organization, teamId, user }) {
    await unlessGone(client.enzi.teamMembers.delete({ organization, team: teamId, user }, { signal }));
  },
}) {}
