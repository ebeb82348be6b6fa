import { type RegistryUiClient, whileOffline } from "../../registries/registryui";
import { type Context, remaining } from "../declaration";
import { collected } from "./collecting";

/** A collection on RegistryUI's own schedule may be that long in the way; maintenance is longer, and an error the better answer. */
const PATIENCE = 120_000;

/**
 * Runs what needs the registry to be online: after a collection that this program runs itself, and again for two minutes while the registry says that
 * it is offline. Then its error is thrown. Nothing that is said while the registry is offline counts as an answer.
 */
export async function online<T>(context: Context<RegistryUiClient>, what: string, run: () => Promise<T>): Promise<T> {
  const { client, signal, log } = context;
  const { deadline, clock } = remaining(context);
  return whileOffline(
    async () => {
      await collected(client.url, signal);
      return run();
    },
    {
      deadline: Math.min(PATIENCE, deadline),
      signal,
      clock,
      onOffline: () => log(`${what}: the registry is offline; waiting for it, two minutes at the most`),
    },
  );
}
