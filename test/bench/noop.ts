import type { Stack } from "../engine";
import { median, ratio, takeTurns } from "./rounds";
import { type Subject, succeeded, withStack } from "./stack";

/** A no-op `up` may take this many times as long as one whose provider does nothing. */
export const NOOP_GOAL = 1.3;

export interface Noop {
  readonly resources: number;
  readonly rounds: number;
  /** Milliseconds, median. */
  readonly ours: number;
  readonly nothing: number;
  readonly ratio: number;
  readonly goal: number;
  readonly met: boolean;
}

/** An `up` that has nothing to do, beside that of the same program with a provider that does nothing. */
export function measureNoop(subject: Subject, resources: number, rounds: number, now: () => number): Promise<Noop> {
  const config = { resources: String(resources) };
  const once = async (stack: Stack) => {
    const begun = now();
    const { changes } = await succeeded(stack.up());
    const took = now() - begun;
    if (changes.same !== resources) throw new Error(`${resources} resources should be unchanged, and there was ${JSON.stringify(changes)}`);
    return took;
  };
  return withStack(subject, "ours", config, (ours) =>
    withStack(subject, "nothing", config, async (nothing) => {
      // The first one after the objects were made also tidies up after making them.
      await once(ours);
      await once(nothing);
      const pairs = await takeTurns(
        rounds,
        () => once(ours),
        () => once(nothing),
      );
      const found = ratio(pairs);
      const medians = { ours: median(pairs.ours), nothing: median(pairs.theirs) };
      return { resources, rounds, ...medians, ratio: found, goal: NOOP_GOAL, met: found <= NOOP_GOAL };
    }),
  );
}
