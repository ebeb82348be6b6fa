import { z } from "zod";
import { DeadlineExceeded, type DtrClient, type Job as Found, isDone, isFinished, JobFailed, submitJob } from "../../registries/dtr";
import type { CommonInputs, Context } from "../declaration";
import { Incomplete } from "../failure";
import { resource } from "../resource";
import { describeFailure, endOfJob, latestJobs } from "./job-end";
import { dtr } from "./module";
import { DurationText } from "./same-duration";
import { unlessGone } from "./unless-gone";

/** What a program declares. */
export interface JobInputs extends CommonInputs {
  /** What is run: `gc`, `onlinegc`, `poll_mirror`, `tag_pruning`, `scan_check_all`, `update_vuln_db` and so on. A change runs a job. */
  action: string;
  /** What the action is told. A change runs a job. */
  parameters?: Record<string, string>;
  /** How often a run that failed is tried again; the resource waits for the last try. Default: the server's own (none). */
  retries?: number;
  /** How much of which kind of a worker's capacity the run takes: `{ scan: 1 }`. Default: the server's own. */
  capacityMap?: Record<string, number>;
  /** How long the run may take until it is told to stop: `2h`. Default: the server's own (for ever). */
  deadline?: string;
  /** How long it may then take to stop before it is killed: `30s`. Default: the server's own. */
  stopTimeout?: string;
  /** A change of any value runs a job. */
  triggers?: Record<string, string>;
}

/** What the server adds. */
export interface JobOutputs {
  /** UUID of the job that ran last. */
  jobId: string;
  /** Its status: `done`, or what it was when it was seen last. */
  status: string;
  /** When it ended: RFC 3339. Empty while its end was not seen. */
  finishedAt: string;
}

/**
 * A job: run when the resource is created, and again whenever an input changes. The resource waits for its end; a job that fails is an error with the last lines of
 * its log, and the next `pulumi up` runs another. It needs a system administrator. Destroying the resource does nothing; a job that is under way goes on.
 *
 * It is submitted once. If the answer is lost, a job of the same action and parameters that was not there before is taken for it.
 *
 * The id is that of the first job; `jobId` is the last one's.
 */
export class Job extends resource<JobInputs, JobOutputs, DtrClient>({
  type: "dtr:Job",
  module: dtr,
  inputs: {
    action: z.string().regex(/^[\w-]+$/, "must be the name of an action such as gc"),
    parameters: z.record(z.string(), z.string()).optional(),
    retries: z.int().nonnegative("must not be negative").optional(),
    capacityMap: z.record(z.string(), z.int().nonnegative("must not be negative")).optional(),
    deadline: DurationText.optional(),
    stopTimeout: DurationText.optional(),
    triggers: z.record(z.string(), z.string()).optional(),
  },
  outputs: { jobId: z.string(), status: z.string(), finishedAt: z.string() },
  notAdoptable: "has no effect on a job: there is nothing to take over",
  timeouts: { create: "3h", update: "3h" },
  key: ({ action }) => action,
  due: ({ finishedAt, jobId }) =>
    finishedAt !== "" ? undefined : jobId === "" ? "the last job failed" : "the last job was not seen to end",

  async resume(context, inputs, attempt) {
    const { client, signal } = context;
    const job =
      attempt.id === undefined
        ? (await latestJobs(context, inputs.action)).find((found) => isSince(found, attempt.startedAt) && isSame(found, inputs))
        : await unlessGone(client.jobs.get({ id: attempt.id }, { signal }));
    return job && (!isFinished(job) || isDone(job)) ? job.id : undefined; // one that failed is run again
  },
  async adopt(context, id) {
    return ended(context, id, id);
  },
  async create(context, inputs, attempt) {
    const id = await submit(context, inputs);
    attempt.created(id);
    return { id, outputs: await ended(context, id, id) };
  },
  async read({ client, signal }, id, last) {
    // Servers keep some jobs only, so one that is gone was run all the same.
    if (last.jobId !== undefined) return { jobId: last.jobId, status: last.status ?? "", finishedAt: last.finishedAt ?? "" };
    const job = await unlessGone(client.jobs.get({ id }, { signal }));
    if (!job) return undefined;
    const { action, parameters, capacityMap, deadline, stopTimeout, retriesTotal } = job;
    return {
      action,
      ...(Object.keys(parameters).length > 0 && { parameters: { ...parameters } }),
      ...(retriesTotal > 0 && { retries: retriesTotal }),
      ...(Object.keys(capacityMap).length > 0 && { capacityMap: { ...capacityMap } }),
      ...(deadline !== "" && { deadline }),
      ...(stopTimeout !== "" && { stopTimeout }),
      jobId: id,
      status: job.status,
      finishedAt: isFinished(job) ? (job.lastUpdated ?? "unknown") : "",
    };
  },
  async update(context, id, inputs, last) {
    // One that ran out of time is waited for, not run a second time.
    if (last.finishedAt !== "" || last.jobId === "" || !isEqual(inputs, last)) return ended(context, id, await submit(context, inputs));
    try {
      return await ended(context, id, last.jobId);
    } catch (error) {
      // Written down, or every `up` would wait for the job that failed.
      if (error instanceof JobFailure)
        throw new Incomplete<JobOutputs>(id, { jobId: "", status: error.status, finishedAt: "" }, [error.message]);
      throw error;
    }
  },
  async delete() {},
}) {}

