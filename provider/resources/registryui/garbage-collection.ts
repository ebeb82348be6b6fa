import { z } from "zod";
import { collectGarbage, type RegistryUiClient, StillCollecting, waitUntilOnline } from "../../registries/registryui";
import { type CommonInputs, type Context, remaining } from "../declaration";
import { Incomplete } from "../failure";
import { resource } from "../resource";
import { collecting } from "./collecting";
import { registryui } from "./module";

/** What a program declares. */
export interface GarbageCollectionInputs extends CommonInputs {
  /** A change of any value runs a collection. */
  triggers?: Record<string, string>;
}

/** What the server adds. */
export interface GarbageCollectionOutputs {
  /** When the last collection that this resource started was over: RFC 3339. Empty while one is under way. */
  finishedAt: string;
}

/**
 * Garbage collection of a RegistryUI: runs when the resource is created and whenever a trigger changes. The call takes the registry offline, for
 * minutes or hours, and nobody can push or pull meanwhile; other resources of the program wait for it. It needs an administrator, and a registry that is
 * online: never set it offline first. Destroying the resource does nothing.
 *
 * It is asked for once. If its answer is lost, or a proxy gives up waiting for it, the resource waits until the registry is online again.
 *
 * The id is the server's address.
 */
export class GarbageCollection extends resource<GarbageCollectionInputs, GarbageCollectionOutputs, RegistryUiClient>({
  type: "registryui:GarbageCollection",
  module: registryui,
  inputs: { triggers: z.record(z.string(), z.string()).optional() },
  outputs: { finishedAt: z.string() },
  notAdoptable: "has no effect on a garbage collection: there is nothing to take over",
  timeouts: { create: "3h", update: "3h" },
  key: () => "of the registry",
  due: ({ finishedAt }) => (finishedAt === "" ? "the last collection was not seen to end" : undefined),

  async create(context) {
    return { id: context.client.url, outputs: await collect(context) };
  },
  async read(_context, _id, last) {
    return { finishedAt: last.finishedAt ?? "" };
  },
  async update(context, _id, inputs, last) {
    // One that ran out of time is waited for, not started a second time.
    const waiting = last.finishedAt === "" && JSON.stringify(inputs.triggers) === JSON.stringify(last.triggers);
    if (!waiting) return collect(context);
    return finished(context, () => waitUntilOnline(context.client, remaining(context)), true);
  },
  async delete() {},
}) {}

function collect(context: Context<RegistryUiClient>): Promise<GarbageCollectionOutputs> {
  const { client, signal, log } = context;
  const onOffline = () => log("registryui:GarbageCollection: the registry is offline already; waiting for it, ten minutes at the most");
  return finished(context, () => collecting(client.url, signal, () => collectGarbage(client, { ...remaining(context), onOffline })), false);
}

/** A collection that was started and not seen to end is kept as such; one that never started is an error and nothing else. */
async function finished(context: Context<RegistryUiClient>, run: () => Promise<void>, started: boolean): Promise<GarbageCollectionOutputs> {
  const { client, signal, clock } = context;
  try {
    await run();
  } catch (error) {
    if (!(error instanceof StillCollecting || (started && signal.aborted))) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Incomplete<GarbageCollectionOutputs>(client.url, { finishedAt: "" }, [
      `the collection was not seen to end: ${reason}. Run \`pulumi up\` again to go on waiting`,
    ]);
  }
  return { finishedAt: new Date(clock.now()).toISOString() };
}
