import { milliseconds } from "./duration";
import type { Age } from "./policy";
import { PolicyError } from "./policy-error";

const forms = "write a number and a unit (`90s`, `5m`, `12h`, `30d`, `2w`)";

/**
 * Milliseconds of a duration such as `12h`, `1h30m` or `30d`; `0` without a unit is zero. Units: `ms`, `s`, `m`, `h`, `d` (24 hours), `w`.
 * Throws PolicyError; `where` names the input in it.
 */
export function parseDuration(text: string, where: string): number {
  const trimmed = text.trim();
  const value = trimmed === "0" ? 0 : milliseconds(trimmed);
  if (value === undefined) throw new PolicyError(where, `${JSON.stringify(text)} is not a duration: ${forms}.`);
  return value;
}

// RFC 3339 with what people leave out: seconds, fractions, the zone. Nothing else that Date.parse would guess at.
const dateTime = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(Z|z|[+-]\d{2}:\d{2})?)?$/;

/**
 * An age such as `30d`, or a point in time: `2026-01-31`, `2026-01-31T12:00`, `2026-01-31T12:00:00+03:00`; UTC where no zone is given.
 * Throws PolicyError, also on an age of zero and, if `now` (milliseconds since 1970) is given, on a date that is still to come: both would
 * mean everything, which is said by leaving the setting out.
 */
export function parseAge(text: string, where: string, now?: number): Age {
  const trimmed = text.trim();
  const parts = dateTime.exec(trimmed);
  if (parts) {
    const before = pointInTime(parts);
    if (before === undefined) throw new PolicyError(where, `${JSON.stringify(text)} is no date of the calendar.`);
    if (now !== undefined && before > now) {
      throw new PolicyError(
        where,
        `${JSON.stringify(text)} is still to come, so that everything is older. Give a date that has passed, or leave it out.`,
      );
    }
    return { before };
  }
  const ago = milliseconds(trimmed);
  if (ago === undefined) {
    throw new PolicyError(
      where,
      `${JSON.stringify(text)} is neither an age nor a date: ${forms}, or a date (\`2026-01-31\`, \`2026-01-31T12:00:00Z\`).`,
    );
  }
  if (ago === 0)
    throw new PolicyError(where, `${JSON.stringify(text)} is no age: everything is older than that. Leave it out if age does not matter.`);
  return { ago };
}

/** Milliseconds since 1970 of what `dateTime` matched; undefined if there is no such day, hour or zone. */
function pointInTime(parts: RegExpExecArray): number | undefined {
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "", zone = "Z"] = parts;
  // Date.parse would let the 30th of February pass as a day in March.
  if (Number(day) > daysIn(Number(year), Number(month))) return undefined;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}${zone.toUpperCase()}`);
  return Number.isNaN(time) ? undefined : time;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
