import { connectRegistryUi, type RegistryUiClient, type RegistryUiOptions } from "../../../provider/registries/registryui";
import { jumpingClock } from "../selectel/connected";
import { type Reply, type ScriptedServer, type Seen, startServer } from "../selectel/scripted-server";

export const token = "user-token-0815";

export interface Connected {
  readonly server: ScriptedServer;
  readonly client: RegistryUiClient;
  readonly clock: ReturnType<typeof jumpingClock>;
}

/** Runs a test against a client and a server that answers as the test says, and closes both. */
export async function connected(
  answer: (request: Seen, index: number) => Reply | Promise<Reply>,
  run: (connected: Connected) => Promise<void>,
  options: Partial<RegistryUiOptions> = {},
): Promise<void> {
  const server = await startServer(answer);
  const clock = jumpingClock();
  const client = connectRegistryUi({ url: server.url, username: "build", token, clock, random: () => 0.5, env: {}, ...options });
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
