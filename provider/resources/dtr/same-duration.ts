import { z } from "zod";

const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const part = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g;

/** A duration as the server, written in Go, reads it; empty for none. */
export const DurationText: z.ZodType<string> = z
  .string()
  .refine(
    (text) => text === "" || text === "0" || milliseconds(text) !== undefined,
    "must be a duration such as 90s, 45m, 2h or 1h30m; a day is 24h",
  );

/** Milliseconds of a duration as Go writes it; undefined for what is none. */
function milliseconds(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  return [...text.matchAll(part)].reduce((sum, [, amount, unit = ""]) => sum + Number(amount) * (units[unit] ?? 0), 0);
}

/** Whether two durations are as long as each other: a server written in Go may give `720h0m0s` back for `720h`. Texts that are none are compared as they are. */
export function sameDuration(one: string, other: string): boolean {
  const length = milliseconds(one);
  return one === other || (length !== undefined && length === milliseconds(other));
}
