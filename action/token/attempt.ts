/** Says what was tried if it fails: the runner's own errors only name a file. */
export function attempt<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw failed(what, error);
  }
}

export async function attemptLater<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw failed(what, error);
  }
}

const failed = (what: string, error: unknown): Error =>
  new Error(`${what}: ${error instanceof Error ? error.message : "unknown reason"}`, { cause: error });
