import { z } from "zod";
import type { DtrClient } from "../../registries/dtr";
import type { CommonInputs, Context } from "../declaration";
import { resource } from "../resource";
import { expectTeam, teamNamed, teamOfState } from "./granted-team";
import { dtr } from "./module";
import { AccessLevel, AccountName, ImageName, idParts } from "./names";
import { unlessGone } from "./unless-gone";

/** What a program declares. */
export interface NamespaceTeamAccessInputs extends CommonInputs {
  /** Name of the organization. A change replaces the grant. */
  namespace: string;
  /** Name of a team of the organization: `team.name`. A change replaces the grant. */
  team: string;
  /** `read-only` pulls; `read-write` also pushes and deletes tags; `admin` may do everything, policies, grants and new repositories included. */
  accessLevel: AccessLevel;
}

/** What the server adds. */
export interface NamespaceTeamAccessOutputs {
  /** UUID of the team: how the server keeps the grant. */
  teamId: string;
}

/**
 * What a team may do in all repositories of its organization, present and future.
 *
 * The id is `namespace/team`.
 */
export class NamespaceTeamAccess extends resource<NamespaceTeamAccessInputs, NamespaceTeamAccessOutputs, DtrClient>({
  type: "dtr:NamespaceTeamAccess",
  module: dtr,
  inputs: { namespace: ImageName, team: AccountName, accessLevel: AccessLevel },
  outputs: { teamId: z.string() },
  replaceOn: ["namespace", "team"],
  deleteBeforeReplace: true, // the new name may be the same team's
  key: ({ namespace, team }) => `${namespace}/${team}`,

  async find(context, { namespace, team }) {
    await teamNamed(context.client, namespace, team);
    return (await levelOf(context, namespace, team)) && `${namespace}/${team}`;
  },
  async create({ client, signal }, { namespace, team, accessLevel }) {
    const { id } = await teamNamed(client, namespace, team);
    await client.repositoryNamespaces.setTeamAccess({ namespace, team, accessLevel }, { signal });
    return { id: `${namespace}/${team}`, outputs: { teamId: id } };
  },
  async read(context, id, last) {
    const [namespace = "", team = ""] = idParts("dtr:NamespaceTeamAccess", id, "namespace/team");
    const found = await teamOfState(context.client, namespace, { team, teamId: last.teamId });
    const accessLevel = found && (await levelOf(context, namespace, found.name));
    return accessLevel && { namespace, team: found.name, accessLevel, teamId: found.id };
  },
  async update({ client, signal }, _id, { namespace, team, accessLevel }, { teamId }) {
    await expectTeam(client, namespace, { team, teamId });
    await client.repositoryNamespaces.setTeamAccess({ namespace, team, accessLevel }, { signal });
    return { teamId };
  },
  async delete({ client, signal }, _id, { namespace, team, teamId }) {
    // Under its present name: the one in the state may be another team's by now.
    const found = await teamOfState(client, namespace, { team, teamId });
    if (found) await unlessGone(client.repositoryNamespaces.deleteTeamAccess({ namespace, team: found.name }, { signal }));
  },
}) {}

async function levelOf({ client, signal }: Context<DtrClient>, namespace: string, team: string): Promise<AccessLevel | undefined> {
  const found = await unlessGone(client.repositoryNamespaces.getTeamAccess({ namespace, team }, { signal }));
  return found?.accessLevel as AccessLevel | undefined; // a level that is not known differs from every declared one
}
