/**
 * Selectel's timestamps are RFC 3339 with 0 to 9 fraction digits (`…22.556Z`, `…17.011072851Z`), so they must not be compared as strings:
 * `…22.5Z` is later than `…22.45Z` but `…22Z` sorts after `…22.5Z`. Answers keep the text; these functions read it.
 */
const rfc3339 = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Nanoseconds since 1970, or undefined if the text is no RFC 3339 time. Digits beyond the ninth are cut. */
export function timestampNanoseconds(text: string): bigint | undefined {
  const match = rfc3339.exec(text);
  if (!match) return undefined;
  const [, date, time, fraction = "", zone = "Z"] = match;
  const seconds = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  // Date.parse takes 2023-02-30 for the 2nd of March.
  const isDay = new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(String(date)) ?? false;
  return Number.isNaN(seconds) || !isDay ? undefined : BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

/** The time to the millisecond, or undefined if the text is no RFC 3339 time. */
export function timestampDate(text: string): Date | undefined {
  const nanoseconds = timestampNanoseconds(text);
  if (nanoseconds === undefined) return undefined;
  const floor = nanoseconds >= 0n || nanoseconds % 1_000_000n === 0n ? nanoseconds / 1_000_000n : nanoseconds / 1_000_000n - 1n;
  return new Date(Number(floor));
}

/** For `sort`: earlier first; texts that are no time come first of all. */
export function compareTimestamps(a: string, b: string): number {
  const [left, right] = [timestampNanoseconds(a), timestampNanoseconds(b)];
  if (left === right) return 0;
  if (left === undefined) return -1;
  if (right === undefined) return 1;
  return left < right ? -1 : 1;
}
