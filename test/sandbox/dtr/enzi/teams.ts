import type { SandboxResponse } from "../../contract";
import { organizationOf } from "../access";
import type { Team } from "../accounts-model";
import { type Call, form, parameter, text } from "../call";
import { Refusal, refusal } from "../errors";
import { deleteTeam } from "../membership";
import { accountPage, sortedBy } from "../paging";
import { listed, type Route } from "../route";
import { newTeam } from "../seed";
import { teamNamed } from "../world";
import { enziTeam } from "./views";

const TEAMS = "/enzi/v0/accounts/{organization}/teams";

export const teamRoutes: readonly Route[] = [
  { method: "GET", path: TEAMS, who: { organization: "member" }, list: true, run: list },
  { method: "POST", path: TEAMS, who: { organization: "owner" }, run: create },
  {
    method: "GET",
    path: `${TEAMS}/{team}`,
    who: { organization: "member" },
    run: (call) => ({ status: 200, json: enziTeam(teamOf(call)) }),
  },
  { method: "PATCH", path: `${TEAMS}/{team}`, who: { organization: "owner" }, run: update },
  { method: "DELETE", path: `${TEAMS}/{team}`, who: { organization: "owner" }, run: remove },
  { method: "GET", path: `${TEAMS}/{team}/memberSyncConfig`, who: { organization: "owner" }, run: readSync },
  { method: "PUT", path: `${TEAMS}/{team}/memberSyncConfig`, who: { organization: "owner" }, run: setSync },
  { method: "GET", path: `${TEAMS}/{team}/groupLinkConfig`, who: { organization: "owner" }, run: readLink },
  { method: "PUT", path: `${TEAMS}/{team}/groupLinkConfig`, who: { organization: "owner" }, run: setLink },
];

/** LDAP, switched off. */
const NO_SYNC = {
  enableSync: false,
  selectGroupMembers: false,
  groupDN: "",
  groupMemberAttr: "",
  searchBaseDN: "",
  searchScopeSubtree: false,
  searchFilter: "",
};

const NAME = /^[a-z0-9][a-z0-9_.-]*$/i;

/** The team of the path, by name or id. */
export function teamOf(call: Call): Team {
  const team = teamNamed(organizationOf(call, "organization", "member"), parameter(call, "team"));
  if (!team) throw refusal("NO_SUCH_TEAM");
  return team;
}

function list(call: Call): SandboxResponse {
  const all = [...organizationOf(call, "organization", "member").teams.values()];
  const { items, headers, next } = accountPage(
    call,
    sortedBy(all, ({ name }) => name),
    ({ name }) => name,
  );
  return { status: 200, headers, json: { teams: listed(call.world, items.map(enziTeam)), nextPageStart: next, resourceCount: all.length } };
}

function create(call: Call): SandboxResponse {
  const organization = organizationOf(call, "organization", "owner");
  const fields = form(call);
  const name = freeName(call, text(fields, "name") ?? "");
  return { status: 201, json: enziTeam(newTeam(call.world, organization, name, text(fields, "description") ?? "")) };
}

/** Only the keys that are there. */
function update(call: Call): SandboxResponse {
  const team = teamOf(call);
  const fields = form(call);
  const name = text(fields, "name");
  if (name !== undefined && name !== team.name) team.name = freeName(call, name);
  team.description = text(fields, "description") ?? team.description;
  return { status: 200, json: enziTeam(team) };
}

function remove(call: Call): SandboxResponse {
  deleteTeam(call.world, organizationOf(call, "organization", "owner"), teamOf(call));
  return { status: 204 };
}

function readSync(call: Call): SandboxResponse {
  return { status: 200, json: { ...NO_SYNC, ...teamOf(call).memberSync } };
}

/** Replaces what was there. */
function setSync(call: Call): SandboxResponse {
  teamOf(call).memberSync = form(call);
  return readSync(call);
}

function readLink(call: Call): SandboxResponse {
  return { status: 200, json: { ...teamOf(call).groupLink } };
}

/** No text says its keys: what is given is kept. */
function setLink(call: Call): SandboxResponse {
  teamOf(call).groupLink = form(call);
  return readLink(call);
}

function freeName(call: Call, name: string): string {
  if (!NAME.test(name)) throw new Refusal(400, "INVALID_FORM", `The team name '${name}' is not valid.`);
  const taken = teamNamed(organizationOf(call, "organization", "owner"), name);
  if (taken) throw new Refusal(409, "TEAM_EXISTS", `A team with the name '${name}' exists already.`);
  return name;
}
