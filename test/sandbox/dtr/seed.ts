import type { AccessLevel, Organization, Team, User } from "./accounts-model";
import type { Repository } from "./repositories-model";
import { organizationNamed, pathOf, teamNamed, userNamed, type World } from "./world";

export interface UserSeed {
  readonly password: string;
  /** System administrator. Default: false. */
  readonly isAdmin?: boolean;
  /** Default: true. */
  readonly isActive?: boolean;
  /** Comes from LDAP. Default: false. */
  readonly isImported?: boolean;
  /** Default: empty. */
  readonly fullName?: string;
}

export interface OrganizationSeed {
  readonly fullName?: string;
  /** Users by name; `admin` owns the organization. Members of teams are members anyway. Default: none. */
  readonly members?: Readonly<Record<string, "admin" | "member">>;
  /** Teams by name. */
  readonly teams?: Readonly<Record<string, TeamSeed>>;
}

export interface TeamSeed {
  readonly description?: string;
  /** Names of users, who become members of the organization. */
  readonly members?: readonly string[];
  /** Access to every repository of the organization. Default: none. */
  readonly access?: AccessLevel;
}

export interface RepositorySeed extends Partial<Pick<Repository, "shortDescription" | "longDescription" | "visibility">> {
  readonly scanOnPush?: boolean;
  readonly immutableTags?: boolean;
  /** Default: 0, no limit. */
  readonly tagLimit?: number;
  /** Access of teams of the organization, by name. Default: none. */
  readonly grants?: Readonly<Record<string, AccessLevel>>;
}

/** Adds a user, or throws a sentence when the name is taken. */
export function addUser(world: World, name: string, seed: UserSeed): User {
  free(world, name);
  const { password, isAdmin = false, isActive = true, isImported = false, fullName = "" } = seed;
  const user: User = { kind: "user", id: world.newId(), name, fullName, password, isAdmin, isActive, isImported, contentCache: "" };
  world.accounts.set(user.id, user);
  return user;
}

/** Adds an organization with teams and members; the users must be there. */
export function addOrganization(world: World, name: string, seed: OrganizationSeed = {}): Organization {
  free(world, name);
  const id = world.newId();
  const organization: Organization = {
    kind: "organization",
    id,
    name,
    fullName: seed.fullName ?? "",
    members: new Map(),
    teams: new Map(),
    grants: new Map(),
  };
  world.accounts.set(id, organization);
  for (const [member, role] of Object.entries(seed.members ?? {}))
    organization.members.set(known(world, member).id, { isAdmin: role === "admin", isPublic: false });
  for (const [team, { description = "", members = [], access }] of Object.entries(seed.teams ?? {})) {
    const added = newTeam(world, organization, team, description);
    for (const member of members) joinTeam(organization, added, known(world, member));
    if (access) organization.grants.set(added.id, access);
  }
  return organization;
}

export function newTeam(world: World, organization: Organization, name: string, description: string): Team {
  const team: Team = { id: world.newId(), orgID: organization.id, name, description, members: new Map(), memberSync: {}, groupLink: {} };
  organization.teams.set(team.id, team);
  return team;
}

/** Whoever is member of a team is member of its organization. */
export function joinTeam(organization: Organization, team: Team, { id }: User, isAdmin = false): void {
  if (!organization.members.has(id)) organization.members.set(id, { isAdmin: false, isPublic: false });
  team.members.set(id, { isAdmin, isPublic: false });
}

/** Adds a repository below an account that is there; what was put into the store at its place before is its own. */
export function addRepository(world: World, path: string, seed: RepositorySeed = {}): Repository {
  const [namespace = "", name = "", ...more] = path.split("/");
  if (name === "" || more.length > 0) throw new Error(`A repository is namespace/name, not ${path}.`);
  const organization = organizationNamed(world, namespace);
  if (!organization && !userNamed(world, namespace)) throw new Error(`There is no account ${namespace} for the repository ${path}.`);
  const repository: Repository = {
    id: world.newId(),
    namespace,
    name,
    shortDescription: seed.shortDescription ?? "",
    longDescription: seed.longDescription ?? "",
    visibility: seed.visibility ?? world.switches.defaultVisibility,
    scanOnPush: seed.scanOnPush ?? false,
    immutableTags: seed.immutableTags ?? false,
    enableManifestLists: false,
    tagLimit: seed.tagLimit ?? 0,
    pulls: 0,
    pushes: 0,
    grants: new Map(),
    promotionPolicies: new Map(),
    pruningPolicies: new Map(),
    pushMirroringPolicies: new Map(),
    pollMirroringPolicies: new Map(),
    signed: new Set(),
    notes: new Map(),
  };
  for (const [team, level] of Object.entries(seed.grants ?? {})) {
    const found = organization && teamNamed(organization, team);
    if (!found) throw new Error(`There is no team ${team} in ${namespace} for the repository ${path}.`);
    repository.grants.set(found.id, level);
  }
  world.repositories.set(pathOf(repository), repository);
  return repository;
}

/** UUIDs of version 4, counted, so that they are the same in every run. */
export function counting(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `00000000-0000-4000-8000-${count.toString(16).padStart(12, "0")}`;
  };
}

function free(world: World, name: string): void {
  if (userNamed(world, name) || organizationNamed(world, name)) throw new Error(`There is an account ${name} already.`);
}

function known(world: World, name: string): User {
  const user = userNamed(world, name);
  if (!user) throw new Error(`There is no user ${name}.`);
  return user;
}
