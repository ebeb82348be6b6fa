import type { ApiFault, Clock, OciStore, SandboxResponse } from "../contract";
import { testStore } from "../store";
import { createDtr, type Dtr, type SandboxDtrOptions } from "./index";

export interface CallOptions {
  /** Whose credentials are sent; null for none. Default: the administrator of the start line. */
  readonly user?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON with its content type; text and bytes as they are. */
  readonly body?: unknown;
  readonly fault?: ApiFault;
}

export interface Rig {
  readonly dtr: Dtr;
  readonly state: Dtr["state"];
  /** DTR's part of the store. */
  readonly store: OciStore;
  /** The whole of it. */
  readonly whole: OciStore;
  readonly clock: Clock;
  /** A call of the API: `GET`, `repositories/team/app`. */
  call(method: string, target: string, options?: CallOptions): Promise<SandboxResponse>;
  /** A request to the origin: `GET`, `/v2/app/tags/list`. */
  send(method: string, target: string, options?: CallOptions): Promise<SandboxResponse>;
}

/**
 * Who is there in every rig beside `admin`; the password of each is `<name>-password`. `owner` administers the organization `team`, `member` is
 * just in it, `dev` is in its team `developers` (read-write to `team/app`), `ops` in `operators` (admin of the namespace), `reader` in `readers`
 * (read-only to `team/app`), `stranger` in nothing.
 */
export const people = ["owner", "member", "dev", "ops", "reader", "stranger"] as const;

const standard: SandboxDtrOptions = {
  password: "admin-password",
  accounts: Object.fromEntries(people.map((name) => [name, { password: `${name}-password` }])),
  organizations: {
    team: {
      members: { owner: "admin", member: "member" },
      teams: {
        developers: { members: ["dev"], description: "They push." },
        operators: { members: ["ops"], access: "admin" },
        readers: { members: ["reader"] },
      },
    },
  },
  repositories: {
    "team/app": { visibility: "private", grants: { developers: "read-write", readers: "read-only" } },
    "team/open": { visibility: "public" },
    "stranger/own": { visibility: "private" },
  },
};

/** DTR's sandbox in the test's own process, with a clock that stands still at 2026-01-01T00:00:00Z. Options go over the standard ones. */
export function rig(options: SandboxDtrOptions = {}): Rig {
  const { store: whole, clock } = testStore();
  const dtr = createDtr({ store: whole, clock, options: { ...standard, ...options } });
  const send: Rig["send"] = async (method, target, { user = "admin", headers = {}, body, fault } = {}) => {
    const [rawPath = "", query = ""] = target.split("?");
    const raw = body === undefined || typeof body === "string" || Buffer.isBuffer(body);
    return dtr.handler({
      method,
      rawPath,
      query: new URLSearchParams(query),
      headers: {
        ...(user !== null && { authorization: basic(user) }),
        ...(!raw && { "content-type": "application/json" }),
        ...headers,
      },
      body: raw ? Buffer.from(body ?? "") : Buffer.from(JSON.stringify(body)),
      origin: "http://dtr.test",
      ...(fault && { fault }),
    });
  };
  return {
    dtr,
    state: dtr.state,
    store: dtr.store,
    whole,
    clock,
    send,
    call: (method, target, callOptions) => send(method, `/api/v0/${target}`, callOptions),
  };
}

export function basic(user: string, password = `${user}-password`): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** The answer's JSON as it comes over the wire, which must be an object. */
export function fields(response: SandboxResponse): Record<string, unknown> {
  if (typeof response.json !== "object" || response.json === null) throw new Error(`no object: ${response.status} ${response.body}`);
  return Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(response.json))));
}

/** The list in an answer, by the name of its field or the whole body. */
export function items(response: SandboxResponse, name?: string): Record<string, unknown>[] {
  const value: unknown = name === undefined ? JSON.parse(JSON.stringify(response.json)) : fields(response)[name];
  if (!Array.isArray(value)) throw new Error(`no list: ${response.status} ${JSON.stringify(response.json)}`);
  return value;
}

/** `404 NO_SUCH_REPOSITORY`, or the status alone. */
export function outcome(response: SandboxResponse): string {
  const { json } = response;
  const errors = typeof json === "object" && json !== null && "errors" in json && Array.isArray(json.errors) ? json.errors : [];
  return [response.status, ...errors.map(({ code }) => code)].join(" ");
}
