/** A parsed schedule: the moment of its next run after another moment, or undefined when there is none within five years. */
export interface Schedule {
  next(after: Date): Date | undefined;
}

interface Field {
  readonly name: string;
  readonly lowest: number;
  readonly highest: number;
  readonly words?: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** The six fields: seconds come first, unlike in a crontab. */
const fields: readonly Field[] = [
  { name: "second", lowest: 0, highest: 59 },
  { name: "minute", lowest: 0, highest: 59 },
  { name: "hour", lowest: 0, highest: 23 },
  { name: "day of month", lowest: 1, highest: 31 },
  { name: "month", lowest: 1, highest: 12, words: MONTHS },
  { name: "day of week", lowest: 0, highest: 6, words: DAYS },
];

const named: Readonly<Record<string, string>> = {
  "@yearly": "0 0 0 1 1 *",
  "@annually": "0 0 0 1 1 *",
  "@monthly": "0 0 0 1 * *",
  "@weekly": "0 0 0 * * 0",
  "@daily": "0 0 0 * * *",
  "@midnight": "0 0 0 * * *",
  "@hourly": "0 0 * * * *",
};

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000 };
const DAY = 86_400_000;
const FIVE_YEARS = 5 * 366;

/**
 * A schedule of six fields (second, minute, hour, day of month, month, day of week, all UTC), a name such as `@hourly`, or `@every 90m`.
 * Throws a sentence that says what is wrong.
 */
export function parseSchedule(text: string): Schedule {
  const every = /^@every ((?:\d+[hms])+)$/.exec(text)?.[1];
  if (every) return { next: (after) => new Date(wholeSecond(after) + lengthOf(every)) };
  const parts = (named[text] ?? text).trim().split(/\s+/);
  if (parts.length !== fields.length) throw new Error(`Expected exactly 6 fields, found ${parts.length}: ${text}`);
  const [seconds, minutes, hours, days, months, weekdays] = fields.map((field, at) => valuesOf(field, parts[at] ?? ""));
  if (!seconds || !minutes || !hours || !days || !months || !weekdays) throw new Error(`Expected exactly 6 fields: ${text}`);
  // When both kinds of day are narrowed, a day of either kind will do.
  const either = !/^[*?]/.test(parts[3] ?? "") && !/^[*?]/.test(parts[5] ?? "");
  const isDay = (day: Date) => {
    const [inMonth, inWeek] = [days.has(day.getUTCDate()), weekdays.has(day.getUTCDay())];
    return months.has(day.getUTCMonth() + 1) && (either ? inMonth || inWeek : inMonth && inWeek);
  };
  return {
    next: (after) => {
      const earliest = wholeSecond(after) + 1_000;
      const midnight = Math.floor(earliest / DAY) * DAY;
      for (let at = 0; at <= FIVE_YEARS; at += 1) {
        const day = midnight + at * DAY;
        const time = isDay(new Date(day)) ? timeOf({ seconds, minutes, hours }, Math.max(earliest - day, 0)) : undefined;
        if (time !== undefined) return new Date(day + time);
      }
      return undefined;
    },
  };
}

type Times = Readonly<Record<"seconds" | "minutes" | "hours", ReadonlySet<number>>>;

/** The first time of a day, in milliseconds, that is not before `earliest`. */
function timeOf({ seconds, minutes, hours }: Times, earliest: number): number | undefined {
  for (const hour of ascending(hours)) {
    if ((hour + 1) * 3_600_000 <= earliest) continue;
    for (const minute of ascending(minutes)) {
      for (const second of ascending(seconds)) {
        const time = hour * 3_600_000 + minute * 60_000 + second * 1_000;
        if (time >= earliest) return time;
      }
    }
  }
  return undefined;
}

function ascending(values: ReadonlySet<number>): number[] {
  return [...values].sort((a, b) => a - b);
}

// `*`, `5`, `1-5`, `*/15`, `2-20/3`, `mon`, and lists of these.
function valuesOf(field: Field, text: string): Set<number> {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const [, range = "", step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [from, to] = rangeOf(field, range, step !== undefined);
    const by = Number(step ?? 1);
    if (from === undefined || to === undefined || from > to || by < 1) throw new Error(`Failed to parse the ${field.name} '${part}'`);
    for (let value = from; value <= to; value += by) values.add(value);
  }
  return values;
}

function rangeOf(field: Field, range: string, stepped: boolean): readonly [number?, number?] {
  if (range === "*" || range === "?") return [field.lowest, field.highest];
  const [first = "", last, ...more] = range.split("-");
  if (more.length > 0) return [];
  const from = numberOf(field, first);
  if (last === undefined) return [from, stepped ? field.highest : from];
  return [from, numberOf(field, last)];
}

function numberOf({ lowest, highest, words }: Field, text: string): number | undefined {
  const word = words?.indexOf(text.toLowerCase()) ?? -1;
  const number = word >= 0 ? word + lowest : /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return number >= lowest && number <= highest ? number : undefined;
}

function wholeSecond(time: Date): number {
  return Math.floor(time.getTime() / 1_000) * 1_000;
}

function lengthOf(text: string): number {
  const total = [...text.matchAll(/(\d+)([hms])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ""] ?? 0), 0);
  return Math.max(total, 1_000);
}
