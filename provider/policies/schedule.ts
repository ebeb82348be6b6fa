import { milliseconds } from "../cleanup/policy/duration";

const DAY = 86_400;
const NAMED: Readonly<Record<string, string>> = {
  "@yearly": "0 0 0 1 1 *",
  "@annually": "0 0 0 1 1 *",
  "@monthly": "0 0 0 1 * *",
  "@weekly": "0 0 0 * * 0",
  "@daily": "0 0 0 * * *",
  "@midnight": "0 0 0 * * *",
  "@hourly": "0 0 * * * *",
};
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/** Every combination of month, day and weekday comes up within 28 years. */
const HORIZON = 28 * 366;

/**
 * Seconds between the two runs of a schedule that follow each other most closely; Infinity if it never runs twice. The schedule is one of
 * `dtr.Cron`: six fields, seconds first, a name such as `@daily`, or `@every 90m`. Undefined if it cannot be read.
 */
export function shortestGap(schedule: string): number | undefined {
  const every = /^@every\s+(\S+)$/.exec(schedule.trim())?.[1];
  if (every !== undefined) {
    const span = milliseconds(every);
    return span === undefined || span === 0 ? undefined : span / 1000;
  }
  const fields = (NAMED[schedule.trim().toLowerCase()] ?? schedule).trim().split(/\s+/);
  if (fields.length !== 6) return undefined;
  const [second = "", minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  const seconds = values(second, 0, 59);
  const minutes = values(minute, 0, 59);
  const hours = values(hour, 0, 23);
  const runs = days(day, month, weekday);
  if (!seconds || !minutes || !hours || !runs) return undefined;
  const times = hours.flatMap((h) => minutes.flatMap((m) => seconds.map((s) => h * 3600 + m * 60 + s)));
  const [first = 0] = times;
  const last = times.at(-1) ?? 0;
  return Math.min(closest(times), closest(runs) * DAY - last + first);
}

/** Numbers of the days on which it runs, from a Monday on. */
function days(day: string, month: string, weekday: string): number[] | undefined {
  const ofMonth = values(day, 1, 31);
  const months = values(month, 1, 12, MONTHS);
  const ofWeek = values(weekday, 0, 7, WEEKDAYS)?.map((number) => number % 7);
  if (!ofMonth || !months || !ofWeek) return undefined;
  // Where both fields name days, either is enough: that is how cron has always read them.
  const either = !/^[*?]/.test(day) && !/^[*?]/.test(weekday);
  const found: number[] = [];
  for (let number = 0; number < HORIZON; number++) {
    const date = new Date(Date.UTC(2024, 0, 1 + number));
    const fits = [ofMonth.includes(date.getUTCDate()), ofWeek.includes(date.getUTCDay())];
    if (months.includes(date.getUTCMonth() + 1) && (either ? fits.some(Boolean) : fits.every(Boolean))) found.push(number);
  }
  return found;
}

/** The numbers that a field stands for, in order; undefined if it cannot be read. */
function values(field: string, least: number, most: number, names: readonly string[] = []): number[] | undefined {
  const found = new Set<number>();
  for (const part of field.toLowerCase().split(",")) {
    const [, range = "", step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [from, to] = range === "*" || range === "?" ? [least, most] : range.split("-").map((text) => number(text, least, names));
    // `5/10` runs from 5 to the end.
    const end = to ?? (range.includes("-") ? undefined : step === undefined ? from : most);
    const by = step === undefined ? 1 : Number(step);
    if (from === undefined || end === undefined || by === 0 || from < least || end > most || from > end) return undefined;
    for (let value = from; value <= end; value += by) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

function number(text: string, least: number, names: readonly string[]): number | undefined {
  const named = names.indexOf(text);
  if (named >= 0) return named + least;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The least difference of neighbours; Infinity for less than two. */
const closest = (sorted: readonly number[]): number =>
  sorted.reduce(
    (least, value, index) => Math.min(least, value - (sorted[index - 1] ?? Number.NEGATIVE_INFINITY)),
    Number.POSITIVE_INFINITY,
  );
