import type { Project, World } from "./world";

/** Whoever sends a request. */
export interface Principal {
  /** Empty for a client without credentials. */
  readonly name: string;
  readonly administrator: boolean;
  readonly read: readonly string[];
  readonly update: readonly string[];
}

const anonymous: Principal = { name: "", administrator: false, read: [], update: [] };

/** The user of `Basic` credentials `username:usertoken`; `refused` for any other header. */
export function principalOf(world: World, header: string | undefined): Principal | "refused" {
  if (header === undefined) return anonymous;
  const [, encoded] = /^basic +([\w+/=-]+)$/i.exec(header) ?? [];
  const [, name = "", token] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? "", "base64").toString("utf8")) ?? [];
  const user = world.users.get(name);
  if (token === undefined || user?.token !== token) return "refused";
  const { administrator = false, read = [], update = [] } = user;
  return { name, administrator, read, update };
}

/** Reading needs a project over the repository that is public or that the user was given rights to; an administrator reads everything. */
export function mayRead(world: World, principal: Principal, path: string): boolean {
  if (principal.administrator) return true;
  const project = projectOver(world, path);
  if (!project) return false;
  return project.isPublic || reaches([...principal.read, ...principal.update], path);
}

export function mayUpdate(world: World, principal: Principal, path: string): boolean {
  if (principal.administrator) return true;
  return projectOver(world, path) !== undefined && reaches(principal.update, path);
}

/** The repository's own project, or the nearest one above it that has multiple repositories. */
export function projectOver(world: World, path: string): Project | undefined {
  const own = world.projects.get(path);
  if (own) return own;
  const above = ancestors(path).find((ancestor) => world.projects.get(ancestor)?.multiRepo);
  return above === undefined ? undefined : world.projects.get(above);
}

/** `a/b`, `a` of `a/b/c`. */
export function ancestors(path: string): string[] {
  const segments = path.split("/");
  return segments.slice(1).map((_, dropped) => segments.slice(0, segments.length - 1 - dropped).join("/"));
}

function reaches(rights: readonly string[], path: string): boolean {
  return rights.some((right) => (right.endsWith("*") ? path.startsWith(right.slice(0, -1)) : path === right));
}
