import type { Principal } from "./access";
import type { Account, Team } from "./accounts-model";
import type { Repository } from "./repositories-model";
import { organizationNamed, type World } from "./world";

/** `responses.Repository`; `longDescription` stands in answers about one repository, in lists by the switch. */
export function repositoryView(world: World, repository: Repository, place: "single" | "list" = "list") {
  const { id, namespace, name, shortDescription, longDescription, visibility } = repository;
  const { scanOnPush, immutableTags, enableManifestLists, tagLimit, pulls, pushes } = repository;
  const namespaceType = organizationNamed(world, namespace) ? "organization" : "user";
  const described = place === "single" || world.switches.listedDescriptions === "present";
  const before = { id, namespace, namespaceType, name, shortDescription, ...(described && { longDescription }), visibility };
  const flags = { scanOnPush, immutableTags, enableManifestLists, pulls, pushes };
  return { ...before, ...flags, ...(world.switches.tagLimits === "present" && { tagLimit }) };
}

/** `responses.Account`. */
export function accountView(account: Account) {
  const { id, name, fullName } = account;
  if (account.kind === "organization") {
    return { name, id, fullName, isOrg: true, membersCount: account.members.size, teamsCount: account.teams.size };
  }
  const { isAdmin, isActive, isImported } = account;
  return { name, id, fullName, isOrg: false, isAdmin, isActive, isImported };
}

/** `responses.Team`: without a name. */
export function teamView({ id, members }: Team, { user }: Principal) {
  return { id, clientUserIsMember: user !== undefined && members.has(user.id) };
}
