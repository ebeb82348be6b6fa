/** Collections that this process runs, by the server's address. */
const running = new Map<string, Promise<unknown>>();

/** Runs a garbage collection; `collected` waits for it. Collections of one server run one after the other. */
export async function collecting(url: string, signal: AbortSignal, collect: () => Promise<void>): Promise<void> {
  while (running.has(url)) await collected(url, signal);
  const run = collect();
  const over = run.catch(() => undefined);
  running.set(url, over);
  try {
    await run;
  } finally {
    if (running.get(url) === over) running.delete(url);
  }
}

/** Resolves when this process runs no collection on the server. Rejects with the signal's reason if that comes first. */
export async function collected(url: string, signal: AbortSignal): Promise<void> {
  const other = running.get(url);
  if (!other) return;
  await new Promise<void>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    void other.then(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    });
  });
}
