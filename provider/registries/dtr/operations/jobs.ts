import { z } from "zod";
import { operation } from "../../operation";
import { paged } from "../paging";
import { ActionConfig, ActionConfigs, Cron, Crons, Job, JobLogs, Workers } from "../schemas/jobs";
import { within } from "../schemas/values";
import { capacityMap, jobParameters, name, run } from "./given";

/** What runs in the background: jobs, the schedules and parameters of their actions, the workers that run them. For administrators. */

export const crons = {
  /** All schedules. In no pages. */
  list: operation("GET /api/v0/crons", { answer: Crons, errors: [403] }),
  /** Creates or replaces the schedule of an action: `gc` at `0 0 1 * * 0` (seconds first), `@weekly`. */
  set: operation("POST /api/v0/crons", {
    body: { action: name, schedule: name, ...run },
    answer: Cron,
    // There is one an action, so once more changes nothing.
    repeatable: true,
    errors: [400, 403],
  }),
  /** The schedule of an action. Gone: a 404 whose code is not documented. */
  get: operation("GET /api/v0/crons/{action}", { answer: Cron, errors: [403, 404] }),
  /** Jobs that run go on. */
  delete: operation("DELETE /api/v0/crons/{action}", { errors: [403, 404] }),
};

export const actionConfigs = {
  /** All configured actions. In no pages. */
  list: operation("GET /api/v0/action_configs", { answer: ActionConfigs, errors: [403] }),
  /** Creates or replaces the parameters that all jobs of an action get. */
  set: operation("POST /api/v0/action_configs", {
    body: { action: name, parameters: jobParameters },
    answer: ActionConfig,
    repeatable: true,
    errors: [400, 403],
  }),
  /** The parameters of an action. Gone: a 404 whose code is not documented. */
  get: operation("GET /api/v0/action_configs/{action}", { answer: ActionConfig, errors: [403, 404] }),
  /** The server's defaults come back. */
  delete: operation("DELETE /api/v0/action_configs/{action}", { errors: [403, 404] }),
};

export const jobs = {
  /** Jobs, those scheduled last first; of one action, one worker, or by whether they run (`true`, `false`). Each of them may be `any`. */
  list: paged("GET /api/v0/jobs", {
    by: "offset",
    query: { action: name.optional(), worker: name.optional(), running: name.optional() },
    items: within("jobs", Job),
    key: ({ id }) => id,
    errors: [403],
  }),
  /** Schedules a run of an action, now or at `scheduledAt` (RFC 3339). `waitForJob` waits for its end. */
  submit: operation("POST /api/v0/jobs", {
    body: { action: name, ...run, scheduledAt: z.string().optional() },
    answer: Job,
    errors: [400, 403],
  }),
  /** One job. NO_SUCH_JOB: it is gone. */
  get: operation("GET /api/v0/jobs/{id}", { answer: Job, errors: [403, 404] }),
  /** Tells the worker to stop, and removes the job. */
  delete: operation("DELETE /api/v0/jobs/{id}", { errors: [403, 404] }),
  /** Tells the worker to stop; the job remains. */
  cancel: operation("POST /api/v0/jobs/{id}/cancel", { repeatable: true, errors: [403, 404] }),
  /**
   * What a job wrote, from line `offset` on, at most `limit` lines (0, the default: all). The API's `stream`, which keeps the answer open while the job runs,
   * is not offered: ask again with another `offset`.
   */
  logs: operation("GET /api/v0/jobs/{id}/logs", {
    query: { offset: z.number().int().nonnegative().optional(), limit: z.number().int().nonnegative().optional() },
    answer: JobLogs,
    errors: [403, 404],
  }),
};

export const workers = {
  /** All workers. In no pages. */
  list: operation("GET /api/v0/workers", { answer: Workers, errors: [403] }),
  /** Sets how many tasks of which kind a worker takes at a time: `{ scan: 2, scanCheck: 2 }`. Not in 3.0. */
  setCapacity: operation("POST /api/v0/workers/{id}/capacity", { body: { capacityMap }, repeatable: true, errors: [400, 403, 404] }),
};
