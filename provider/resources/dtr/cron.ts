import { z } from "zod";
import type { Cron as CronEntry, DtrClient } from "../../registries/dtr";
import type { CommonInputs, Context } from "../declaration";
import { resource } from "../resource";
import { textFor } from "../text";
import { dtr } from "./module";
import { DurationText, sameDuration } from "./same-duration";
import { unlessGone } from "./unless-gone";

/** What a program declares. */
export interface CronInputs extends CommonInputs {
  /** Action that runs on the schedule: `gc`, `poll_mirror`, `tag_pruning`, `update_vuln_db` and so on. There is one schedule an action. A change replaces it. */
  action: string;
  /** When it runs: six fields, seconds first (`0 0 1 * * 0` is Sundays at one o'clock), or `@hourly`, `@daily`, `@weekly` and so on. */
  schedule: string;
  /** How often a run that failed is tried again. Default 0. */
  retries?: number;
  /** How much of which kind of a worker's capacity a run takes: `{ scan: 1 }`. Default: the server's own, which is then left alone. */
  capacityMap?: Record<string, number>;
  /** What the action is told. Default: the server's own, which is then left alone. */
  parameters?: Record<string, string>;
  /** How long a run may take until it is told to stop: `2h`. Empty, the default: for ever. */
  deadline?: string;
  /** How long a run may then take to stop before it is killed. Default `30s`. */
  stopTimeout?: string;
}

/** What the server adds. */
export interface CronOutputs {
  /** UUID of the schedule. */
  cronId: string;
}

/**
 * The schedule on which the registry runs an action, garbage collection for instance. It needs a system administrator. Some actions have a schedule from the
 * start: manage it with `adopt`. Destroying the resource deletes the schedule, also one that was adopted; runs that are under way go on.
 *
 * The id is the action.
 */
export class Cron extends resource<CronInputs, CronOutputs, DtrClient>({
  type: "dtr:Cron",
  module: dtr,
  inputs: {
    action: z.string().min(1, "must not be empty"),
    schedule: textFor(checkSchedule),
    retries: z.int().nonnegative("must not be negative").default(0),
    capacityMap: z.record(z.string(), z.int().nonnegative("must not be negative")).optional(),
    parameters: z.record(z.string(), z.string()).optional(),
    deadline: DurationText.default(""),
    stopTimeout: DurationText.default("30s"),
  },
  outputs: { cronId: z.string() },
  replaceOn: ["action"],
  same: {
    schedule: (old, now) => fields(old).join(" ") === fields(now).join(" "),
    deadline: (old = "", now = "") => sameDuration(old, now),
    stopTimeout: (old = "", now = "") => sameDuration(old, now),
  },
  key: ({ action }) => action,

  async find(context, { action }) {
    return (await scheduled(context, action)) && action;
  },
  async create(context, inputs) {
    return { id: inputs.action, outputs: await set(context, inputs) };
  },
  async read(context, id, last) {
    const found = await scheduled(context, id);
    if (!found) return undefined;
    const whole = last.schedule === undefined; // `.get`, which shows all there is
    return {
      action: id,
      schedule: found.schedule,
      retries: found.retries,
      ...((whole || last.capacityMap !== undefined) && { capacityMap: { ...found.capacityMap } }),
      ...((whole || last.parameters !== undefined) && { parameters: { ...found.parameters } }),
      deadline: found.deadline,
      stopTimeout: found.stopTimeout,
      cronId: found.id,
    };
  },
  async update(context, _id, inputs) {
    return set(context, inputs, await scheduled(context, inputs.action));
  },
  async delete({ client, signal }, id) {
    await unlessGone(client.crons.delete({ action: id }, { signal }));
  },
}) {}

const scheduled = ({ client, signal }: Context<DtrClient>, action: string): Promise<CronEntry | undefined> =>
  unlessGone(client.crons.get({ action }, { signal }));

/** The call replaces the whole schedule, so what the program leaves out is sent as it is. */
async function set({ client, signal }: Context<DtrClient>, inputs: CronInputs, now?: CronEntry): Promise<CronOutputs> {
  const { action, schedule, retries = 0, deadline = "", stopTimeout = "30s" } = inputs;
  const capacityMap = inputs.capacityMap ?? now?.capacityMap;
  const parameters = inputs.parameters ?? now?.parameters;
  const { id } = await client.crons.set(
    { action, schedule, retries, deadline, stopTimeout, ...(capacityMap && { capacityMap }), ...(parameters && { parameters }) },
    { signal },
  );
  return { cronId: id };
}

const fields = (schedule: string): string[] => schedule.trim().split(/\s+/);

/** A line of a crontab has five fields and no seconds; taken for six, it would run at another time or be refused. The rest is the server's to judge. */
function checkSchedule(schedule: string): void {
  const count = fields(schedule).length;
  if (schedule.trim().startsWith("@") || count === 6) return;
  throw new RangeError(
    `must have six fields (second, minute, hour, day of month, month, day of week), or be a word such as @weekly; this has ${schedule.trim() === "" ? 0 : count}`,
  );
}
