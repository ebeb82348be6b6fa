import type { DtrClient, Repository, Team } from "../../registries/dtr";
import type { Survey } from "../survey";
import * as sections from "./sections";

/** What else depends on accounts. */
export interface Accounts {
  /** Names of users; empty where they cannot be listed. */
  readonly users: readonly string[];
  /** Names of users and organizations that have something. */
  readonly namespaces: readonly string[];
  /** Teams by organization and id. */
  readonly teams: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Whether the list says that this user is a system administrator. */
  readonly isAdministrator: boolean;
}

/** Users, organizations, teams, who is in them, and what teams may do in a whole namespace. */
export async function findAccounts(client: DtrClient, survey: Survey, repositories: readonly Repository[]): Promise<Accounts> {
  const { signal } = survey;
  const listed = await survey.list("users and organizations", client.enzi.accounts.list({}, { signal }));
  const users = listed.filter(({ isOrg }) => !isOrg).map(({ name }) => name);
  // Who may not list accounts sees the owners of the repositories all the same.
  const seen = repositories.filter(({ namespaceType }) => namespaceType === "organization").map(({ namespace }) => namespace);
  const organizations = [...new Set([...listed.filter(({ isOrg }) => isOrg).map(({ name }) => name), ...seen])].sort();
  for (const { name, isOrg, isImported } of listed) {
    if (isOrg) continue;
    const reason =
      name === client.username
        ? "the import logs in as this user, and a program that logs in as a user can never destroy it"
        : isImported
          ? "the user comes from LDAP: a program would make active again whom the directory has switched off"
          : undefined;
    if (reason === undefined) survey.add({ kind: "User", id: name, label: name, section: sections.users, under: name });
    else if (survey.wants("User") && survey.includes(name)) survey.skip(`User ${name}`, reason);
  }
  for (const name of organizations) survey.add({ kind: "Organization", id: name, label: name, section: sections.namespace(name) });
  const teams = new Map<string, ReadonlyMap<string, string>>();
  await survey.each(organizations, async (organization) => {
    teams.set(organization, await findTeams(client, survey, organization));
  });
  const isAdministrator = listed.some(({ name, isOrg, isAdmin }) => !isOrg && name === client.username && isAdmin === true);
  return { users, teams, namespaces: [...new Set([...organizations, ...users])].sort(), isAdministrator };
}

/** All of one organization but its repositories. Gives its teams' names by id. */
async function findTeams(client: DtrClient, survey: Survey, organization: string): Promise<ReadonlyMap<string, string>> {
  const { signal } = survey;
  const section = sections.namespace(organization);
  if (survey.wants("OrganizationMember"))
    for (const { member } of await survey.list(`members of ${organization}`, client.enzi.members.list({ organization }, { signal }))) {
      const path = `${organization}/${member.name}`;
      survey.add({ kind: "OrganizationMember", id: path, label: path, section });
    }
  if (!survey.wants("Team", "TeamMember", "NamespaceTeamAccess", "RepositoryTeamAccess")) return new Map();
  const teams = await survey.list(`teams of ${organization}`, client.enzi.teams.list({ organization }, { signal }));
  for (const team of teams) await findTeam(client, survey, organization, team);
  const names = new Map(teams.map(({ id, name }) => [id, name]));
  if (survey.wants("NamespaceTeamAccess"))
    for (const { team } of await survey.list(
      `teams' access to ${organization}`,
      client.repositoryNamespaces.listTeamAccess({ namespace: organization }, { signal }),
    )) {
      const name = names.get(team.id);
      const path = `${organization}/${name ?? team.id}`;
      if (name === undefined) survey.skip(`NamespaceTeamAccess ${path}`, "the team is not among those that this user may see");
      else survey.add({ kind: "NamespaceTeamAccess", id: path, label: path, section });
    }
  return names;
}

async function findTeam(client: DtrClient, survey: Survey, organization: string, { id, name }: Team): Promise<void> {
  const path = `${organization}/${name}`;
  const section = sections.namespace(organization);
  survey.add({ kind: "Team", id: `${organization}/${id}`, label: path, section });
  if (!survey.wants("TeamMember") || !survey.includes(path)) return;
  const { signal } = survey;
  const members = await survey.list(`members of the team ${path}`, client.enzi.teamMembers.list({ organization, team: id }, { signal }));
  const synced = members.length > 0 && (await isSynced(client, survey, organization, id));
  for (const { member } of members) {
    const label = `${path}/${member.name}`;
    if (synced) survey.skip(`TeamMember ${label}`, "LDAP says who is in this team: a program would put back whom the directory takes out");
    else survey.add({ kind: "TeamMember", id: label, label, section }, path);
  }
}

/** Whether a team's members come from LDAP. Only owners of the organization may ask; who may not is told by the read of the team. */
async function isSynced(client: DtrClient, survey: Survey, organization: string, team: string): Promise<boolean> {
  try {
    return (await client.enzi.memberSync.get({ organization, team }, { signal: survey.signal })).enableSync;
  } catch (error) {
    if ((await survey.reasonToSkip(error)) === undefined) throw error;
    return false;
  }
}
