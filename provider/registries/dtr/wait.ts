import { type HttpClock, RegistryError, systemClock } from "../../http";

/** How long to wait, and for whom. */
export interface Wait {
  /** Milliseconds from now; afterwards DeadlineExceeded. */
  readonly deadline: number;
  readonly signal?: AbortSignal;
  readonly clock?: HttpClock;
}

/** The time was over before what was waited for. It may still happen: wait again later. */
export class DeadlineExceeded extends Error {
  override readonly name = "DeadlineExceeded";
}

/** First pause, factor, longest pause: a job of seconds ends the wait soon, one of hours costs few requests. */
const pauses = { first: 1_000, factor: 1.5, longest: 15_000 };
/** A look may take this long also when the time is nearly over. */
const shortestLook = 10_000;

/** Looks until there is something to give, with growing pauses. `late` says what was seen last. */
export async function poll<T>(
  look: (options: {
    readonly signal?: AbortSignal;
    readonly timeouts: { readonly total: number };
  }) => Promise<{ readonly done: T } | undefined>,
  { deadline, signal, clock = systemClock }: Wait,
  late: () => string,
): Promise<T> {
  const start = clock.now();
  const elapsed = () => clock.now() - start;
  const exceeded = (cause?: unknown) =>
    new DeadlineExceeded(
      `${late()} after ${Math.round(elapsed() / 1000)} s. It may only need more time.`,
      cause === undefined ? {} : { cause },
    );
  for (let pause = pauses.first; ; pause = Math.min(pause * pauses.factor, pauses.longest)) {
    signal?.throwIfAborted();
    try {
      const found = await look({ ...(signal && { signal }), timeouts: { total: Math.max(deadline - elapsed(), shortestLook) } });
      if (found) return found.done;
    } catch (error) {
      if (error instanceof RegistryError && error.kind === "timeout" && elapsed() >= deadline) throw exceeded(error);
      throw error;
    }
    if (elapsed() >= deadline) throw exceeded();
    try {
      await clock.sleep(Math.min(pause, deadline - elapsed()), signal);
    } catch (error) {
      signal?.throwIfAborted(); // a clock says only that the wait was interrupted; the signal says why
      throw error;
    }
  }
}
