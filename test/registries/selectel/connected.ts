import type { HttpClock } from "../../../provider/http";
import { connectSelectel, type SelectelClient, type SelectelOptions } from "../../../provider/registries/selectel";
import { type Reply, type ScriptedServer, type Seen, startServer } from "./scripted-server";

/** A clock that jumps wherever somebody sleeps. */
export function jumpingClock(
  start = Date.parse("2026-01-01T00:00:00Z"),
): HttpClock & { readonly slept: number[]; advance(milliseconds: number): void } {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    advance: (milliseconds) => {
      now += milliseconds;
    },
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
}

export interface Connected {
  readonly server: ScriptedServer;
  readonly client: SelectelClient;
}

/** Runs a test against a client and a server that answers as the test says, and closes both. */
export async function connected(
  answer: (request: Seen, index: number) => Reply | Promise<Reply>,
  run: (connected: Connected) => Promise<void>,
  options: Partial<SelectelOptions> = {},
): Promise<void> {
  const server = await startServer(answer);
  const client = connectSelectel({
    apiUrl: `${server.url}/api`,
    auth: { token: "test-token" },
    clock: jumpingClock(),
    random: () => 0.5,
    env: {},
    ...options,
  });
  try {
    await run({ server, client });
  } finally {
    await client.close();
    await server.close();
  }
}
