import type { HttpClock } from "../../provider/http";
import { connectSelectel, type SelectelClient, type SelectelOptions } from "../../provider/registries/selectel";
import {
  customTokenName,
  type IssueSteps,
  type MintedToken,
  ociTokens,
  selectelTokens,
  type TokenMinter,
  type TokenName,
  type TokenRequest,
  type TokenState,
} from "../../provider/tokens";
import { type Sandbox, type SandboxOptions, standingClock, startSandbox } from "../sandbox";

/** No waiting in tests: a client's clock is the sandbox's, and sleeping moves it. */
export const clockOf = (sandbox: Sandbox): HttpClock => ({
  now: () => sandbox.clock.now().getTime(),
  sleep: async (milliseconds, signal) => {
    signal?.throwIfAborted();
    sandbox.clock.advance(milliseconds);
  },
});

export async function withSandbox(options: SandboxOptions, test: (sandbox: Sandbox) => Promise<void>): Promise<void> {
  const sandbox = await startSandbox({ clock: standingClock(), ...options });
  try {
    await test(sandbox);
  } finally {
    await sandbox.close();
  }
}

export interface SelectelRig {
  readonly sandbox: Sandbox;
  readonly client: SelectelClient;
  readonly minter: TokenMinter;
  /** Ids of the registries that are there: `team-a` and `team-b`, both with a repository `app`. */
  readonly ids: { readonly a: string; readonly b: string };
  readonly host: string;
}

/** A project with two registries, and somebody who mints tokens for it. */
export async function withSelectel(
  test: (rig: SelectelRig) => Promise<void>,
  { selectel, ...options }: Partial<SelectelOptions> & { readonly selectel?: SandboxOptions["selectel"] } = {},
): Promise<void> {
  await withSandbox({ apis: ["selectel"], selectel: { createPolls: 0, ...selectel } }, async (sandbox) => {
    const info = sandbox.info.selectel;
    if (!info) throw new Error("the sandbox has no Selectel");
    const { accountId, username, password, projectId, authUrl } = info;
    const clock = clockOf(sandbox);
    const client = connectSelectel({
      auth: { accountId, username, password, projectId, authUrl },
      v1Url: info.v1,
      v2Url: info.v2,
      registryUrl: info.registryHost,
      clock,
      random: () => 0,
      env: {},
      ...options,
    });
    try {
      const [a, b] = [await client.v1.registries.create({ name: "team-a" }), await client.v1.registries.create({ name: "team-b" })];
      await client.v1.registries.get({ id: a.id });
      await client.v1.registries.get({ id: b.id });
      const minter = selectelTokens({ client, clock, http: { random: () => 0, env: {} } });
      sandbox.control.clearRequests();
      await test({ sandbox, client, minter, ids: { a: a.id, b: b.id }, host: info.registryHost });
    } finally {
      await client.close();
    }
  });
}

/** A minter for the sandbox's registry, as its administrator. */
export function ociMinter(sandbox: Sandbox, credentials?: { readonly username: string; readonly password: string }): TokenMinter {
  const { url, username, password } = sandbox.info.oci ?? { url: "", username: "", password: "" };
  return ociTokens({ url, credentials: credentials ?? { username, password }, clock: clockOf(sandbox), random: () => 0, env: {} });
}

let salt = 0;
/** A new name each time, in an order. */
export function aName(base = "deploy"): TokenName {
  salt += 1;
  return customTokenName(base, () => Buffer.from(salt.toString(16).padStart(16, "0"), "hex"));
}

export const aRequest = (request: Partial<TokenRequest> = {}): TokenRequest => ({
  permission: "read",
  lifetime: 3_600_000,
  name: aName(),
  ...request,
});

/** Steps that write down what happens, in one list. */
export interface Recorded extends IssueSteps {
  readonly events: string[];
  readonly states: TokenState[];
  readonly lines: string[];
  readonly delivered: MintedToken[];
}

export function recorded(minter: TokenMinter, request: TokenRequest, more: Partial<IssueSteps> = {}): Recorded {
  const [events, lines]: [string[], string[]] = [[], []];
  const states: TokenState[] = [];
  const delivered: MintedToken[] = [];
  return {
    minter,
    request,
    events,
    states,
    lines,
    delivered,
    keep: (state) => {
      states.push(state);
      events.push(`keep ${state.stage}`);
    },
    mask: () => {
      events.push("mask");
    },
    deliver: (token) => {
      delivered.push(token);
      events.push("deliver");
    },
    log: (line) => {
      lines.push(line);
      events.push("log");
    },
    warn: (line) => {
      lines.push(line);
      events.push("warn");
    },
    ...more,
  };
}

/** Everything that is there of a project's tokens: name and status. */
export async function tokensOf(client: SelectelClient): Promise<{ readonly name: string; readonly status: string; readonly id: string }[]> {
  const found = [];
  for await (const { name = "", status, id } of client.v2.tokens.list()) found.push({ name, status, id });
  return found;
}

/** One plain request, by nobody's client: its status. */
export async function statusOf(url: string, authorization: string, method = "GET"): Promise<number> {
  const response = await fetch(url, { method, headers: { authorization } });
  await response.arrayBuffer();
  return response.status;
}

export const basic = (username: string, secret: string): string => `Basic ${Buffer.from(`${username}:${secret}`).toString("base64")}`;
