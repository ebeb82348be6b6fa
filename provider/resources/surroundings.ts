import { type HttpClock, systemClock } from "../http";
import { Attempts } from "./attempts";

/** What the frame takes from outside the process; tests put in their own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: HttpClock;
  readonly attempts: Attempts;
  readonly log: (line: string) => void;
}

export function surroundings(): Surroundings {
  return {
    env: process.env,
    clock: systemClock,
    attempts: new Attempts(Attempts.folder(process.env), systemClock.now),
    // Pulumi shows what a dynamic provider prints; `pulumi.log` has no connection here.
    log: (line) => void process.stdout.write(`${line}\n`),
  };
}
