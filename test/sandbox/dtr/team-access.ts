import type { SandboxResponse } from "../contract";
import { organizationOf, repositoryOf } from "./access";
import { ACCESS_LEVELS, type AccessLevel, type Organization, type Team } from "./accounts-model";
import { type Call, form, parameter, text } from "./call";
import { Refusal, refusal } from "./errors";
import { page } from "./paging";
import type { Repository } from "./repositories-model";
import { repositoryView, teamView } from "./repository-view";
import { absent, listed, type Route } from "./route";
import { organizationNamed, teamNamed, type World } from "./world";

const NAMESPACE = "/api/v0/repositoryNamespaces/{namespace}/teamAccess";
const REPOSITORY = "/api/v0/repositories/{namespace}/{repository}/teamAccess";

/** Who lists and sets the access of teams: to all repositories of an organization, and to one of them. */
export const teamAccessRoutes: readonly Route[] = [
  { method: "GET", path: NAMESPACE, who: { namespace: "member" }, list: true, run: listOfNamespace },
  { method: "GET", path: `${NAMESPACE}/{team}`, who: { namespace: "admin" }, run: readOfNamespace },
  { method: "PUT", path: `${NAMESPACE}/{team}`, who: { namespace: "admin" }, run: setOfNamespace },
  { method: "DELETE", path: `${NAMESPACE}/{team}`, who: { namespace: "admin" }, run: removeOfNamespace },
  { method: "GET", path: REPOSITORY, who: { repository: "admin" }, list: true, run: listOfRepository },
  { method: "PUT", path: `${REPOSITORY}/{team}`, who: { repository: "admin" }, run: setOfRepository },
  { method: "DELETE", path: `${REPOSITORY}/{team}`, who: { repository: "admin" }, run: removeOfRepository },
];

function listOfNamespace(call: Call): SandboxResponse {
  const organization = organizationOf(call, "namespace", "member");
  const { items, headers } = grantsPage(call, organization, organization.grants);
  return { status: 200, headers, json: { namespace: organization.name, teamAccessList: listed(call.world, items) } };
}

function readOfNamespace(call: Call): SandboxResponse {
  const organization = organizationOf(call, "namespace", "admin");
  const team = teamNamed(organization, parameter(call, "team"));
  const accessLevel = team && organization.grants.get(team.id);
  if (!team || !accessLevel)
    throw new Refusal(404, "NO_SUCH_NAMESPACE_TEAM_ACCESS", `The team has no access to the namespace ${organization.name}.`);
  return { status: 200, json: { ...grantView(call, team, accessLevel), namespace: organization.name } };
}

function setOfNamespace(call: Call): SandboxResponse {
  const organization = organizationOf(call, "namespace", "admin");
  const team = existingTeam(call, organization);
  const accessLevel = levelOf(call);
  organization.grants.set(team.id, accessLevel);
  return { status: 200, json: { ...grantView(call, team, accessLevel), namespace: organization.name } };
}

/** 204 also without a grant, or without the team. */
function removeOfNamespace(call: Call): SandboxResponse {
  const organization = organizationOf(call, "namespace", "admin");
  const team = teamNamed(organization, parameter(call, "team"));
  if (!team || !organization.grants.delete(team.id)) return absent(call.world, refusal("NO_SUCH_TEAM"));
  return { status: 204 };
}

function listOfRepository(call: Call): SandboxResponse {
  const repository = repositoryOf(call, "admin");
  const { items, headers } = grantsPage(call, ownerOf(call.world, repository), repository.grants);
  return { status: 200, headers, json: { repository: repositoryView(call.world, repository), teamAccessList: listed(call.world, items) } };
}

function setOfRepository(call: Call): SandboxResponse {
  const { world } = call;
  const repository = repositoryOf(call, "admin");
  const organization = ownerOf(world, repository);
  const team = existingTeam(call, organization);
  const level = levelOf(call);
  repository.grants.set(team.id, level);
  const list = (grants: readonly object[]) => ({ repository: repositoryView(world, repository), teamAccessList: grants });
  switch (world.switches.repositoryGrantBody) {
    case "list":
      return { status: 200, json: list(grantsOf(call, organization, repository.grants)) };
    case "one":
      return { status: 200, json: list([grantView(call, team, level)]) };
    case "grant":
      return { status: 200, json: grantView(call, team, level) };
    case "empty":
      return { status: 200 };
  }
}

function removeOfRepository(call: Call): SandboxResponse {
  const repository = repositoryOf(call, "admin");
  const team = teamNamed(ownerOf(call.world, repository), parameter(call, "team"));
  if (!team || !repository.grants.delete(team.id)) return absent(call.world, refusal("NO_SUCH_TEAM"));
  return { status: 204 };
}

/** The organization of a repository; 400 for a user's. */
function ownerOf(world: World, { namespace }: Repository): Organization {
  const organization = organizationNamed(world, namespace);
  if (!organization) throw refusal("INVALID_PARAMETERS", `The repository is not owned by an organization.`);
  return organization;
}

/** The team of the path: 400 for a team of another organization, 404 for none at all. */
function existingTeam(call: Call, organization: Organization): Team {
  const name = parameter(call, "team");
  const team = teamNamed(organization, name);
  if (team) return team;
  const others = [...call.world.accounts.values()].filter((account) => account.kind === "organization");
  const elsewhere = others.some((other) => other.teams.has(name));
  throw elsewhere ? refusal("INVALID_PARAMETERS", `The team does not belong to ${organization.name}.`) : refusal("NO_SUCH_TEAM");
}

function levelOf(call: Call): AccessLevel {
  const given = text(form(call), "accessLevel") ?? "";
  const level = ACCESS_LEVELS.find((one) => one === given);
  if (!level) throw refusal("INVALID_PARAMETERS", `The access level '${given}' is not valid: ${ACCESS_LEVELS.join(", ")}.`);
  return level;
}

function grantsPage(call: Call, organization: Organization, grants: ReadonlyMap<string, AccessLevel>) {
  return page(call, grantsOf(call, organization, grants), ({ team }) => team.id);
}

/** Of teams that went meanwhile nothing is left. */
function grantsOf(call: Call, { teams }: Organization, grants: ReadonlyMap<string, AccessLevel>) {
  return [...grants].flatMap(([id, level]) => {
    const team = teams.get(id);
    return team ? [grantView(call, team, level)] : [];
  });
}

function grantView({ principal }: Call, team: Team, accessLevel: AccessLevel) {
  return { accessLevel, team: teamView(team, principal) };
}
