import type { Clock, Handler, OciStore } from "../contract";
import type { OciSwitches } from "../oci";
import { storeBelow } from "../store-below";
import { createApi } from "./api";
import { page } from "./errors";
import { Hooks } from "./hooks";
import { createHost } from "./host";
import { openServices, type ServiceOptions } from "./open-services";
import { addOrganization, addRepository, addUser, counting, type OrganizationSeed, type RepositorySeed, type UserSeed } from "./seed";
import { createState, type DtrState } from "./state";
import { type DtrSwitches, parseSwitches } from "./switches";
import type { World } from "./world";

export type { OrganizationSeed, RepositorySeed, TeamSeed, UserSeed } from "./seed";
export type { DtrState } from "./state";
export { type DtrSwitches, defaultSwitches } from "./switches";

/** What `startSandbox({ dtr })` takes: every switch, and who and what is there at the start. */
export interface SandboxDtrOptions extends Partial<DtrSwitches>, ServiceOptions {
  /** The system administrator of the start line. Default: `admin`. */
  readonly username?: string;
  /** That user's password. Default: `sandbox-dtr-password`. */
  readonly password?: string;
  /** More users, by name. */
  readonly accounts?: Readonly<Record<string, UserSeed>>;
  /** Organizations with their teams, by name. */
  readonly organizations?: Readonly<Record<string, OrganizationSeed>>;
  /** Repositories, by `namespace/name`. */
  readonly repositories?: Readonly<Record<string, RepositorySeed>>;
  /** How `/v2` differs from what DTR is taken for. */
  readonly host?: OciSwitches;
}

export interface Dtr {
  /** Serves `/api/v0`, `/enzi/v0`, `/v2/`, `/auth/token`, `/health`, `/ca`, and a page for everything else. */
  readonly handler: Handler;
  readonly credentials: { readonly username: string; readonly password: string };
  /** DTR's part of the sandbox's store, by the names that its clients use: `push(dtr.store, "team/app", "v1", image())`. */
  readonly store: OciStore;
  readonly state: DtrState;
}

/**
 * Docker Trusted Registry in memory, on one origin, written from the API description. Its images are those of the store below `dtr/` (the
 * switch `prefix`), of repositories that were created by API or option.
 */
export function createDtr(given: { readonly store: OciStore; readonly clock: Clock; readonly options?: SandboxDtrOptions }): Dtr {
  const {
    username = "admin",
    password = "sandbox-dtr-password",
    accounts,
    organizations,
    repositories,
    host,
    vulnerabilities = {},
    workers,
    alerts = [],
    settings = {},
    ...named
  } = given.options ?? {};
  const switches = parseSwitches({ ...named });
  const store = storeBelow(given.store, switches.prefix);
  const world = emptyWorld(store, given.clock, switches, username);
  openServices(world, { vulnerabilities, alerts, settings, ...(workers && { workers }) });
  addUser(world, username, { password, isAdmin: true });
  for (const [name, seed] of Object.entries(accounts ?? {})) addUser(world, name, seed);
  for (const [name, seed] of Object.entries(organizations ?? {})) addOrganization(world, name, seed);
  for (const [path, seed] of Object.entries(repositories ?? {})) addRepository(world, path, seed);
  const registry = createHost(world, host);
  const api = createApi(world, registry.subjectOf);
  const handler: Handler = (request) => {
    world.origin = request.origin;
    const { rawPath } = request;
    if (rawPath === "/v2" || rawPath.startsWith("/v2/")) return registry.handler(request);
    if (rawPath === "/auth/token") return registry.tokenServer(request);
    if (/^\/(api|enzi)\/|^\/(health|ca)$/.test(rawPath)) return api(request);
    // The website, which has a page for everything.
    return page(200, "Docker Trusted Registry");
  };
  world.self = handler;
  return { handler, credentials: { username, password }, store, state: createState(world) };
}

function emptyWorld(store: OciStore, clock: Clock, switches: DtrSwitches, administrator: string): World {
  const newId = counting();
  const world: World = {
    store,
    clock,
    switches,
    administrator,
    accounts: new Map(),
    repositories: new Map(),
    apiTokens: new Map(),
    settings: { createRepositoryOnPush: false, readOnlyRegistry: false, scanningEnabled: true },
    events: [],
    record: (event) => {
      const actorType = event.actorType ?? (event.actor === "" ? "SYSTEM" : "USER");
      world.events.push({ ...event, actorType, id: newId(), publishedAt: clock.now() });
    },
    hooks: new Hooks(),
    newId,
    findings: () => undefined,
    runJob: (_action, _parameters, work) => world.hooks.follow(work(() => {})),
    self: () => ({ status: 503 }),
    origin: "",
  };
  return world;
}
