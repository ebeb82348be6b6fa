import type { Call } from "./call";
import { form, integer, parameter, text } from "./call";
import { refusal } from "./errors";
import { submit } from "./job-runs";
import { lookUp, missing, taskOf, taskView } from "./jobrunner";
import { absent, dateText, listed, type Route } from "./route";
import { parseSchedule } from "./schedule";
import { type Cron, services } from "./services";
import type { World } from "./world";

const path = "/api/v0/crons";

export const cronRoutes: readonly Route[] = [
  { method: "GET", path, who: "admin", list: true, run: list },
  { method: "POST", path, who: "admin", run: set },
  { method: "GET", path: `${path}/{action}`, who: "admin", run: get },
  { method: "DELETE", path: `${path}/{action}`, who: "admin", run: remove },
];

function list({ world }: Call) {
  runDue(world);
  const crons = [...services(world).crons.values()].map((cron) => view(world, cron));
  return { status: 200, json: { crons: listed(world, crons) } };
}

/** Creates the cron of the action, or changes the one that there is. */
function set(call: Call) {
  const { world } = call;
  const fields = form(call);
  const task = taskOf(fields);
  const schedule = text(fields, "schedule") ?? "";
  const { crons } = services(world);
  const id = crons.get(task.action)?.id ?? world.newId();
  const cron: Cron = { ...task, id, schedule, retries: integer(fields, "retries") ?? 0, nextRun: nextRun(schedule, world.clock.now()) };
  crons.set(task.action, cron);
  return { status: 202, json: view(world, cron) };
}

function get(call: Call) {
  const { world } = call;
  runDue(world);
  return lookUp(world, services(world).crons.get(parameter(call, "action")), "cron", (cron) => ({ status: 200, json: view(world, cron) }));
}

/** Jobs that came from it go on. */
function remove(call: Call) {
  if (services(call.world).crons.delete(parameter(call, "action"))) return { status: 204 };
  return absent(call.world, missing("cron"));
}

/** Submits a job for each cron whose time has come by the sandbox's clock; one, however often it was missed. */
export function runDue(world: World): void {
  const now = world.clock.now();
  for (const cron of services(world).crons.values()) {
    if (!cron.nextRun || cron.nextRun > now) continue;
    submit(world, { ...cron, scheduledAt: cron.nextRun, retriesTotal: cron.retries });
    cron.nextRun = nextRun(cron.schedule, now);
  }
}

function nextRun(schedule: string, now: Date): Date | undefined {
  try {
    return parseSchedule(schedule).next(now);
  } catch (error) {
    throw refusal("INVALID_PARAMETERS", error instanceof Error ? error.message : String(error));
  }
}

function view(world: World, cron: Cron) {
  const { id, schedule, retries, nextRun: next } = cron;
  return { id, schedule, retries, ...taskView(world, cron), nextRun: dateText(world, next) };
}
