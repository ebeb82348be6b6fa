/** Lets so many run at a time, first come, first served. */
export type Gate = <T>(run: () => Promise<T>) => Promise<T>;

/** One limit for all that go through it, however many lists are worked on at the same time. Throws RangeError for a limit below 1. */
export function openGate(limit: number): Gate {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError("The concurrency must be a whole number from 1.");
  let free = limit;
  const waiting = new Set<() => void>();
  return async (run) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.add(resolve));
    try {
      return await run();
    } finally {
      const [next] = waiting;
      // The place goes over to whoever waits.
      if (next === undefined) free++;
      else {
        waiting.delete(next);
        next();
      }
    }
  };
}
