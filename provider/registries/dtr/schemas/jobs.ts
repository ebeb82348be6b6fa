import { z } from "zod";
import { count, map, text, time } from "./shape";
import { array, filled, within } from "./values";

/** How many tasks of which kind something takes or has room for: `{ "scan": 1 }`. */
export type CapacityMap = Readonly<Record<string, number>>;
/** What an action is told: `{ "SHA256SUM": "1bac…" }`. */
export type JobParameters = Readonly<Record<string, string>>;

/** One run of an action. */
export interface Job {
  readonly id: string;
  /** The first of a chain of retries. */
  readonly retryFromID?: string;
  /** Undefined: no worker has taken it. */
  readonly workerID?: string;
  /** `waiting`, `running`, `done`, `errored`, …: an open list, see `isFinished`. */
  readonly status: string;
  /** RFC 3339. */
  readonly scheduledAt?: string;
  /** RFC 3339. */
  readonly lastUpdated?: string;
  readonly action: string;
  readonly retriesLeft: number;
  readonly retriesTotal: number;
  readonly capacityMap: CapacityMap;
  readonly parameters: JobParameters;
  /** A duration such as `2h`, after which it is told to stop; empty: none. */
  readonly deadline: string;
  /** A duration: how long it may take to stop before it is killed. */
  readonly stopTimeout: string;
}

export interface JobLog {
  readonly data: string;
  readonly lineNum: number;
}

/** A schedule by which jobs of an action are made. One an action. */
export interface Cron {
  readonly id: string;
  readonly action: string;
  /** `0 0 1 * * 0` (seconds first), `@weekly`. */
  readonly schedule: string;
  readonly retries: number;
  readonly capacityMap: CapacityMap;
  readonly parameters: JobParameters;
  readonly deadline: string;
  readonly stopTimeout: string;
  /** RFC 3339. */
  readonly nextRun?: string;
}

/** Parameters that all jobs of an action get. One an action. */
export interface ActionConfig {
  readonly id: string;
  readonly action: string;
  readonly parameters: JobParameters;
}

/** What runs jobs, in one replica. */
export interface Worker {
  readonly id: string;
  /** `running` in the vendor's sample. */
  readonly status: string;
  readonly capacityMap: CapacityMap;
  /** RFC 3339. */
  readonly heartbeatExpiration?: string;
}

export const CapacityMap: z.ZodType<CapacityMap> = map(z.number());
/** A map of texts; a number or truth value is taken for its text. */
export const JobParameters: z.ZodType<JobParameters> = map(
  z.union([z.string(), z.union([z.number(), z.boolean()]).transform(String), z.null().transform(() => "")]),
);

export const Job: z.ZodType<Job> = z.object({
  id: z.string().min(1),
  retryFromID: filled,
  workerID: filled,
  status: text,
  scheduledAt: time,
  lastUpdated: time,
  action: text,
  retriesLeft: count,
  retriesTotal: count,
  capacityMap: CapacityMap,
  parameters: JobParameters,
  deadline: text,
  stopTimeout: text,
});
export const Jobs = within("jobs", Job);

/** The keys were `Data` and `LineNum` before 2.5. */
const JobLog: z.ZodType<JobLog> = z
  .object({ data: z.string().nullish(), Data: z.string().nullish(), lineNum: z.number().nullish(), LineNum: z.number().nullish() })
  .transform(({ data, Data, lineNum, LineNum }) => ({ data: data ?? Data ?? "", lineNum: lineNum ?? LineNum ?? 0 }));
export const JobLogs: z.ZodType<readonly JobLog[]> = array(JobLog);

export const Cron: z.ZodType<Cron> = z.object({
  id: text,
  action: z.string().min(1),
  schedule: text,
  retries: count,
  capacityMap: CapacityMap,
  parameters: JobParameters,
  deadline: text,
  stopTimeout: text,
  nextRun: time,
});
export const Crons = within("crons", Cron);

export const ActionConfig: z.ZodType<ActionConfig> = z.object({ id: text, action: z.string().min(1), parameters: JobParameters });
export const ActionConfigs = within("actionConfigs", ActionConfig);

const Worker: z.ZodType<Worker> = z.object({
  id: z.string().min(1),
  status: text,
  capacityMap: CapacityMap,
  heartbeatExpiration: time,
});
export const Workers = within("workers", Worker);
