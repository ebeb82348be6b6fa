const last = new Map<string, Promise<unknown>>();

/**
 * Runs what must not happen at the same time in one registry, one after the other: layers that are pushed while garbage is collected can be lost,
 * and one program may declare both a repository and a collection. Other processes are told by the service's 409.
 * Rejects with the signal's reason if that comes before its turn; then nothing was run.
 */
export async function oneAtATime<T>(registryId: string, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  const before = last.get(registryId);
  const mine = turn(before, signal).then(run);
  // Whoever gives up waiting does not let the next one pass by the one before.
  const both = Promise.allSettled([before, mine]);
  last.set(registryId, both);
  void both.then(() => last.get(registryId) === both && last.delete(registryId));
  return mine;
}

function turn(before: Promise<unknown> | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    const go = () => {
      signal.removeEventListener("abort", abort);
      resolve();
    };
    (before ?? Promise.resolve()).then(go, go); // how the one before ended is its own affair
  });
}
