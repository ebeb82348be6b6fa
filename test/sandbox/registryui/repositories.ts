import type { StoredRepository } from "../contract";
import { argument, flag, type Operation, required } from "./call";
import { dateText } from "./dates";
import { page } from "./list";
import { exists, Refusal } from "./refusal";
import { ancestors, mayRead } from "./users";
import { idOf, type Project, type World } from "./world";

/** The names that a Docker registry takes. */
const PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

/** What was pushed, and projects. What the user may not read is left out without a word. */
export const listRepositories: Operation = (call) => {
  const { world, principal } = call;
  const folder = argument(call, "folder")?.replace(/^\/+|\/+$/g, "");
  const paths = allPaths(world).filter((path) => mayRead(world, principal, path) && (!folder || isIn(world, folder, path)));
  const { total, items } = page(call, paths, (path) => path);
  return { total, count: items.length, entries: items.map((path) => repositoryEntry(world, path)) };
};

/** Who may read and push is said in the web interface afterwards: until then the project is the administrators'. */
export const createProject: Operation = (call) => {
  const { world } = call;
  const path = required(call, "repository");
  if (path.length > 255 || !PATH.test(path)) throw new Refusal(`The repository name '${path}' is not valid.`);
  const isPublic = flag(call, "isPublic") ?? false;
  const taken = world.switches.projectOverRepository === "EXISTS" && world.store.repository(path) !== undefined;
  if (taken || world.projects.has(path)) throw exists();
  const title = argument(call, "title") ?? untitled(world, path);
  world.projects.set(path, { title, description: null, isPublic, multiRepo: false, createdAt: world.clock.now() });
  return { data: repositoryEntry(world, path) };
};

/** Removes whatever is at the path and below it: repositories with all their tags, and projects. Dots and slashes are taken as a file system takes them. */
export const deleteFolder: Operation = (call) => {
  const { world } = call;
  const path = normal(argument(call, "path") ?? "");
  if (path === "" && world.switches.emptyFolder === "refused") throw new Refusal("The argument path is required.");
  const within = (one: string) => path === "" || one === path || one.startsWith(`${path}/`);
  const doomed = [...new Set([...world.projects.keys(), ...world.store.repositories().map(({ name }) => name)])].filter(within);
  if (doomed.length === 0) {
    if (world.switches.unknown === "silent") return { data: false };
    throw new Refusal(`The folder '${path}' does not exist.`, 404);
  }
  for (const one of doomed) {
    world.projects.delete(one);
    world.store.deleteRepository(one);
  }
  return { data: true };
};

/** The first fields are the supported ones; the others stand in the vendor's sample, "used internally". */
function repositoryEntry(world: World, path: string) {
  const project = world.projects.get(path);
  const repository = world.store.repository(path);
  const description = project?.description ?? null;
  const html = description === null ? null : `<p>${description}</p>`;
  const supported = {
    fullPath: path,
    name: path.split("/").at(-1),
    title: project?.title ?? null,
    description: { text: description, html },
    isPublic: project?.isPublic ?? false,
    created: dateText(world, project?.createdAt ?? repository?.createdAt ?? world.clock.now()),
    updated: updatedOf(world, project, repository),
  };
  if (world.switches.otherFields === "absent") return { ...supported, description: { html } };
  return { ...supported, ...otherFields(world, path, project, repository) };
}

function otherFields(world: World, path: string, project: Project | undefined, repository: StoredRepository | undefined) {
  const updaters = { groupId: 1_000 };
  return {
    id: idOf(world, path),
    tenantId: 1,
    available: true,
    level: path.split("/").length - 1,
    isProject: project !== undefined,
    isRepository: repository !== undefined,
    lowerLevelProjects: [...world.projects.keys()].filter((other) => other.startsWith(`${path}/`)).length,
    hasParentProject: ancestors(path).some((ancestor) => world.projects.has(ancestor)),
    deletingUser: 0,
    multiRepo: project?.multiRepo ?? false,
    updateGroupIdList: [updaters],
    readGroupIdList: [updaters, { groupId: 1_001 }],
    updateGroupIds: [1_000, 1_015],
    readGroupIds: [1_000, 1_015, 1_001, 1_014],
    readUsersGroupId: 1_014,
    updateUsersGroupId: 1_015,
  };
}

/** Null as long as nothing happened since it was created. */
function updatedOf(world: World, project: Project | undefined, repository: StoredRepository | undefined): string | null {
  if (!repository) return null;
  const createdAt = project?.createdAt ?? repository.createdAt;
  return repository.updatedAt > createdAt ? dateText(world, repository.updatedAt) : null;
}

function allPaths(world: World): readonly string[] {
  const pushed = world.store.repositories().map(({ name }) => name);
  return world.switches.emptyProjects === "hidden" ? pushed : [...new Set([...pushed, ...world.projects.keys()])];
}

function isIn({ switches }: World, folder: string, path: string): boolean {
  const below = path.startsWith(`${folder}/`);
  switch (switches.folderLists) {
    case "below":
      return below;
    case "below-and-itself":
      return below || path === folder;
    case "direct":
      return below && !path.slice(folder.length + 1).includes("/");
    case "beginning":
      return path.startsWith(folder);
  }
}

function untitled({ switches }: World, path: string): string | null {
  if (switches.noTitle === "name") return path.split("/").at(-1) ?? "";
  return switches.noTitle === "empty" ? "" : null;
}

function normal(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split(/[/\\]/)) {
    if (segment === "..") segments.pop();
    else if (segment.trim() !== "" && segment !== ".") segments.push(segment);
  }
  return segments.join("/");
}
