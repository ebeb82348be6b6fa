import { randomUUID } from "node:crypto";
import type { Authorize, Clock, Handler, OciApiOptions, OciStore, SelectelContext, SelectelSandbox } from "../contract";
import { createOciApi } from "../oci";
import { createManagementApi } from "./api";
import { hostAuthorize, hostBeforeWrite } from "./host";
import { createIdentity } from "./keystone";
import { withTokenService } from "./registry-token";
import { openSession } from "./sessions";
import { createState, type SelectelState } from "./state";
import { parseSwitches, type SelectelSwitches } from "./switches";
import type { World } from "./world";

export type { SelectelState } from "./state";
export { defaultSwitches, type SelectelSwitches } from "./switches";

export interface SelectelOptions {
  readonly store: OciStore;
  readonly clock: Clock;
  /** Ids and secrets come from here. */
  readonly randomUuid: () => string;
  /** Where the description leaves room. */
  readonly switches?: Partial<SelectelSwitches>;
  /** Host and port for Docker configurations. Default `cr.selcloud.ru`. */
  readonly registryHost?: string;
  /** Origin of `/api/v1` in the identity service's catalog. Default: the identity service's own. */
  readonly apiOrigin?: string;
}

export interface Selectel {
  /** Serves `/api/v1` and `/api/v2`. */
  readonly api: Handler;
  /** Serves `/identity/v3`. */
  readonly identity: Handler;
  /** Serves `/v2` of the registry host, and its token service. */
  readonly registryHost: Handler;
  /** The two by which `registryHost` differs from a bare OCI API. */
  readonly authorizeHost: Authorize;
  readonly beforeWrite: NonNullable<OciApiOptions["beforeWrite"]>;
  readonly credentials: {
    readonly accountId: string;
    readonly username: string;
    readonly password: string;
    readonly projectId: string;
    readonly projectName: string;
    /** Ready-made for `X-Auth-Token`; lives as long as any, 24 hours of the sandbox's clock. */
    readonly token: string;
  };
  readonly state: SelectelState;
}

/**
 * Selectel's Container Registry in memory: management API v1 and v2, the identity service, and the rules of the registry host, written from
 * the vendor's description. What is pushed as `<registry>/<repository>` into the store is what the management API shows.
 */
export function createSelectel(options: SelectelOptions): Selectel {
  const { store, clock, randomUuid } = options;
  const project = { id: randomUuid().replaceAll("-", ""), name: "sandbox" };
  const world: World = {
    store,
    clock,
    randomUuid,
    switches: parseSwitches(options.switches),
    account: { id: "123456", userId: randomUuid().replaceAll("-", ""), username: "sandbox-user", password: "sandbox-password" },
    projects: [project],
    sessions: new Map(),
    registries: new Map(),
    simpleTokens: new Map(),
    tokens: new Map(),
    grants: new Map(),
    removed: { registries: new Map(), repositories: new Map(), images: new Map(), tokens: new Map() },
    registryHost: options.registryHost ?? "cr.selcloud.ru",
    apiOrigin: options.apiOrigin,
  };
  const authorizeHost = hostAuthorize(world);
  const beforeWrite = hostBeforeWrite(world);
  const { id: accountId, username, password } = world.account;
  const { token } = openSession(world, project, true);
  return {
    api: createManagementApi(world),
    identity: createIdentity(world),
    registryHost: withTokenService(world, createOciApi({ store, clock, authorize: authorizeHost, beforeWrite })),
    authorizeHost,
    beforeWrite,
    credentials: { accountId, username, password, projectId: project.id, projectName: project.name, token },
    state: createState(world),
  };
}

/** The same for `startSandbox`. */
export function createSelectelSandbox(context: SelectelContext): SelectelSandbox & { readonly state: SelectelState } {
  const { store, clock, switches, origins } = context;
  const host = new URL(origins.registryHost).host;
  const selectel = createSelectel({
    store,
    clock,
    randomUuid: randomUUID,
    switches: parseSwitches(switches),
    registryHost: host,
    apiOrigin: origins.api,
  });
  const { api, identity, registryHost, credentials, state } = selectel;
  const info = {
    v1: `${origins.api}/api/v1`,
    v2: `${origins.api}/api/v2`,
    authUrl: `${origins.identity}/identity/v3`,
    ...credentials,
    registryHost: origins.registryHost,
  };
  return { api, identity, registryHost, info, state };
}
