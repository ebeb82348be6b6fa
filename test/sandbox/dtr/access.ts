import type { SandboxRequest } from "../contract";
import { ACCESS_LEVELS, type AccessLevel, type Account, type Organization, type User } from "./accounts-model";
import { type Call, parameter } from "./call";
import { refusal } from "./errors";
import type { Repository } from "./repositories-model";
import { accountNamed, hashToken, organizationNamed, userNamed, type World } from "./world";

/** Whoever sends a request; without a user an anonymous client. */
export interface Principal {
  readonly user?: User;
}

/** Id of the user, for events and tags; empty for an anonymous client. */
export function actorOf({ user }: Principal): string {
  return user?.id ?? "";
}

export function isAdministrator({ user }: Principal): boolean {
  return user?.isAdmin === true;
}

/** The user of the credentials; `refused` when they are wrong. `subjectOf` tells whose a bearer token is. */
export function principalOf(
  world: World,
  { headers, fault }: SandboxRequest,
  subjectOf: (authorization: string) => string | undefined,
): Principal | "refused" {
  const { authorization } = headers;
  if (fault === "expired-session") return "refused";
  if (authorization === undefined) return {};
  const [, encoded] = /^basic +([\w+/=-]+)$/i.exec(authorization) ?? [];
  if (encoded === undefined) {
    const subject = subjectOf(authorization);
    const user = subject === undefined ? undefined : userNamed(world, subject);
    return user?.isActive ? { user } : "refused";
  }
  const [, name = "", password = ""] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString("utf8")) ?? [];
  const user = userNamed(world, name);
  return user && accepts(world, user, password) ? { user } : "refused";
}

/** True for the user's password, and for an active access token of his in its place, which is used thereby. */
export function accepts(world: World, user: User, password: string): boolean {
  if (!user.isActive || password === "") return false;
  if (password === user.password) return true;
  const token = world.apiTokens.get(hashToken(password));
  if (token?.owner !== user.id || !token.isActive) return false;
  token.lastUsed = world.clock.now();
  return true;
}

/**
 * What somebody may do in a repository: everything as system administrator, in his own namespace, and as administrator of the organization;
 * what is granted to his teams, for the repository or the whole namespace; else reading when it is public. Undefined: he may not see it.
 */
export function levelIn(world: World, { user }: Principal, repository: Repository): AccessLevel | undefined {
  const levels: AccessLevel[] = repository.visibility === "public" ? ["read-only"] : [];
  if (user) {
    if (user.isAdmin || repository.namespace === user.name) return "admin";
    const organization = organizationNamed(world, repository.namespace);
    if (organization?.members.get(user.id)?.isAdmin) return "admin";
    for (const [id, { members }] of organization?.teams ?? []) {
      if (!members.has(user.id)) continue;
      for (const level of [organization?.grants.get(id), repository.grants.get(id)]) if (level) levels.push(level);
    }
  }
  return ACCESS_LEVELS.findLast((level) => levels.includes(level));
}

export function reaches(level: AccessLevel | undefined, wanted: AccessLevel): boolean {
  return level !== undefined && ACCESS_LEVELS.indexOf(level) >= ACCESS_LEVELS.indexOf(wanted);
}

/** What somebody is in a namespace, the least first. `admin` by a grant to his team, of which the account API knows nothing; `owner` for both APIs. */
const STANDINGS = ["none", "member", "admin", "owner"] as const;
export type Standing = (typeof STANDINGS)[number];

/** Whether somebody is this much in a namespace: as a whole, beyond what its repositories give him. */
export function standsAs(world: World, principal: Principal, account: Account, wanted: Standing): boolean {
  return STANDINGS.indexOf(standingIn(world, principal, account)) >= STANDINGS.indexOf(wanted);
}

function standingIn(world: World, { user }: Principal, account: Account): Standing {
  if (!user) return "none";
  if (user.isAdmin || account.id === user.id) return "owner";
  if (account.kind === "user") return "none";
  const member = account.members.get(user.id);
  if (!member) return "none";
  if (member.isAdmin) return "owner";
  const granted = [...account.teams.values()].some(({ id, members }) => members.has(user.id) && account.grants.get(id) === "admin");
  return granted && world.accounts.has(account.id) ? "admin" : "member";
}

/** The repository of `{namespace}` and `{repository}`, when the caller may do this much with it. Throws the refusal otherwise. */
export function repositoryOf(call: Call, wanted: AccessLevel): Repository {
  return repositoryAt(call, `${parameter(call, "namespace")}/${parameter(call, "repository")}`, wanted);
}

/** The same for a `namespace/name` that a body holds. */
export function repositoryAt({ world, principal }: Call, path: string, wanted: AccessLevel): Repository {
  const repository = world.repositories.get(path);
  const level = repository && levelIn(world, principal, repository);
  if (repository && reaches(level, wanted)) return repository;
  if (!principal.user) throw refusal("NOT_AUTHENTICATED");
  if (level) throw refusal("NOT_AUTHORIZED");
  throw refusal(world.switches.unseen === "403" && !isAdministrator(principal) ? "NOT_AUTHORIZED" : "NO_SUCH_REPOSITORY");
}

/** The account of `{namespace}` (or another part of the path), when the caller is this much in it. */
export function accountOf(call: Call, name: string, wanted: Standing): Account {
  const account = accountNamed(call.world, parameter(call, name));
  if (!account) throw refusal("NO_SUCH_ACCOUNT");
  if (!standsAs(call.world, call.principal, account, wanted)) throw refusal("NOT_AUTHORIZED");
  return account;
}

/** The same for what must be an organization; `code` for an account that is none. */
export function organizationOf(call: Call, name: string, wanted: Standing): Organization {
  const account = accountOf(call, name, wanted);
  if (account.kind !== "organization") throw refusal("INVALID_PARAMETERS", `The account ${account.name} is not an organization.`);
  return account;
}
