import type { Account, Membership, Team, User } from "../accounts-model";
import { accountView } from "../repository-view";
import type { World } from "../world";

/** An account as this API shows it: with two keys more. */
export function enziAccount(account: Account) {
  const isUser = account.kind === "user";
  return { ...accountView(account), onDemand: false, ...(isUser && { otpEnabled: false }) };
}

export function enziTeam({ id, orgID, name, description, members }: Team) {
  return { id, orgID, name, description, membersCount: members.size };
}

export interface Member {
  readonly user: User;
  readonly membership: Membership;
}

export function memberView({ user, membership }: Member) {
  return { member: enziAccount(user), isAdmin: membership.isAdmin, isPublic: membership.isPublic };
}

/** Members by name. */
export function membersOf(world: World, members: ReadonlyMap<string, Membership>): readonly Member[] {
  const found = [...members].flatMap(([id, membership]) => {
    const user = world.accounts.get(id);
    return user?.kind === "user" ? [{ user, membership }] : [];
  });
  return found.sort((a, b) => (a.user.name < b.user.name ? -1 : 1));
}
