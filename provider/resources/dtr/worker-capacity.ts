import { z } from "zod";
import type { DtrClient, Worker } from "../../registries/dtr";
import type { Attempt, CommonInputs, Context } from "../declaration";
import { resource } from "../resource";
import { dtr } from "./module";
import { isOurs, keeping, notedBy, remembered } from "./put-back";

/** What a program declares. */
export interface WorkerCapacityInputs extends CommonInputs {
  /** Id of the worker, as `getWorkers` tells it: the replica's. A change puts the former worker's capacity back and manages the new one's. */
  worker: string;
  /** How many tasks of which kind the worker takes at a time: `{ scan: 2, scanCheck: 2 }`. Kinds that are not here are left alone. */
  capacityMap: Record<string, number>;
}

/** What the server adds. */
export interface WorkerCapacityOutputs {
  /** What the managed kinds were before: what destroy puts back. A kind that the worker did not have is not in it. */
  previous: Record<string, number>;
}

/**
 * How much a job worker does at a time. Workers come with the replicas, so nothing is created: the resource remembers what it finds and puts that back when
 * it is destroyed, kind by kind, unless somebody changed it since. It needs a system administrator, and a version that has the call (3.0 has not). Two resources for the same kind of
 * one worker would undo each other's work.
 *
 * The id is the worker's.
 */
export class WorkerCapacity extends resource<WorkerCapacityInputs, WorkerCapacityOutputs, DtrClient>({
  type: "dtr:WorkerCapacity",
  module: dtr,
  inputs: {
    worker: z.string().min(1, "must not be empty"),
    capacityMap: z.record(z.string(), z.int().nonnegative("must not be negative")),
  },
  outputs: { previous: z.record(z.string(), z.number()) },
  replaceOn: ["worker"],
  key: ({ worker }) => worker,

  resume: async () => undefined, // `create` goes on, for it knows what was there before
  async create(context, inputs, attempt) {
    return { id: inputs.worker, outputs: await set(context, inputs, notedBy(attempt, Noted), attempt) };
  },
  async read(context, id, last) {
    const found = (await workers(context)).find((worker) => worker.id === id);
    if (!found) return undefined;
    const kinds = Object.keys(last.capacityMap ?? found.capacityMap); // `.get` knows none and shows all
    return { worker: id, capacityMap: only(kinds, found.capacityMap), previous: last.previous ?? {} };
  },
  async update(context, _id, inputs, last) {
    return set(context, inputs, last);
  },
  async delete(context, id, last) {
    const found = (await workers(context)).find((worker) => worker.id === id);
    if (found) await send(context, found, restored(context, found, managedOf(last), last));
  },
}) {}

type Capacity = Readonly<Record<string, number>>;

const workers = ({ client, signal }: Context<DtrClient>): Promise<readonly Worker[]> => client.workers.list({}, { signal });

async function set(
  context: Context<DtrClient>,
  { worker: id, capacityMap }: WorkerCapacityInputs,
  last?: Last,
  attempt?: Attempt,
): Promise<WorkerCapacityOutputs> {
  const all = await workers(context);
  const found = all.find((worker) => worker.id === id);
  if (!found)
    throw new Error(
      `there is no worker ${id}: there ${all.length === 0 ? "are none" : `are ${all.map((worker) => worker.id).join(", ")}`}`,
    );
  const managed = Object.keys(capacityMap);
  const before = { previous: last?.previous ?? {}, managed: last ? managedOf(last) : [] };
  const dropped = before.managed.filter((kind) => !managed.includes(kind));
  const previous = remembered(managed, before, found.capacityMap);
  attempt?.note({ capacityMap, previous });
  return keeping(id, { previous }, () =>
    send(context, found, { ...(last ? restored(context, found, dropped, last) : found.capacityMap), ...capacityMap }),
  );
}

const kinds = z.record(z.string(), z.number());
const Noted = z.object({ capacityMap: kinds, previous: kinds });

type Last = Pick<WorkerCapacityInputs & WorkerCapacityOutputs, "capacityMap" | "previous">;

/** A kind that somebody took away is not in the state after a refresh, and is managed all the same. */
const managedOf = ({ capacityMap, previous }: Last): string[] => [...new Set([...Object.keys(capacityMap), ...Object.keys(previous)])];

/** What a worker has, with these kinds as they were before they were managed. */
function restored(context: Context<DtrClient>, { id, capacityMap: now }: Worker, kinds: readonly string[], last: Last): Capacity {
  const back = kinds.filter(
    (kind) =>
      now[kind] !== last.previous[kind] &&
      isOurs(context, `dtr:WorkerCapacity ${id}: the capacity for ${kind}`, now[kind] === last.capacityMap[kind]),
  );
  return { ...without(back, now), ...only(back, last.previous) };
}

/** The call takes the whole map. Nothing is sent where it would change nothing. */
async function send({ client, signal }: Context<DtrClient>, { id, capacityMap: now }: Worker, capacityMap: Capacity): Promise<void> {
  const kinds = new Set([...Object.keys(now), ...Object.keys(capacityMap)]);
  if ([...kinds].some((kind) => now[kind] !== capacityMap[kind])) await client.workers.setCapacity({ id, capacityMap }, { signal });
}

const only = (kinds: readonly string[], map: Capacity): Record<string, number> =>
  Object.fromEntries(Object.entries(map).filter(([kind]) => kinds.includes(kind)));
const without = (kinds: readonly string[], map: Capacity): Record<string, number> =>
  Object.fromEntries(Object.entries(map).filter(([kind]) => !kinds.includes(kind)));
