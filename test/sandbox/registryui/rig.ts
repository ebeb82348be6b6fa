import type { ApiFault, Clock, OciStore, SandboxResponse } from "../contract";
import { testStore } from "../store";
import { createRegistryUi, type RegistryUi, type SandboxRegistryUiOptions } from "./index";

export interface CallOptions {
  /** Whose credentials are sent; null for none. Default: the administrator of the start line. */
  readonly user?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly fault?: ApiFault;
}

export interface Rig {
  readonly registryui: RegistryUi;
  /** RegistryUI's part of the store. */
  readonly store: OciStore;
  /** The whole of it. */
  readonly whole: OciStore;
  readonly clock: Clock;
  /** A call of the Extended API: `GET`, `tags?repository=app`. */
  call(method: string, target: string, options?: CallOptions): Promise<SandboxResponse>;
  /** A request to the origin: `GET`, `/v2/app/tags/list`. */
  send(method: string, target: string, options?: CallOptions): Promise<SandboxResponse>;
}

/** The users that every rig has beside `admin`; the token of each is `<name>-token`. */
export const users = {
  reader: { token: "reader-token", read: ["team/*"] },
  writer: { token: "writer-token", update: ["team/app", "team/new"] },
};

/** RegistryUI's sandbox in the test's own process, with a clock that stands still at 2026-01-01T00:00:00Z. */
export function rig(options: SandboxRegistryUiOptions = {}): Rig {
  const { store: whole, clock } = testStore();
  const registryui = createRegistryUi({ store: whole, clock, options: { token: "admin-token", users, ...options } });
  const send: Rig["send"] = async (method, target, { user = "admin", headers = {}, body = "", fault } = {}) => {
    const [rawPath = "", query = ""] = target.split("?");
    return registryui.handler({
      method,
      rawPath,
      query: new URLSearchParams(query),
      headers: { ...(user !== null && { authorization: basic(user) }), ...headers },
      body: Buffer.from(body),
      origin: "http://registry.test",
      ...(fault && { fault }),
    });
  };
  return {
    registryui,
    store: registryui.store,
    whole,
    clock,
    send,
    call: (method, target, callOptions) => send(method, `/udr/v1api/${target}`, callOptions),
  };
}

export function basic(user: string, token = `${user}-token`): string {
  return `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}`;
}

/** The answer's JSON as it comes over the wire, which must be an object. */
export function fields(response: SandboxResponse): Record<string, unknown> {
  if (typeof response.json !== "object" || response.json === null) throw new Error(`no object: ${response.status} ${response.body}`);
  return Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(response.json))));
}

export function errorOf(response: SandboxResponse): unknown {
  return fields(response).error;
}

/** The fields of `data`, which must be an object. */
export function dataOf(response: SandboxResponse): Record<string, unknown> {
  return fields({ status: response.status, json: fields(response).data });
}

/** One field of each entry of a list. */
export function each(response: SandboxResponse, name: string): unknown[] {
  const { entries } = fields(response);
  if (!Array.isArray(entries)) throw new Error(`no list: ${JSON.stringify(response.json)}`);
  return entries.map((entry) => entry[name]);
}

/** Paths of the repositories in an answer, in their order. */
export function paths(response: SandboxResponse): unknown[] {
  return each(response, "fullPath");
}

/** Names of the tags in an answer, in their order. */
export function tagNames(response: SandboxResponse): unknown[] {
  return each(response, "tagName");
}
