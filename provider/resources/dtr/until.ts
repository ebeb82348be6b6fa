import type { Context } from "../declaration";

/** Looks, with growing pauses, until there is something to give; undefined when `limit` (milliseconds since 1970; default: the operation's end) is over. */
export async function until<T>(
  { clock, signal, deadline }: Context<unknown>,
  look: () => Promise<T | undefined>,
  limit = deadline,
): Promise<T | undefined> {
  for (let pause = 1_000; ; pause = Math.min(pause * 1.5, 15_000)) {
    const found = await look();
    if (found !== undefined) return found;
    const left = Math.min(limit, deadline) - clock.now();
    if (left <= 0) return undefined;
    await clock.sleep(Math.min(pause, left), signal);
    signal.throwIfAborted();
  }
}