/** A job's failure, as people are told of it. */
class JobFailure extends Error {
  constructor(
    message: string,
    readonly status: string,
  ) {
    super(message);
  }
}

async function submit({ client, signal, log }: Context<DtrClient>, inputs: JobInputs): Promise<string> {
  const { action, parameters, retries, capacityMap, deadline, stopTimeout } = inputs;
  const { id } = await submitJob(
    client,
    {
      action,
      ...(parameters && { parameters }),
      ...(retries !== undefined && { retries }),
      ...(capacityMap && { capacityMap }),
      ...(deadline !== undefined && { deadline }),
      ...(stopTimeout !== undefined && { stopTimeout }),
    },
    { signal },
  );
  log(`dtr:Job ${action}: waiting for job ${id}`);
  return id;
}

/** Waits for a job. One that goes on when the time is over is kept in the state. */
async function ended(context: Context<DtrClient>, id: string, jobId: string): Promise<JobOutputs> {
  try {
    const job = await endOfJob(context, jobId);
    return { jobId: job.id, status: job.status, finishedAt: job.lastUpdated ?? new Date(context.clock.now()).toISOString() };
  } catch (error) {
    if (error instanceof JobFailed)
      throw new JobFailure(`${describeFailure(error)}\nThe next \`pulumi up\` runs it anew`, error.job?.status ?? "gone");
    if (!(error instanceof DeadlineExceeded || context.signal.aborted)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Incomplete<JobOutputs>(id, { jobId, status: "running", finishedAt: "" }, [
      `the job was not seen to end: ${reason} Run \`pulumi up\` again to go on waiting`,
    ]);
  }
}

/** Clocks differ. A job of a minute before the attempt that is equal did the same. */
const SKEW = 60_000;
const isSince = ({ scheduledAt }: Found, startedAt: number): boolean =>
  scheduledAt !== undefined && Date.parse(scheduledAt) >= startedAt - SKEW;

const sorted = (map: Readonly<Record<string, unknown>> = {}) => JSON.stringify(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
const isSame = ({ parameters }: Found, inputs: JobInputs): boolean => sorted(parameters) === sorted(inputs.parameters);

/** Whether a state is of these inputs, so that its job is the one that is wanted. */
const isEqual = (a: JobInputs, b: JobInputs): boolean =>
  a.action === b.action &&
  a.retries === b.retries &&
  a.deadline === b.deadline &&
  a.stopTimeout === b.stopTimeout &&
  sorted(a.parameters) === sorted(b.parameters) &&
  sorted(a.capacityMap) === sorted(b.capacityMap) &&
  sorted(a.triggers) === sorted(b.triggers);
