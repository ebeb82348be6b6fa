import type { z } from "zod";
import { isFateUnknown } from "../../http";
import type { Attempt, Context } from "../declaration";
import { Incomplete } from "../failure";

/** Values by key, of something that was there before the resource and stays after it. */
export type Values<T> = Readonly<Record<string, T>>;

/**
 * What each managed key held before the resource managed it. A key that was managed already keeps what is remembered of it: what it holds now is the
 * program's own. Of a new one it is what it holds now; one that has no value is left out.
 */
export function remembered<T>(
  managed: readonly string[],
  before: { readonly previous: Values<T>; readonly managed: readonly string[] },
  current: Values<T | undefined>,
): Record<string, T> {
  const found = managed.map((key) => [key, before.managed.includes(key) ? before.previous[key] : current[key]] as const);
  return Object.fromEntries(found.filter((entry): entry is [string, T] => entry[1] !== undefined));
}

/** What the keys that are managed no longer held before. */
export function released<T>(managed: readonly string[], previous: Values<T>): Record<string, T> {
  return Object.fromEntries(Object.entries(previous).filter(([key]) => !managed.includes(key)));
}

/** What an attempt that was cut off wrote down of what was there before it. Without it the next one would take its values for what it found. */
export const notedBy = <T>({ noted }: Pick<Attempt, "noted">, schema: z.ZodType<T>): T | undefined => schema.safeParse(noted).data;

/**
 * Whether a key may be put back: it still holds what the program gave it. A value that somebody set since is theirs: it stays, and the log says so.
 * `what` is for people: `dtr:Settings jobHistoryToKeep`.
 */
export function isOurs({ log }: Pick<Context<unknown>, "log">, what: string, unchanged: boolean): boolean {
  if (!unchanged) log(`${what}: somebody changed it since, so it stays as it is and is not put back`);
  return unchanged;
}

/**
 * Runs a write. If nobody knows whether it took effect, `outputs`, which remember what was there before it, are kept in the state all the same: the next
 * `up` sends what is missing, and destroy still puts back what was found.
 */
export async function keeping<Outputs extends object>(id: string, outputs: Outputs, run: () => Promise<unknown>): Promise<Outputs> {
  try {
    await run();
  } catch (error) {
    if (!isFateUnknown(error)) throw error;
    throw new Incomplete<Outputs>(id, outputs, [`${error.message}. Run \`pulumi up\` again`]);
  }
  return outputs;
}
