import { isConflict, isNotFound, RegistryError } from "../../http";
import { type HttpClock, systemClock } from "../../http/interrupt";
import type { SelectelClient } from "./client";
import type { Registry, RegistryStatus } from "./schemas";

/** How long to wait, and for whom. */
export interface Wait {
  /** Milliseconds from now; afterwards DeadlineExceeded. */
  readonly deadline: number;
  readonly signal?: AbortSignal;
  readonly clock?: HttpClock;
}

export interface RegistryWait extends Wait {
  /** `ACTIVE`: created, or collected; `absent`: deleted. */
  readonly until: "ACTIVE" | "absent";
  /** Called with what each look found; undefined: not there. */
  readonly onProgress?: (registry: Registry | undefined) => void;
}

/** The time was over before the registry came to the wished state. It may still come to it: wait again later. */
export class DeadlineExceeded extends Error {
  override readonly name = "DeadlineExceeded";

  constructor(
    message: string,
    /** Milliseconds that were waited. */
    readonly waited: number,
    /** What the last look found. */
    readonly registry?: Registry,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/** A registry that will not come to the wished state by waiting: its status is ERROR, or it is gone although it should be there. */
export class RegistryFailed extends Error {
  override readonly name = "RegistryFailed";

  constructor(
    message: string,
    readonly registry?: Registry,
  ) {
    super(message);
  }
}

/** First pause, factor, longest pause. Terraform's provider looks once a second for 10 minutes; most registries are there after a few. */
const pauses = { first: 1_000, factor: 1.5, longest: 10_000 };

/** A look may take this long also when the time is nearly over. */
const shortestLook = 10_000;

/** How long a registry that was just created may be missing: whether the service reads its own writes at once is not documented. */
const lag = 15_000;

/**
 * Waits until a registry is ACTIVE (and gives it) or gone (and gives undefined): both take their time after the answer to create and delete.
 * CREATING, DELETING, GARBAGE_COLLECTION and unknown statuses are waited out. A registry that is ACTIVE while its end is awaited is not yet
 * being deleted, which is waited out, too. Throws DeadlineExceeded with the registry as last seen, RegistryFailed on ERROR or when a registry
 * that should become ACTIVE is not there, RegistryError when it cannot be looked at.
 */
export async function waitForRegistry(client: SelectelClient, id: string, wait: RegistryWait & { until: "ACTIVE" }): Promise<Registry>;
export async function waitForRegistry(client: SelectelClient, id: string, wait: RegistryWait & { until: "absent" }): Promise<undefined>;
export async function waitForRegistry(client: SelectelClient, id: string, wait: RegistryWait): Promise<Registry | undefined>;
export async function waitForRegistry(client: SelectelClient, id: string, wait: RegistryWait): Promise<Registry | undefined> {
  const { clock = systemClock } = wait;
  const start = clock.now();
  let last: Registry | undefined;
  const look = async (left: number) => {
    const timeouts = { total: Math.max(left, shortestLook) };
    const registry = await unlessAbsent(client.v1.registries.get({ id }, { signal: wait.signal, timeouts }));
    last = registry ?? last;
    wait.onProgress?.(registry);
    if (registry === undefined) {
      if (wait.until === "absent") return { done: undefined };
      if (last === undefined && clock.now() - start < lag) return undefined;
      throw new RegistryFailed(
        `Registry ${last?.name ?? id} is not there any more: somebody deleted it, or the service gave up creating it.`,
        last,
      );
    }
    // A failed registry that is being deleted may show ERROR until it is gone, or for ever; either way waiting is all that a caller can do.
    if (registry.status === "ERROR" && wait.until === "ACTIVE") {
      throw new RegistryFailed(
        `Registry ${registry.name} (${id}) is in status ERROR. Delete it and create it again, or ask Selectel's support.`,
        registry,
      );
    }
    return registry.status === wait.until ? { done: registry } : undefined;
  };
  return repeat(look, wait, (waited, cause) => {
    const state = last === undefined ? "was not seen" : `is in status ${describe(last)}`;
    const wish = wait.until === "ACTIVE" ? "not ACTIVE" : "still there";
    return new DeadlineExceeded(
      `Registry ${last?.name ?? id} is ${wish} after ${seconds(waited)}: it ${state}. It may only need more time.`,
      waited,
      last,
      cause,
    );
  });
}

/** Waits until no garbage collection runs; pushes must wait for that, too: layers that are uploaded meanwhile can be lost. */
export function waitOutGarbageCollection(
  client: SelectelClient,
  id: string,
  wait: Wait & Pick<RegistryWait, "onProgress">,
): Promise<Registry> {
  return waitForRegistry(client, id, { ...wait, until: "ACTIVE" });
}

/**
 * Calls until the registry is not busy: while garbage is collected, the service answers 409 to cleanup, deletion of images and repositories,
 * and to a second collection. After `deadline` DeadlineExceeded with the last 409 as its cause. Other errors are thrown at once.
 */
export async function retryWhileBusy<T>(call: () => Promise<T>, wait: Wait): Promise<T> {
  let busy: RegistryError | undefined;
  const attempt = async () => {
    try {
      return { done: await call() };
    } catch (error) {
      if (!isConflict(error)) throw error;
      busy = error;
      return undefined;
    }
  };
  return repeat(attempt, wait, (waited) => {
    const message = `The registry is still busy after ${seconds(waited)}, probably with garbage collection: ${busy?.message ?? ""}`;
    return new DeadlineExceeded(message, waited, undefined, busy);
  });
}

/** Gives undefined where the server says 404. */
export async function unlessAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function repeat<T>(
  attempt: (left: number) => Promise<{ done: T } | undefined>,
  wait: Wait,
  late: (waited: number, cause?: unknown) => Error,
): Promise<T> {
  const { clock = systemClock, signal, deadline } = wait;
  const start = clock.now();
  const elapsed = () => clock.now() - start;
  for (let pause = pauses.first; ; pause = Math.min(pause * pauses.factor, pauses.longest)) {
    signal?.throwIfAborted();
    try {
      const result = await attempt(deadline - elapsed());
      if (result) return result.done;
    } catch (error) {
      throw isTimeout(error) && elapsed() >= deadline ? late(elapsed(), error) : error;
    }
    const waited = elapsed();
    if (waited >= deadline) throw late(waited);
    await sleep(clock, Math.min(pause, deadline - waited), signal);
  }
}

/** A clock says only that the wait was interrupted; the signal says why. */
async function sleep(clock: HttpClock, milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await clock.sleep(milliseconds, signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

const isTimeout = (error: unknown) => error instanceof RegistryError && error.kind === "timeout";

function describe(registry: Registry): RegistryStatus | string {
  return registry.reportedStatus ?? registry.status;
}

const seconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)} s`;
