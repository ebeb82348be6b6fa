import { redactor } from "../../http";
import { oneLine } from "../../http/redact";
import type { CallOptions } from "../call";
import type { DtrClient } from "./client";
import { isGone } from "./errors";
import type { Job, JobLog } from "./schemas";
import { poll, type Wait } from "./wait";

/** A job ended in another status than `done`, or was removed while it was waited for. */
export class JobFailed extends Error {
  override readonly name = "JobFailed";

  constructor(
    message: string,
    /** As it was seen last; undefined: never. */
    readonly job: Job | undefined,
    /** The last lines of its log, as far as they could be read; without control characters and whatever looks like a credential. */
    readonly log: readonly string[],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const unfinished: readonly string[] = ["waiting", "running", "cancel_request"];

/**
 * Whether a job has come to its end. The vendor's description and its guide name different statuses (`canceled`, `cancel`, `errored`, `error`, `worker_dead`, …), so
 * whatever is not known to go on has ended. An empty status is none yet.
 */
export const isFinished = ({ status }: Pick<Job, "status">): boolean => status !== "" && !unfinished.includes(status);

/** Finished without an error. */
export const isDone = ({ status }: Pick<Job, "status">): boolean => status === "done";

export interface WaitForJob extends Wait {
  /** Called with each new line of the job's log. Lines are as they come: they may hold control characters. */
  readonly onLog?: (line: JobLog) => void;
}

/** Lines of the log that a JobFailed carries, and characters of each. */
const tail = { lines: 20, length: 500 };
const shownLines = 3;

/**
 * Waits until a job has ended, and gives it. Throws JobFailed with the end of its log for any end but `done`, also when the job was removed; DeadlineExceeded
 * when the time is over (the job goes on: `jobs.cancel`); RegistryError when it cannot be looked at. What becomes of retries, which are jobs of their
 * own, is not followed.
 */
export async function waitForJob(client: Pick<DtrClient, "jobs">, id: string, wait: WaitForJob): Promise<Job> {
  const { onLog } = wait;
  let last: Job | undefined;
  let heard = 0;
  const kept: JobLog[] = [];
  const listen = async (options: Pick<CallOptions, "signal" | "timeouts">) => {
    const lines = await logsOf(client, id, heard, options);
    heard += lines.length;
    kept.push(...lines.slice(-tail.lines));
    kept.splice(0, kept.length - tail.lines);
    if (onLog) for (const line of lines) onLog(line);
  };
  const failed = async (says: string, options: Pick<CallOptions, "signal" | "timeouts">, cause?: unknown) => {
    if (!onLog && cause === undefined) await listen(options);
    const redact = redactor([]);
    const log = kept.map(({ data }) => oneLine(redact(data), tail.length)).filter((line) => line !== "");
    const end = log.length === 0 ? "Its log says nothing" : `Its log ends: ${log.slice(-shownLines).join(" | ")}`;
    const name = last === undefined ? `Job ${id}` : `Job ${id} (${oneLine(last.action, 80)})`;
    return new JobFailed(`${name} ${says}. ${end}.`, last, log, cause === undefined ? {} : { cause });
  };
  return poll(
    async (options) => {
      try {
        last = await client.jobs.get({ id }, options);
      } catch (error) {
        if (!isGone(error)) throw error;
        throw await failed(
          "is not there any more: somebody deleted it, or the server keeps too few jobs (jobHistoryToKeep)",
          options,
          error,
        );
      }
      const finished = isFinished(last);
      if (onLog) await listen(options);
      if (!finished) return undefined;
      if (isDone(last)) return { done: last };
      const left = last.retriesLeft > 0 ? `; the server may run it again ${last.retriesLeft} times, as other jobs` : "";
      throw await failed(`ended in status ${oneLine(last.status, 80)}${left}`, options);
    },
    wait,
    () => `Job ${id}${last ? ` (${last.action}) is ${last.status || "without a status"}` : " was not seen"}`,
  );
}

/** The log comes from the worker that runs the job, which may not answer: no reason to give up on the job. */
async function logsOf(
  client: Pick<DtrClient, "jobs">,
  id: string,
  offset: number,
  options: Pick<CallOptions, "signal" | "timeouts">,
): Promise<readonly JobLog[]> {
  try {
    return await client.jobs.logs({ id, ...(offset > 0 && { offset }) }, options);
  } catch {
    options.signal?.throwIfAborted();
    return [];
  }
}

type Submission = Parameters<DtrClient["jobs"]["submit"]>[0];
type Options = Pick<CallOptions, "signal" | "timeouts">;

/**
 * Submits a job, once: if the answer is lost, a job of the same action and parameters that was not there before is taken for it. It may be one that somebody else
 * submitted in the same moment, which does the same.
 */
export async function submitJob(client: Pick<DtrClient, "jobs">, submission: Submission, options: Options = {}): Promise<Job> {
  const before = new Set((await latest(client, submission.action, options)).map(({ id }) => id));
  const wanted = JSON.stringify(sorted(submission.parameters));
  const find = async () =>
    (await latest(client, submission.action, options)).find(
      (job) => !before.has(job.id) && JSON.stringify(sorted(job.parameters)) === wanted,
    );
  return client.jobs.submit(submission, { ...options, find });
}

/** Those scheduled last come first. */
const looked = 100;

async function latest(client: Pick<DtrClient, "jobs">, action: string, options: Options): Promise<Job[]> {
  const found: Job[] = [];
  for await (const job of client.jobs.list({ action }, options)) {
    if (job.action === action) found.push(job);
    if (found.length >= looked) break;
  }
  return found;
}

const sorted = (parameters: Readonly<Record<string, string>> = {}) => Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
