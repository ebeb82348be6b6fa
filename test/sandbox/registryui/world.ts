import type { Clock, OciStore } from "../contract";
import type { RegistryUiSwitches } from "./switches";

export interface RegistryUiUser {
  /** The user's Docker token: the password of `Basic`, for the Extended API and `/v2` alike. */
  readonly token: string;
  /** Administrators may do everything. Default: false. */
  readonly administrator?: boolean;
  /** Repositories with a project that the user may read; `team/*` for all whose paths begin so. Public ones everybody may. Default: none. */
  readonly read?: readonly string[];
  /** Those to which the user may push, which includes reading. Default: none. */
  readonly update?: readonly string[];
}

/** What a person may say of a project in the web interface. */
export interface ProjectParts {
  readonly title?: string;
  /** Default: null, as after `project/create`. */
  readonly description?: string;
  /** Default: false. */
  readonly isPublic?: boolean;
  /** "Multiple Repositories": repositories below its path belong to it. Default: false. */
  readonly multiRepo?: boolean;
}

export interface Project {
  readonly title: string | null;
  readonly description: string | null;
  readonly isPublic: boolean;
  readonly multiRepo: boolean;
  readonly createdAt: Date;
}

/** A garbage collection that goes on. */
export interface Collection {
  polls: number;
  readonly until: number;
  /** Does the work and puts the registry online again. */
  readonly finish: () => void;
  readonly finished: Promise<void>;
}

/** All that the simulator knows, beside the images, which are the store's. */
export interface World {
  /** RegistryUI's part of the sandbox's store. */
  readonly store: OciStore;
  readonly clock: Clock;
  readonly switches: RegistryUiSwitches;
  /** Name of the administrator in the start line, who pushed what nobody is known to have pushed. */
  readonly administrator: string;
  readonly users: Map<string, RegistryUiUser>;
  /** By full path. A repository without a project is there for administrators only. */
  readonly projects: Map<string, Project>;
  readonly pulls: Map<string, number>;
  readonly pushedBy: Map<string, string>;
  /** Numbers as a database gives them, by what they are for. */
  readonly ids: Map<string, number>;
  /** Set offline by hand, or left so by a garbage collection that failed. */
  offline: boolean;
  collection?: Collection;
  collectionsDone: number;
}

export function isOffline(world: World): boolean {
  return world.offline || world.collection !== undefined;
}

/** The same number for the same key, as long as the sandbox lives. */
export function idOf(world: World, key: string): number {
  const known = world.ids.get(key) ?? 1_000 + world.ids.size;
  world.ids.set(key, known);
  return known;
}

/** Key of a tag in the maps of the world: neither a path nor a tag holds a colon. */
export function tagKey(repository: string, tag: string): string {
  return `${repository}:${tag}`;
}
