import { createHash } from "node:crypto";
import type { Clock, Handler, OciStore } from "../contract";
import type { Account, ApiToken, Organization, Team, User } from "./accounts-model";
import type { DtrEvent, NewEvent } from "./events-model";
import type { Hooks } from "./hooks";
import type { Repository } from "./repositories-model";
import type { DtrSwitches } from "./switches";

export type { AccessLevel, Account, ApiToken, Membership, Organization, Team, User } from "./accounts-model";
export type { Repository, Rule } from "./repositories-model";

/** What a scan found in an image. */
export interface Findings {
  readonly critical: number;
  readonly major: number;
  readonly minor: number;
  readonly licenses: readonly string[];
  readonly components: readonly string[];
}

/** Settings that other areas look at; `meta/settings` has more keys. */
export interface Settings {
  createRepositoryOnPush: boolean;
  readOnlyRegistry: boolean;
  scanningEnabled: boolean;
  [name: string]: unknown;
}

/** All that the simulator knows, beside the images, which are the store's. */
export interface World {
  /** DTR's part of the sandbox's store. */
  readonly store: OciStore;
  readonly clock: Clock;
  readonly switches: DtrSwitches;
  /** Name of the system administrator in the start line. */
  readonly administrator: string;
  /** By id; see `userNamed`, `organizationNamed`. */
  readonly accounts: Map<string, Account>;
  /** By `namespace/name`. */
  readonly repositories: Map<string, Repository>;
  /** By `hashedToken`. */
  readonly apiTokens: Map<string, ApiToken>;
  readonly settings: Settings;
  /** Oldest first. */
  readonly events: DtrEvent[];
  /** Keeps an event with the next id and the clock's time. */
  record(event: NewEvent): void;
  /** Who is told of what webhooks are sent for. */
  readonly hooks: Hooks;
  /** The next UUID: the same in every run. */
  newId(): string;
  /** What is known of the image of a tag by scans; undefined when it was not scanned. Image scanning sets it. */
  findings: (repository: Repository, tag: string) => Findings | undefined;
  /**
   * Runs work that the server does as a job (`push_mirror_tag`, `poll_mirror`, …), without waiting for it. At first it just runs; jobs put
   * themselves in its place, so that such work is listed and has a log.
   */
  runJob: (action: string, parameters: Readonly<Record<string, string>>, work: (log: (line: string) => void) => Promise<void>) => void;
  /** The sandbox's own handler, for mirrors between its repositories. */
  self: Handler;
  /** Origin by which the last client addressed the sandbox, without a slash at the end. */
  origin: string;
}

export function pathOf({ namespace, name }: Pick<Repository, "namespace" | "name">): string {
  return `${namespace}/${name}`;
}

export function accountNamed(world: World, nameOrId: string): Account | undefined {
  return world.accounts.get(nameOrId) ?? [...world.accounts.values()].find(({ name }) => name === nameOrId);
}

export function userNamed(world: World, nameOrId: string): User | undefined {
  const account = accountNamed(world, nameOrId);
  return account?.kind === "user" ? account : undefined;
}

export function organizationNamed(world: World, nameOrId: string): Organization | undefined {
  const account = accountNamed(world, nameOrId);
  return account?.kind === "organization" ? account : undefined;
}

export function teamNamed({ teams }: Organization, nameOrId: string): Team | undefined {
  return teams.get(nameOrId) ?? [...teams.values()].find(({ name }) => name === nameOrId);
}

export function usersOf(world: World): readonly User[] {
  return [...world.accounts.values()].filter((account) => account.kind === "user");
}

/** What the server stores of an access token, and its id. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/**
 * State that an area keeps for itself, one for each sandbox: `const caches = perWorld(() => new Map<string, Cache>())`, then `caches(world)`.
 */
export function perWorld<T>(create: (world: World) => T): (world: World) => T {
  const states = new WeakMap<World, { readonly value: T }>();
  return (world) => {
    const state = states.get(world) ?? { value: create(world) };
    states.set(world, state);
    return state.value;
  };
}
