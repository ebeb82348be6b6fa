import type { SandboxResponse } from "../../contract";
import { organizationOf } from "../access";
import type { Membership, Organization, Team, User } from "../accounts-model";
import { argument, bool, type Call, form, parameter } from "../call";
import { Refusal, refusal } from "../errors";
import { leave } from "../membership";
import { accountPage } from "../paging";
import { absent, listed, type Route } from "../route";
import { joinTeam } from "../seed";
import { userNamed } from "../world";
import { teamOf } from "./teams";
import { membersOf, memberView } from "./views";

const OF_ORGANIZATION = "/enzi/v0/accounts/{organization}/members";
const OF_TEAM = "/enzi/v0/accounts/{organization}/teams/{team}/members";

export const memberRoutes: readonly Route[] = [
  {
    method: "GET",
    path: OF_ORGANIZATION,
    who: { organization: "member" },
    list: true,
    run: (call) => list(call, organization(call).members),
  },
  {
    method: "GET",
    path: `${OF_ORGANIZATION}/{user}`,
    who: { organization: "member" },
    run: (call) => read(call, organization(call).members),
  },
  { method: "PUT", path: `${OF_ORGANIZATION}/{user}`, who: { organization: "owner" }, run: setInOrganization },
  { method: "DELETE", path: `${OF_ORGANIZATION}/{user}`, who: { organization: "owner" }, run: removeFromOrganization },
  { method: "GET", path: OF_TEAM, who: { organization: "member" }, list: true, run: (call) => list(call, teamOf(call).members) },
  { method: "GET", path: `${OF_TEAM}/{user}`, who: { organization: "member" }, run: (call) => read(call, teamOf(call).members) },
  { method: "PUT", path: `${OF_TEAM}/{user}`, who: { organization: "owner" }, run: setInTeam },
  { method: "DELETE", path: `${OF_TEAM}/{user}`, who: { organization: "owner" }, run: removeFromTeam },
];

function list(call: Call, members: ReadonlyMap<string, Membership>): SandboxResponse {
  const filter = argument(call, "filter") ?? "all";
  const wanted = membersOf(call.world, members).filter(
    ({ membership }) => filter === "all" || membership.isAdmin === (filter === "admins"),
  );
  const { items, headers, next } = accountPage(call, wanted, ({ user }) => user.name);
  const json = { members: listed(call.world, items.map(memberView)), nextPageStart: next, resourceCount: wanted.length };
  return { status: 200, headers, json };
}

function read(call: Call, members: ReadonlyMap<string, Membership>): SandboxResponse {
  const user = userOf(call);
  const membership = members.get(user.id);
  if (!membership) throw noSuchMember(user);
  return { status: 200, json: memberView({ user, membership }) };
}

function setInOrganization(call: Call): SandboxResponse {
  const { members } = organization(call);
  const user = userOf(call);
  const membership = members.get(user.id) ?? { isAdmin: false, isPublic: false };
  members.set(user.id, membership);
  return changed(call, user, membership);
}

function removeFromOrganization(call: Call): SandboxResponse {
  const user = userOf(call);
  return leave(organization(call), user.id) ? { status: 204 } : absent(call.world, noSuchMember(user));
}

/** Whoever joins a team joins the organization. */
function setInTeam(call: Call): SandboxResponse {
  const team: Team = teamOf(call);
  const user = userOf(call);
  if (!team.members.has(user.id)) joinTeam(organization(call), team, user);
  const membership = team.members.get(user.id);
  if (!membership) throw new Error(`${user.name} did not join ${team.name}`);
  return changed(call, user, membership);
}

function removeFromTeam(call: Call): SandboxResponse {
  const user = userOf(call);
  return teamOf(call).members.delete(user.id) ? { status: 204 } : absent(call.world, noSuchMember(user));
}

/** Only the keys that are there; the body may be `{}`, or missing. */
function changed(call: Call, user: User, membership: Membership): SandboxResponse {
  const fields = call.request.body.length === 0 ? {} : form(call);
  membership.isAdmin = bool(fields, "isAdmin") ?? membership.isAdmin;
  membership.isPublic = bool(fields, "isPublic") ?? membership.isPublic;
  return { status: 200, json: memberView({ user, membership }) };
}

function organization(call: Call): Organization {
  return organizationOf(call, "organization", "member");
}

function userOf(call: Call): User {
  const user = userNamed(call.world, parameter(call, "user"));
  if (!user) throw refusal("NO_SUCH_ACCOUNT");
  return user;
}

function noSuchMember({ name }: User): Refusal {
  return new Refusal(404, "NO_SUCH_MEMBER", `${name} is not a member.`);
}
