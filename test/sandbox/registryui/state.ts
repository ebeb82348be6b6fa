import type { RegistryUiSwitches } from "./switches";
import type { Project, ProjectParts, RegistryUiUser, World } from "./world";
import { isOffline } from "./world";

/** What a test may look at and turn from the outside, beside the API. */
export interface RegistryUiState {
  /** May be changed at any time, `prefix` excepted. */
  readonly switches: RegistryUiSwitches;
  /** By hand or because garbage is being collected. */
  readonly offline: boolean;
  readonly collecting: boolean;
  /** Garbage collections that are over. */
  readonly collections: number;
  readonly projects: ReadonlyMap<string, Project>;
  /** As a person does it in the web interface. */
  setOffline(offline: boolean): void;
  /** Adds a project, or changes one: for titles, visibility and multiple repositories there is no call. */
  addProject(path: string, parts?: ProjectParts): void;
  /** Removes a project and leaves its images. */
  removeProject(path: string): void;
  addUser(name: string, user: RegistryUiUser): void;
  /** Ends the garbage collection that goes on, so that its request is answered. Throws when there is none. */
  endGarbageCollection(): void;
  /** Ends whatever still waits. */
  close(): void;
}

export function createState(world: World): RegistryUiState {
  return {
    switches: world.switches,
    get offline() {
      return isOffline(world);
    },
    get collecting() {
      return world.collection !== undefined;
    },
    get collections() {
      return world.collectionsDone;
    },
    projects: world.projects,
    setOffline: (offline) => {
      world.offline = offline;
    },
    addProject: (path, { title, description, isPublic = false, multiRepo = false } = {}) => {
      const createdAt = world.projects.get(path)?.createdAt ?? world.clock.now();
      world.projects.set(path, { title: title ?? null, description: description ?? null, isPublic, multiRepo, createdAt });
    },
    removeProject: (path) => void world.projects.delete(path),
    addUser: (name, user) => void world.users.set(name, user),
    endGarbageCollection: () => {
      if (!world.collection) throw new Error("No garbage collection is going on in the sandbox's RegistryUI.");
      world.collection.finish();
    },
    close: () => world.collection?.finish(),
  };
}
