import { runningClock } from "./clock";
import type { Authorize, Clock, Handler } from "./contract";
import { type Control, createControl } from "./control";
import { createControlEndpoint } from "./control-endpoint";
import { createDtr, type Dtr } from "./dtr";
import { Faults } from "./faults";
import { createOciApi } from "./oci";
import { basicAuthorize } from "./oci/basic";
import { createBearer } from "./oci/bearer";
import { type ApiName, PORTS, type SandboxInfo, type SandboxOciOptions, type SandboxOptions } from "./options";
import { createRegistryUi, type RegistryUi } from "./registryui";
import { RequestLog } from "./request-log";
import { createSelectelSandbox } from "./selectel";
import { type Served, serve } from "./serve";
import { MemoryStore } from "./store";

export { runningClock, standingClock } from "./clock";
export type { Clock } from "./contract";
export type { Control } from "./control";
export type { Dtr, SandboxDtrOptions } from "./dtr";
export type { Fault, Injection } from "./faults";
export type { SandboxInfo, SandboxOciOptions, SandboxOptions } from "./options";
export type { RegistryUi, SandboxRegistryUiOptions } from "./registryui";
export type { LoggedRequest, RequestFilter } from "./request-log";
export { MemoryStore } from "./store";

export interface Sandbox {
  /** The start line as an object. */
  readonly info: SandboxInfo;
  /** The registry in memory on which all APIs stand; RegistryUI on what is below `registryui/` in it, DTR on what is below `dtr/`. */
  readonly store: MemoryStore;
  readonly clock: Clock;
  readonly control: Control;
  /** Origin of a server that belongs to no API, answers `{}` to everything, and is logged as `stranger`. */
  readonly stranger: string;
  /** What a test may look up of Selectel beside its API. */
  readonly selectel?: ReturnType<typeof createSelectelSandbox>;
  /** RegistryUI's part of the store (`push(sandbox.registryui.store, "team/app", …)`), and what a test may look up and turn beside its API. */
  readonly registryui?: RegistryUi;
  /** The same of DTR, for `push(sandbox.dtr.store, "team/app", …)`. */
  readonly dtr?: Dtr;
  close(): Promise<void>;
}

/** Starts the simulators on loopback and resolves when they listen. Rejects, with nothing left running, when one cannot start. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = "127.0.0.1", clock = runningClock(), apis = ["oci", "selectel", "registryui", "dtr"] } = options;
  const store = new MemoryStore(clock);
  const faults = new Faults();
  const log = new RequestLog(clock);
  const control = createControl({ clock, store, faults, log });
  const servers: Served[] = [];
  let registryui: RegistryUi | undefined;
  const close = async () => {
    registryui?.state.close();
    await Promise.all(servers.map((server) => server.close()));
  };
  let elsewhere = "";
  const interference = { faults, log, latency: options.latency ?? 0, elsewhere: () => elsewhere };
  const open = async (api: ApiName) => {
    const port = options.portBase === undefined ? 0 : options.portBase + PORTS[api];
    const server = await serve({ api, host, port, clock, ...(api !== "control" && { interference }) });
    servers.push(server);
    return server;
  };

  try {
    await options.seed?.(store, clock);
    const endpoint = await open("control");
    endpoint.attach(createControlEndpoint(control));
    const stranger = await open("stranger");
    stranger.attach(() => ({ status: 200, json: {} }));
    elsewhere = stranger.origin;
    const oci = apis.includes("oci") ? await startOci(open, { store, clock, options: options.oci ?? {} }) : undefined;
    const selectel = apis.includes("selectel") ? await startSelectel(open, { store, clock, switches: options.selectel }) : undefined;
    let registryuiInfo: SandboxInfo["registryui"];
    if (apis.includes("registryui")) {
      const server = await open("registryui");
      registryui = createRegistryUi({ store, clock, ...(options.registryui && { options: options.registryui }) });
      server.attach(registryui.handler);
      registryuiInfo = { url: server.origin, ...registryui.credentials };
    }
    let dtr: Dtr | undefined;
    let dtrInfo: SandboxInfo["dtr"];
    if (apis.includes("dtr")) {
      const server = await open("dtr");
      dtr = createDtr({ store, clock, ...(options.dtr && { options: options.dtr }) });
      server.attach(dtr.handler);
      dtrInfo = { url: server.origin, ...dtr.credentials };
    }
    const info = {
      control: { url: endpoint.origin },
      ...(selectel && { selectel: selectelInfo(selectel.info) }),
      ...(registryuiInfo && { registryui: registryuiInfo }),
      ...(dtrInfo && { dtr: dtrInfo }),
      ...(oci && { oci }),
    };
    const inside = { ...(selectel && { selectel }), ...(registryui && { registryui }), ...(dtr && { dtr }) };
    return { info, store, clock, control, stranger: stranger.origin, ...inside, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Open = (api: ApiName) => Promise<Served>;

async function startOci(
  open: Open,
  { store, clock, options }: { readonly store: MemoryStore; readonly clock: Clock; readonly options: SandboxOciOptions },
): Promise<SandboxInfo["oci"]> {
  const { auth = "basic", username = "admin", password = "sandbox-oci-password", users, anonymous } = options;
  const directory = { users: { ...users, [username]: { password } }, ...(anonymous && { anonymous }) };
  const server = await open("oci");
  let authorize: Authorize | undefined;
  if (auth === "basic") authorize = basicAuthorize(directory);
  if (auth === "bearer") {
    const tokens = await open("oci-token");
    const { tokenLifetime: lifetime, tokenPost: post, tokenField, tokenFormat, tokenGrant, tokenActions } = options;
    const bearer = createBearer({
      ...directory,
      clock,
      realm: `${tokens.origin}/token`,
      ...(lifetime !== undefined && { lifetime }),
      ...(post !== undefined && { post }),
      ...(tokenField && { tokenField }),
      ...(tokenFormat && { tokenFormat }),
      ...(tokenGrant && { tokenGrant }),
      ...(tokenActions && { tokenActions }),
    });
    tokens.attach(bearer.tokenServer);
    authorize = bearer.authorize;
  }
  server.attach(createOciApi({ ...options, store, clock, ...(authorize && { authorize }) }));
  return { url: server.origin, username, password };
}

async function startSelectel(open: Open, given: { readonly store: MemoryStore; readonly clock: Clock; readonly switches?: unknown }) {
  const api = await open("selectel");
  const identity = await open("selectel-identity");
  const registryHost = await open("selectel-registry");
  const origins = { api: api.origin, identity: identity.origin, registryHost: registryHost.origin };
  const selectel = createSelectelSandbox({ ...given, origins });
  const attachments: readonly (readonly [Served, Handler])[] = [
    [api, selectel.api],
    [identity, selectel.identity],
    [registryHost, selectel.registryHost],
  ];
  for (const [server, handler] of attachments) server.attach(handler);
  return selectel;
}

/** The keys that the start line promises, each of them there. */
function selectelInfo(info: Readonly<Record<string, string>>): NonNullable<SandboxInfo["selectel"]> {
  const key = (name: string): string => {
    const value = info[name];
    if (value === undefined) throw new Error(`the Selectel simulator does not say its ${name}`);
    return value;
  };
  return {
    v1: key("v1"),
    v2: key("v2"),
    authUrl: key("authUrl"),
    accountId: key("accountId"),
    username: key("username"),
    password: key("password"),
    projectId: key("projectId"),
    projectName: key("projectName"),
    token: key("token"),
    registryHost: key("registryHost"),
  };
}
