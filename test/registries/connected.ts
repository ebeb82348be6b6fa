import type { HttpClock } from "../../provider/http";
import { jumpingClock } from "./selectel/connected";
import { type Reply, type ScriptedServer, type Seen, startServer } from "./selectel/scripted-server";

/** What the server answers, by request and by how many came before it. */
export type Answer = (request: Seen, index: number) => Reply | Promise<Reply>;

export interface ConnectedTo<C> {
  readonly server: ScriptedServer;
  readonly client: C;
  readonly clock: ReturnType<typeof jumpingClock>;
}

/** What every client of a test is opened with. */
export interface Base {
  readonly url: string;
  readonly clock: HttpClock;
  readonly random: () => number;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a test against a client and a server that answers as the test says, and closes both. */
export async function connectedTo<C extends { close(): Promise<void> }>(
  open: (base: Base) => C,
  answer: Answer,
  run: (connected: ConnectedTo<C>) => Promise<void>,
): Promise<void> {
  const server = await startServer(answer);
  const clock = jumpingClock();
  const client = open({ url: server.url, clock, random: () => 0.5, env: {} });
  try {
    await run({ server, client, clock });
  } finally {
    await client.close();
    await server.close();
  }
}

/** What a promise fails with. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it did not fail");
}
