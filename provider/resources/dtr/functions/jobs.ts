import type { ActionConfig, Cron, DtrClient, Job, JobLog, Worker } from "../../../registries/dtr";
import { readFunction } from "../../functions";
import { dtr } from "../module";

/** What the registry can do in the background. */
export interface ActionArgs {
  /** Its name: `gc`, `poll_mirror`, `tag_pruning` and so on. */
  action: string;
}

const crons = readFunction(
  "getCrons",
  dtr,
  async (client: DtrClient, _args: Record<never, never>, signal): Promise<Cron[]> => [...(await client.crons.list({}, { signal }))],
);
/** The schedules of all actions. Needs an administrator. */
export const getCrons = crons.plain;
export const getCronsOutput = crons.output;

const cron = readFunction(
  "getCron",
  dtr,
  (client: DtrClient, args: ActionArgs, signal): Promise<Cron> => client.crons.get(args, { signal }),
);
/** The schedule of one action; an error if it has none. Needs an administrator. */
export const getCron = cron.plain;
export const getCronOutput = cron.output;

const actionConfigs = readFunction(
  "getActionConfigs",
  dtr,
  async (client: DtrClient, _args: Record<never, never>, signal): Promise<ActionConfig[]> => [
    ...(await client.actionConfigs.list({}, { signal })),
  ],
);
/** The parameters of all actions that have some. Needs an administrator. */
export const getActionConfigs = actionConfigs.plain;
export const getActionConfigsOutput = actionConfigs.output;

const actionConfig = readFunction(
  "getActionConfig",
  dtr,
  (client: DtrClient, args: ActionArgs, signal): Promise<ActionConfig> => client.actionConfigs.get(args, { signal }),
);
/** The parameters of one action; an error if it has none. Needs an administrator. */
export const getActionConfig = actionConfig.plain;
export const getActionConfigOutput = actionConfig.output;

/** Which jobs. */
export interface JobsArgs {
  /** Only those of this action. */
  action?: string;
  /** Only those of this worker: its id. */
  worker?: string;
  /** Only those that run, or only those that do not. */
  running?: boolean;
}

const jobs = readFunction(
  "getJobs",
  dtr,
  (client: DtrClient, { running, ...args }: JobsArgs, signal): Promise<Job[]> =>
    Array.fromAsync(client.jobs.list({ ...args, ...(running !== undefined && { running: String(running) }) }, { signal })),
);
/** Jobs, those scheduled last first. Needs an administrator. A registry may have many thousands: give an action, or use `running`. */
export const getJobs = jobs.plain;
export const getJobsOutput = jobs.output;

/** A job. */
export interface JobArgs {
  /** UUID of the job. */
  jobId: string;
}

const job = readFunction(
  "getJob",
  dtr,
  (client: DtrClient, { jobId }: JobArgs, signal): Promise<Job> => client.jobs.get({ id: jobId }, { signal }),
);
/** One job; an error if there is none. Needs an administrator. */
export const getJob = job.plain;
export const getJobOutput = job.output;

const jobLogs = readFunction(
  "getJobLogs",
  dtr,
  async (
    client: DtrClient,
    {
      jobId,
      ...args
    }: JobArgs & {
      /** From this line on. Default 0. */
      offset?: number;
      /** How many lines at the most. Default 0: all. */
      limit?: number;
    },
    signal,
  ): Promise<JobLog[]> => [...(await client.jobs.logs({ id: jobId, ...args }, { signal }))],
);
/** What a job wrote. Needs an administrator. */
export const getJobLogs = jobLogs.plain;
export const getJobLogsOutput = jobLogs.output;

const workers = readFunction(
  "getWorkers",
  dtr,
  async (client: DtrClient, _args: Record<never, never>, signal): Promise<Worker[]> => [...(await client.workers.list({}, { signal }))],
);
/** What runs the jobs, and how much of what it does at a time. Needs an administrator. */
export const getWorkers = workers.plain;
export const getWorkersOutput = workers.output;
