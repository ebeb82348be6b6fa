import type { Clock, Handler, OciStore } from "../contract";
import type { OciSwitches } from "../oci";
import { storeBelow } from "../store-below";
import { BASE, createExtendedApi } from "./api";
import { createHost } from "./host";
import { page } from "./refusal";
import { createState, type RegistryUiState } from "./state";
import { parseSwitches, type RegistryUiSwitches } from "./switches";
import type { ProjectParts, RegistryUiUser, World } from "./world";

export type { RegistryUiState } from "./state";
export { defaultSwitches, type RegistryUiSwitches } from "./switches";
export type { ProjectParts, RegistryUiUser } from "./world";

/** What `startSandbox({ registryui })` takes: every switch, and who and what is there at the start. */
export interface SandboxRegistryUiOptions extends Partial<RegistryUiSwitches> {
  /** The administrator of the start line. Default: `admin`. */
  readonly username?: string;
  /** That user's Docker token. Default: `sandbox-registryui-token`. */
  readonly token?: string;
  /** More users, with their rights. */
  readonly users?: Readonly<Record<string, RegistryUiUser>>;
  /** Projects by full path. A repository without one is there for administrators only. */
  readonly projects?: Readonly<Record<string, ProjectParts>>;
  /** How `/v2` differs from the official registry image 2.8. */
  readonly host?: OciSwitches;
}

export interface RegistryUi {
  /** Serves `/udr/v1api/`, `/v2/`, and a page for everything else. */
  readonly handler: Handler;
  readonly credentials: { readonly username: string; readonly token: string };
  /** RegistryUI's part of the sandbox's store, by the names that its clients use: `push(registryui.store, "team/app", "v1", image())`. */
  readonly store: OciStore;
  readonly state: RegistryUiState;
}

/**
 * RegistryUI in memory: the Extended API and the registry below it, on one origin, written from the vendor's description. Its repositories are
 * those of the store below `registryui/` (the switch `prefix`), however they came there.
 */
export function createRegistryUi(given: {
  readonly store: OciStore;
  readonly clock: Clock;
  readonly options?: SandboxRegistryUiOptions;
}): RegistryUi {
  const { username = "admin", token = "sandbox-registryui-token", users = {}, projects = {}, host, ...named } = given.options ?? {};
  const switches = parseSwitches({ ...named });
  const store = storeBelow(given.store, switches.prefix);
  const world: World = {
    store,
    clock: given.clock,
    switches,
    administrator: username,
    users: new Map(Object.entries({ ...users, [username]: { token, administrator: true } })),
    projects: new Map(),
    pulls: new Map(),
    pushedBy: new Map(),
    ids: new Map(),
    offline: false,
    collectionsDone: 0,
  };
  const state = createState(world);
  for (const [path, parts] of Object.entries(projects)) state.addProject(path, parts);
  const extended = createExtendedApi(world);
  const registry = createHost(world, host);
  const handler: Handler = (request) => {
    if (request.rawPath.startsWith(BASE)) return extended(request);
    if (request.rawPath === "/v2" || request.rawPath.startsWith("/v2/")) return registry(request);
    // The website, which has a page for everything.
    return page(200, "RegistryUI: please log in.");
  };
  return { handler, credentials: { username, token }, store, state };
}
