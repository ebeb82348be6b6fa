import { type DtrClient, isNotAuthorized, type Job, JobFailed, waitForJob } from "../../registries/dtr";
import { type Context, remaining } from "../declaration";
import { until } from "./until";

/** Lines of a log that an error shows. */
const SHOWN = 10;
/** How long a retry may take to be listed. Milliseconds. */
const RETRY_PATIENCE = 60_000;
/** Those scheduled last come first; more than this nobody looks through. */
const LOOKED = 100;

/**
 * Waits until a job is done, and follows its retries, which are jobs of their own. Throws JobFailed when the last of them failed, DeadlineExceeded when the
 * time is over.
 */
export async function endOfJob(context: Context<DtrClient>, first: string): Promise<Job> {
  const chain = new Set<string>();
  for (let id = first; ; ) {
    chain.add(id);
    try {
      return await waitForJob(context.client, id, remaining(context));
    } catch (error) {
      const next = error instanceof JobFailed && error.job ? await retryOf(context, error.job, chain) : undefined;
      if (next === undefined) throw error;
      context.log(`job ${id} failed and is tried again, as job ${next}`);
      id = next;
    }
  }
}

/** The job that tries a failed one again. It may be named after the first of the chain, or after the one before it. */
async function retryOf(
  context: Context<DtrClient>,
  { id, action, status, retriesLeft, retryFromID }: Job,
  chain: ReadonlySet<string>,
): Promise<string | undefined> {
  if (retriesLeft <= 0 || /cancel|deleted/.test(status)) return undefined;
  const origins = new Set([...chain, id, ...(retryFromID === undefined ? [] : [retryFromID])]);
  const look = async () => {
    const jobs = await latestJobs(context, action);
    return jobs.find((job) => !chain.has(job.id) && job.retryFromID !== undefined && origins.has(job.retryFromID))?.id;
  };
  return until(context, look, context.clock.now() + RETRY_PATIENCE);
}

/** The jobs of an action that were scheduled last, newest first. */
export async function latestJobs({ client, signal }: Context<DtrClient>, action: string): Promise<Job[]> {
  const found: Job[] = [];
  for await (const job of client.jobs.list({ action }, { signal })) {
    if (job.action === action) found.push(job);
    if (found.length >= LOOKED) break;
  }
  return found;
}

/** What a failed job's end looks like to people: its message, and the last lines of its log. */
export const describeFailure = ({ message, log }: JobFailed): string =>
  log.length === 0 ? message : [message, ...log.slice(-SHOWN).map((line) => `  ${line}`)].join("\n");

/**
 * Jobs of an action that are made after this call, for work which the server may do as a job: what to call then. Nothing where this user may not see jobs.
 */
export async function watchJobs(context: Context<DtrClient>, action: string): Promise<() => Promise<Job[]>> {
  const visible = async () => {
    try {
      return await latestJobs(context, action);
    } catch (error) {
      if (isNotAuthorized(error)) return [];
      throw error;
    }
  };
  const before = new Set((await visible()).map(({ id }) => id));
  return async () => (await visible()).filter(({ id }) => !before.has(id));
}
