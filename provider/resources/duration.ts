import { textFor } from "./text";

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const FORM = /^(?:\d+(?:ms|[smhdw]))+$/;

/** Milliseconds of a duration such as `90s`, `1h30m` or `90d`. Throws on anything else, zero included. */
export function parseDuration(text: string): number {
  let total = 0;
  if (FORM.test(text)) {
    for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdw])/g)) total += Number(count) * UNITS[unit as keyof typeof UNITS]; // the form admits these units only
  }
  if (total === 0 || !Number.isSafeInteger(total))
    throw new RangeError(`"${text}" is not a duration: write a number and a unit, for example 90s, 30m, 12h or 90d`);
  return total;
}

/** A duration as text: numbers with the units `ms`, `s`, `m`, `h`, `d` or `w`, longer than nothing. */
export const Duration = textFor(parseDuration);
