import { z } from "zod";
import { collectGarbage, DeadlineExceeded, type SelectelClient, waitOutGarbageCollection } from "../../registries/selectel";
import { type CommonInputs, type Context, remaining } from "../declaration";
import { Incomplete } from "../failure";
import { resource } from "../resource";
import { selectel } from "./module";
import { oneAtATime } from "./one-at-a-time";

/** What a program declares. */
export interface GarbageCollectionInputs extends CommonInputs {
  /** Id of the registry: `registry.id`. A change replaces the resource, which runs a collection. */
  registryId: string;
  /** Also remove images without a tag. On this service that may remove children of multi-arch images. Default `false`. */
  deleteUntagged?: boolean;
  /** A change of any value runs a collection. */
  triggers?: Record<string, string>;
}

/** What the service adds. */
export interface GarbageCollectionOutputs {
  /** When the last collection that this resource started was over: RFC 3339. Empty while one is under way. */
  finishedAt: string;
}

/**
 * Garbage collection of a Selectel registry: runs when the resource is created and whenever a trigger changes, and waits until the registry is
 * ACTIVE again. Meanwhile nobody may push: layers that are being uploaded can be lost. Destroying the resource does nothing.
 *
 * The id is the registry's.
 */
export class GarbageCollection extends resource<GarbageCollectionInputs, GarbageCollectionOutputs, SelectelClient>({
  type: "selectel:GarbageCollection",
  module: selectel,
  inputs: {
    registryId: z.string().min(1, "must be the id of a registry"),
    deleteUntagged: z.boolean().default(false),
    triggers: z.record(z.string(), z.string()).optional(),
  },
  outputs: { finishedAt: z.string() },
  notAdoptable: "has no effect on a garbage collection: there is nothing to take over",
  replaceOn: ["registryId"],
  handling: ["deleteUntagged"],
  timeouts: { create: "60m", update: "60m" },
  key: ({ registryId }) => registryId,
  due: ({ finishedAt }) => (finishedAt === "" ? "the last collection was not seen to end" : undefined),

  async create(context, inputs) {
    return { id: inputs.registryId, outputs: await collect(context, inputs) };
  },
  async read(_context, id, last) {
    return { registryId: last.registryId ?? id, deleteUntagged: last.deleteUntagged ?? false, finishedAt: last.finishedAt ?? "" };
  },
  async update(context, _id, inputs, last) {
    // One that ran out of time is waited for, not started a second time.
    if (last.finishedAt === "" && JSON.stringify(inputs.triggers) === JSON.stringify(last.triggers)) {
      return finished(
        context,
        inputs.registryId,
        () => waitOutGarbageCollection(context.client, inputs.registryId, remaining(context)),
        () => true,
      );
    }
    return collect(context, inputs);
  },
  async delete() {},
}) {}

async function collect(
  context: Context<SelectelClient>,
  { registryId, deleteUntagged }: GarbageCollectionInputs,
): Promise<GarbageCollectionOutputs> {
  let started = false;
  const onStarted = () => {
    started = true;
  };
  const run = () => collectGarbage(context.client, { id: registryId, deleteUntagged }, { ...remaining(context), onStarted });
  return finished(
    context,
    registryId,
    () => oneAtATime(registryId, context.signal, run),
    () => started,
  );
}

/** A collection that was started and not seen to end is kept as such; one that never started is an error and nothing else. */
async function finished(
  context: Context<SelectelClient>,
  registryId: string,
  wait: () => Promise<unknown>,
  started: () => boolean,
): Promise<GarbageCollectionOutputs> {
  try {
    await wait();
  } catch (error) {
    if (!started() || !(error instanceof DeadlineExceeded || context.signal.aborted)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Incomplete<GarbageCollectionOutputs>(registryId, { finishedAt: "" }, [
      `the collection was not seen to end: ${reason} Run \`pulumi up\` again to go on waiting`,
    ]);
  }
  return { finishedAt: new Date(context.clock.now()).toISOString() };
}
