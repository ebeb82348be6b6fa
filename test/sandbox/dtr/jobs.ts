import { argument, type Call, flag, form, integer, natural, parameter, text } from "./call";
import { runDue } from "./crons";
import { parseMoment } from "./dates";
import { refusal } from "./errors";
import { cancel, look, submit } from "./job-runs";
import { lookUp, missing, taskOf, taskView } from "./jobrunner";
import { offsetPage } from "./paging";
import { absent, dateText, listed, type Route } from "./route";
import { type Job, services } from "./services";
import type { World } from "./world";

const path = "/api/v0/jobs";

export const jobRoutes: readonly Route[] = [
  { method: "GET", path, who: "admin", list: true, run: list },
  { method: "POST", path, who: "admin", run: create },
  { method: "GET", path: `${path}/{id}`, who: "admin", run: get },
  { method: "DELETE", path: `${path}/{id}`, who: "admin", run: remove },
  { method: "POST", path: `${path}/{id}/cancel`, who: "admin", run: stop },
  { method: "GET", path: `${path}/{id}/logs`, who: "admin", run: logs },
];

/** The most recently scheduled first; of those of one moment the last submitted. */
async function list(call: Call) {
  const { world } = call;
  runDue(world);
  const wanted = (name: string) => {
    const value = argument(call, name) ?? "any";
    return value === "any" ? undefined : value;
  };
  const [action, worker, running] = [wanted("action"), wanted("worker"), wanted("running")];
  const found = services(world)
    .jobs.filter((job) => action === undefined || job.action === action)
    .filter((job) => worker === undefined || job.workerID === worker)
    .filter((job) => running === undefined || String(job.phase === "running") === running)
    .toReversed()
    .toSorted((a, b) => b.scheduledAt.getTime() - a.scheduledAt.getTime());
  const items = offsetPage(call, found);
  for (const job of items) await look(world, job);
  const views = items.map((job) => view(world, job));
  return { status: 200, json: { jobs: listed(world, views) } };
}

/** Only the action is needed. */
function create(call: Call) {
  const { world } = call;
  const fields = form(call);
  const at = text(fields, "scheduledAt") ?? "";
  const scheduledAt = at === "" ? world.clock.now() : parseMoment(at);
  if (!scheduledAt) throw refusal("INVALID_PARAMETERS", `scheduledAt is a date such as 2026-01-01T00:00:00Z, not '${at}'.`);
  const job = submit(world, { ...taskOf(fields), scheduledAt, retriesTotal: integer(fields, "retries") ?? 0 });
  return { status: 202, json: view(world, job) };
}

async function get(call: Call) {
  const { world } = call;
  const job = jobOf(call);
  if (job) await look(world, job);
  return lookUp(world, job, "job", (found) => ({ status: 200, json: view(world, found) }));
}

/** Cancels the job, and forgets it. */
function remove(call: Call) {
  const { world } = call;
  const { jobs } = services(world);
  const job = jobOf(call);
  if (!job) return absent(world, missing("job"));
  cancel(world, job);
  jobs.splice(jobs.indexOf(job), 1);
  return { status: 204 };
}

function stop(call: Call) {
  return lookUp(call.world, jobOf(call), "job", (job) => {
    cancel(call.world, job);
    return { status: 204 };
  });
}

/** Lines from `offset` on, `limit` of them; 0 is all. What `stream` asks for is the same, and ends at once. */
async function logs(call: Call) {
  const { world } = call;
  const [offset, limit] = [natural(call, "offset", 0), natural(call, "limit", 0)];
  flag(call, "stream", false);
  const job = jobOf(call);
  if (job) await look(world, job);
  return lookUp(world, job, "job", (found) => {
    const lines = found.logs.map((data, at) => ({ data, lineNum: at + 1 }));
    return { status: 200, json: listed(world, lines.slice(offset, limit === 0 ? undefined : offset + limit)) };
  });
}

function jobOf(call: Call): Job | undefined {
  return services(call.world).jobs.find(({ id }) => id === parameter(call, "id"));
}

const guideStatuses: Readonly<Record<string, string>> = { errored: "error", canceled: "cancel" };

function view(world: World, job: Job) {
  const { id, retryFromID, workerID, phase, retriesLeft, retriesTotal } = job;
  const status = world.switches.jobStatuses === "guide" ? (guideStatuses[phase] ?? phase) : phase;
  const dates = { scheduledAt: dateText(world, job.scheduledAt), lastUpdated: dateText(world, job.lastUpdated) };
  return { id, retryFromID, workerID, status, ...dates, ...taskView(world, job), retriesLeft, retriesTotal };
}
