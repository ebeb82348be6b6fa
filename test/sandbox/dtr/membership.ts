import type { Account, Organization, Team } from "./accounts-model";
import { repositoriesIn } from "./repositories";
import type { World } from "./world";

/** Takes an account away with everything that hangs on it: memberships, grants, tokens. Its repositories must be gone. */
export function deleteAccount(world: World, account: Account): void {
  world.accounts.delete(account.id);
  if (account.kind === "organization") return;
  for (const other of world.accounts.values()) if (other.kind === "organization") leave(other, account.id);
  for (const token of [...world.apiTokens.values()]) if (token.owner === account.id) world.apiTokens.delete(token.hashedToken);
}

/** Whoever leaves an organization leaves its teams. */
export function leave(organization: Organization, userId: string): boolean {
  for (const team of organization.teams.values()) team.members.delete(userId);
  return organization.members.delete(userId);
}

/** With the team go its grants. */
export function deleteTeam(world: World, organization: Organization, team: Team): void {
  organization.teams.delete(team.id);
  organization.grants.delete(team.id);
  for (const repository of repositoriesIn(world, organization.name)) repository.grants.delete(team.id);
}
