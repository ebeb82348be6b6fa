import { actionNamed, type Log, type Work } from "./job-work";
import { type Job, type JobPhase, type Parameters, type ScannedImage, services, type Task } from "./services";
import type { World } from "./world";

/** What is to be done, and when. */
export interface Submission extends Task {
  readonly scheduledAt: Date;
  readonly retriesTotal: number;
  /** Default: all of them. */
  readonly retriesLeft?: number;
  /** The job of which this is another try. Default: itself. */
  readonly retryFromID?: string;
  readonly scan?: ScannedImage;
}

const finished: readonly JobPhase[] = ["done", "errored", "canceled"];

export function isFinished({ phase }: Job): boolean {
  return finished.includes(phase);
}

/** Puts a job into the queue. It moves on when somebody looks at it, or with the sandbox's clock. */
export function submit(world: World, submission: Submission): Job {
  const { action, parameters, capacityMap, deadline, stopTimeout, scheduledAt, retriesTotal, scan } = submission;
  const id = world.newId();
  const job: Job = {
    id,
    retryFromID: submission.retryFromID ?? id,
    workerID: "",
    phase: "waiting",
    scheduledAt,
    lastUpdated: world.clock.now(),
    retriesLeft: submission.retriesLeft ?? retriesTotal,
    retriesTotal,
    polls: scan ? world.switches.scanPolls : world.switches.jobPolls,
    logs: [],
    ...{ action, parameters, capacityMap, deadline, stopTimeout },
    ...(scan && { scan }),
  };
  services(world).jobs.push(job);
  return job;
}

/** One look at a job: the switch `jobPolls` says how many of them find it running. */
export async function look(world: World, job: Job): Promise<void> {
  const now = world.clock.now().getTime();
  if (isFinished(job) || job.working || job.scheduledAt.getTime() > now) return;
  const since = Math.max(job.scheduledAt.getTime(), job.lastUpdated.getTime());
  if (job.polls > 0 && now < since + world.switches.jobDuration) {
    job.polls -= 1;
    // The first of several looks finds it in the queue.
    if (job.looked || job.polls === 0) begin(world, job);
    job.looked = true;
    return;
  }
  await finish(world, job);
}

/** Does the work of a job now, unless it was begun before. */
export async function finish(world: World, job: Job): Promise<void> {
  if (isFinished(job)) return;
  job.working ??= perform(world, job, actionNamed(job.action).work);
  await job.working;
}

/** A job whose work somebody brings along, and which goes on by itself: mirroring after a push. */
export function runNow(world: World, action: string, parameters: Parameters, work: (log: Log) => Promise<void>): Job {
  const task = { action, parameters, capacityMap: null, deadline: "", stopTimeout: "" };
  const job = submit(world, { ...task, scheduledAt: world.clock.now(), retriesTotal: 0 });
  job.working = perform(world, job, ({ log }) => work(log));
  world.hooks.follow(job.working);
  return job;
}

async function perform(world: World, job: Job, work: Work): Promise<void> {
  begin(world, job);
  const undertaking = { world, job, log: (line: string) => void job.logs.push(line) };
  const failure = orderedFailure(world, job.action);
  let end: JobPhase = "done";
  try {
    if (failure !== undefined) {
      actionNamed(job.action).fail?.(undertaking, failure);
      throw new Error(failure);
    }
    await work(undertaking);
    job.logs.push(`job ${job.action} is done`);
  } catch (error) {
    end = "errored";
    job.logs.push(error instanceof Error ? error.message : String(error));
  }
  // Whatever it did meanwhile: a canceled job stays canceled.
  if (isFinished(job)) return;
  job.phase = end;
  job.lastUpdated = world.clock.now();
  if (end === "errored") retry(world, job);
}

/** The failure that a test ordered for the next job of this action. */
function orderedFailure(world: World, action: string): string | undefined {
  const { failures } = services(world);
  const at = failures.findIndex((one) => one.action === action);
  return at < 0 ? undefined : failures.splice(at, 1)[0]?.log;
}

/** A job that is over stays as it is. */
export function cancel(world: World, job: Job): void {
  if (isFinished(job)) return;
  job.phase = "canceled";
  job.logs.push("the job was canceled");
  job.lastUpdated = world.clock.now();
}

function begin(world: World, job: Job): void {
  if (job.phase !== "waiting") return;
  job.phase = "running";
  job.workerID = services(world).workers.keys().next().value ?? "";
  job.lastUpdated = world.clock.now();
  job.logs.push(`job ${job.action} begins on worker ${job.workerID}`);
}

/** Another try is another job, and says of which it is one. */
function retry(world: World, { scan, ...job }: Job): void {
  if (job.retriesLeft <= 0) return;
  submit(world, { ...job, scheduledAt: world.clock.now(), retriesLeft: job.retriesLeft - 1, retryFromID: job.id, ...(scan && { scan }) });
}
