import type { ApiFault, Clock, Handler, SandboxResponse, StoredManifest } from "../contract";
import { type MemoryStore, testStore } from "../store";
import { createSelectel, type Selectel, type SelectelSwitches } from "./index";

export interface CallOptions {
  readonly body?: unknown;
  /** Without it, the ready-made token. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fault?: ApiFault;
}

export interface Rig {
  readonly selectel: Selectel;
  readonly store: MemoryStore;
  readonly clock: Clock;
  /** `GET`, `v1/registries?limit=1`. */
  call(method: string, target: string, options?: CallOptions): Promise<SandboxResponse>;
  identity(method: string, target: string, options?: CallOptions): Promise<SandboxResponse>;
  host(method: string, target: string, options?: CallOptions): Promise<SandboxResponse>;
  /** A registry that is ACTIVE. Gives its id. */
  registry(name: string): Promise<string>;
}

/** Selectel's sandbox in the test's own process, with a clock that stands still and ids that count. */
export function rig(switches: Partial<SelectelSwitches> = {}): Rig {
  const { store, clock } = testStore();
  let count = 0;
  const randomUuid = () => `${(++count).toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;
  const selectel = createSelectel({ store, clock, randomUuid, switches });
  const { token } = selectel.credentials;
  const call: Rig["call"] = (method, target, options) =>
    send(selectel.api, method, `/api/${target}`, { headers: { "x-auth-token": token }, ...options });
  return {
    selectel,
    store,
    clock,
    call,
    identity: (method, target, options) => send(selectel.identity, method, `/identity/v3${target}`, options),
    host: (method, target, options) => send(selectel.registryHost, method, target, options),
    registry: async (name) => {
      const { id } = fields(await call("POST", "v1/registries", { body: { name } }));
      for (let polls = 0; polls < 10; polls++) {
        if (fields(await call("GET", `v1/registries/${id}`)).status === "ACTIVE") return String(id);
      }
      throw new Error(`the registry ${name} did not become ACTIVE`);
    },
  };
}

/** The body that asks the identity service for a token, with the right user, password and project unless told otherwise. */
export function loginBody({ selectel }: Rig, parts: { user?: Readonly<Record<string, unknown>>; scope?: unknown } = {}) {
  const { accountId, username, password, projectId } = selectel.credentials;
  const user = { name: username, domain: { name: accountId }, password, ...parts.user };
  const scope = "scope" in parts ? parts.scope : { project: { id: projectId } };
  return { auth: { identity: { methods: ["password"], password: { user } }, scope } };
}

/** A new session. */
export async function login(world: Rig): Promise<string> {
  const { headers } = await world.identity("POST", "/auth/tokens", { body: loginBody(world) });
  return String(headers?.["x-subject-token"]);
}

async function send(handler: Handler, method: string, target: string, options: CallOptions = {}): Promise<SandboxResponse> {
  const [rawPath = "", query = ""] = target.split("?");
  const { body, headers = {}, fault } = options;
  const bytes = Buffer.from(body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body));
  return handler({ method, rawPath, query: new URLSearchParams(query), headers, body: bytes, origin: "http://sandbox.test", fault });
}

/** The answer's JSON as it would come over the wire. */
export function json(response: SandboxResponse): unknown {
  return response.json === undefined ? undefined : JSON.parse(JSON.stringify(response.json));
}

/** The answer's JSON, which must be an object. */
export function fields(response: SandboxResponse): Record<string, unknown> {
  const value = json(response);
  if (typeof value !== "object" || value === null) throw new Error(`no object: ${response.status} ${JSON.stringify(response.json)}`);
  return Object.fromEntries(Object.entries(value));
}

/** One property of each item of an array. */
export function each(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`no array: ${JSON.stringify(value)}`);
  return value.map((item) => item[name]);
}

export interface ImageParts {
  readonly tag?: string;
  readonly layers?: readonly string[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly subject?: string;
}

/** Puts an image into the store, as a push through the registry host would. */
export function putImage(store: MemoryStore, repository: string, parts: ImageParts = {}): StoredManifest {
  const { tag, layers = ["layer"], config = {}, subject } = parts;
  const blob = (text: string) => ({ digest: store.putBlob(repository, Buffer.from(text)), size: Buffer.byteLength(text) });
  const document = {
    schemaVersion: 2,
    mediaType: imageType,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...blob(JSON.stringify(config)) },
    layers: layers.map((text) => ({ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", ...blob(text) })),
    ...(subject && { subject: { mediaType: imageType, digest: subject, size: 1 } }),
  };
  return store.putManifest(repository, imageType, Buffer.from(JSON.stringify(document)), tag);
}

/** Puts an index over these manifests. */
export function putIndex(store: MemoryStore, repository: string, children: readonly StoredManifest[], tag?: string): StoredManifest {
  const manifests = children.map(({ digest, bytes, mediaType }) => ({ mediaType, digest, size: bytes.length }));
  return store.putManifest(repository, indexType, Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests })), tag);
}

export const imageType = "application/vnd.oci.image.manifest.v1+json";
export const indexType = "application/vnd.oci.image.index.v1+json";
