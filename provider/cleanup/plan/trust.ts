import type { CreationTime } from "../../registries/image-registry";
import type { Age } from "../policy/policy";

const day = 24 * 60 * 60 * 1000;
/** Docker's first release: what claims to be older was built reproducibly (1970, 1980) or by a wrong clock. */
const earliest = Date.UTC(2013, 0, 1);

/** A creation time that can be believed, in milliseconds since 1970; undefined if nobody says one, or one before 2013 or more than a day ahead. */
export function trustedTime(created: CreationTime | undefined, now: number): number | undefined {
  if (!created) return undefined;
  // NaN fails the first comparison.
  return created.time >= earliest && created.time <= now + day ? created.time : undefined;
}

/** What cannot be trusted is never old. */
export function isOlder(time: number | undefined, age: Age, now: number): boolean {
  if (time === undefined) return false;
  return "ago" in age ? now - time > age.ago : time < age.before;
}

/** What cannot be trusted is young where it is untagged. A guard of 0 is none. */
export function isYoung(time: number | undefined, tagged: boolean, minAge: number, now: number): boolean {
  if (minAge === 0) return false;
  return time === undefined ? !tagged : now - time < minAge;
}

/** RFC 3339, as far as it is a date at all. */
export function formatTime(created: CreationTime | undefined): string | undefined {
  return created && Math.abs(created.time) <= 8.64e15 ? new Date(created.time).toISOString() : undefined;
}

/** `30d`, `12h`: in the largest unit that is whole. */
export function formatDuration(milliseconds: number): string {
  for (const [unit, length] of [
    ["d", day],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
  ] as const) {
    if (milliseconds >= length && milliseconds % length === 0) return `${milliseconds / length}${unit}`;
  }
  return `${milliseconds}ms`;
}

export function formatAge(age: Age): string {
  return "ago" in age ? formatDuration(age.ago) : (formatTime({ time: age.before, source: "registry" }) ?? "");
}
