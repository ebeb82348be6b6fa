import { milliseconds } from "../cleanup/policy/duration";
import { textFor } from "./text";

/** Milliseconds of a duration such as `90s`, `1h30m` or `90d`. Throws on anything else, zero included. */
export function parseDuration(text: string): number {
  const total = milliseconds(text);
  if (total === undefined || total === 0)
    throw new RangeError(`"${text}" is not a duration: write a number and a unit, for example 90s, 30m, 12h or 90d`);
  return total;
}

/** A duration as text: numbers with the units `ms`, `s`, `m`, `h`, `d` or `w`, longer than nothing. */
export const Duration = textFor(parseDuration);
