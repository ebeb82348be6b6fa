import { z } from "zod";
import type { DtrClient } from "../../registries/dtr";
import type { CommonInputs, Context } from "../declaration";
import { resource } from "../resource";
import { expectTeam, teamNamed, teamOfState } from "./granted-team";
import { dtr } from "./module";
import { AccessLevel, AccountName, ImageName, idParts } from "./names";
import { unlessGone } from "./unless-gone";

/** What a program declares. */
export interface RepositoryTeamAccessInputs extends CommonInputs {
  /** Name of the organization that owns the repository. A change replaces the grant. */
  namespace: string;
  /** Name of the repository, without the namespace: `repository.name`. A change replaces the grant. */
  repository: string;
  /** Name of a team of the organization: `team.name`. A change replaces the grant. */
  team: string;
  /** `read-only` pulls; `read-write` also pushes and deletes tags; `admin` may do everything, policies and grants included. */
  accessLevel: AccessLevel;
}

/** What the server adds. */
export interface RepositoryTeamAccessOutputs {
  /** UUID of the team: how the server keeps the grant. */
  teamId: string;
}

/**
 * What a team may do in one repository of its organization. For all of them, present and future, there is `dtr.NamespaceTeamAccess`.
 *
 * The id is `namespace/repository/team`.
 */
export class RepositoryTeamAccess extends resource<RepositoryTeamAccessInputs, RepositoryTeamAccessOutputs, DtrClient>({
  type: "dtr:RepositoryTeamAccess",
  module: dtr,
  inputs: { namespace: ImageName, repository: ImageName, team: AccountName, accessLevel: AccessLevel },
  outputs: { teamId: z.string() },
  replaceOn: ["namespace", "repository", "team"],
  deleteBeforeReplace: true, // the new name may be the same team's
  key: ({ namespace, repository, team }) => `${namespace}/${repository}/${team}`,

  async find(context, { namespace, repository, team }) {
    const { id } = await teamNamed(context.client, namespace, team);
    return (await levelOf(context, { namespace, repository }, id)) && `${namespace}/${repository}/${team}`;
  },
  async create({ client, signal }, { namespace, repository, team, accessLevel }) {
    const { id } = await teamNamed(client, namespace, team);
    await client.repositories.setTeamAccess({ namespace, repository, team, accessLevel }, { signal });
    return { id: `${namespace}/${repository}/${team}`, outputs: { teamId: id } };
  },
  async read(context, id, last) {
    const [namespace = "", repository = "", team = ""] = idParts("dtr:RepositoryTeamAccess", id, "namespace/repository/team");
    const found = await teamOfState(context.client, namespace, { team, teamId: last.teamId });
    const accessLevel = found && (await levelOf(context, { namespace, repository }, found.id));
    return accessLevel && { namespace, repository, team: found.name, accessLevel, teamId: found.id };
  },
  async update({ client, signal }, _id, { namespace, repository, team, accessLevel }, { teamId }) {
    await expectTeam(client, namespace, { team, teamId });
    await client.repositories.setTeamAccess({ namespace, repository, team, accessLevel }, { signal });
    return { teamId };
  },
  async delete({ client, signal }, _id, { namespace, repository, team, teamId }) {
    // Under its present name: the one in the state may be another team's by now.
    const found = await teamOfState(client, namespace, { team, teamId });
    if (found) await unlessGone(client.repositories.deleteTeamAccess({ namespace, repository, team: found.name }, { signal }));
  },
}) {}

/** What a team may do in the repository; undefined without a grant. The API has no call for one grant. */
async function levelOf(
  { client, signal }: Context<DtrClient>,
  place: { readonly namespace: string; readonly repository: string },
  teamId: string,
): Promise<AccessLevel | undefined> {
  const grants = await unlessGone(Array.fromAsync(client.repositories.listTeamAccess(place, { signal })));
  return grants?.find(({ team }) => team.id === teamId)?.accessLevel as AccessLevel | undefined; // a level that is not known differs from every declared one
}
