import * as fc from "fast-check";
import { shortestGap } from "../../provider/policies/schedule";
import { parseSchedule } from "../sandbox/dtr/schedule";

const HOUR = 3600;
const DAY = 24 * HOUR;

describe("the shortest time between two runs of a schedule", () => {
  it.each([
    ["@every 90m", 1.5 * HOUR],
    ["@every 1h30m", 1.5 * HOUR],
    ["@hourly", HOUR],
    ["@daily", DAY],
    ["@midnight", DAY],
    ["@weekly", 7 * DAY],
    ["@monthly", 28 * DAY],
    ["@yearly", 365 * DAY],
    ["* * * * * *", 1],
    ["0 */15 * * * *", 900],
    ["0 0 1,13 * * *", 12 * HOUR],
    ["0 0 23,1 * * *", 2 * HOUR],
    ["0 0 1 * * 0", 7 * DAY],
    ["0 0 1 * * SAT,SUN", DAY],
    ["0 0 1 1,15 * ?", 14 * DAY],
    ["0 30 2-4 ? JAN-MAR MON", HOUR],
    // A day of either kind will do.
    ["0 0 0 1 * 0", DAY],
    ["0 0 0 29 2 *", 1461 * DAY],
  ])("%s: %d seconds", (schedule, seconds) => {
    expect(shortestGap(schedule)).toBe(seconds);
  });

  it.each([
    "",
    "daily",
    "@every",
    "@every 0s",
    "@every day",
    "0 0 1 * *",
    "0 0 25 * * *",
    "0 0 1 * * L",
    "0 0 5-2 * * *",
    "0 0 1-x * * *",
    "0 0 */0 * * *",
  ])("cannot be read: %j", (schedule) => {
    expect(shortestGap(schedule)).toBe(undefined);
  });

  it("never is longer than what the sandbox's server waits, and is met by it", () => {
    const field = (least: number, most: number) =>
      fc.oneof(
        fc.constant("*"),
        fc.uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 3 }).map((list) => list.join(",")),
        fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: 1, max: 20 })).map(([from, step]) => `${from}-${most}/${step}`),
      );
    const schedules = fc.tuple(fc.constant("0"), field(0, 59), field(0, 23), field(1, 28), fc.constant("*"), field(0, 6));
    fc.assert(
      fc.property(schedules, (fields) => {
        const schedule = fields.join(" ");
        const gap = shortestGap(schedule) ?? 0;
        const { next } = parseSchedule(schedule);
        let at = next(new Date(Date.UTC(2026, 0, 1)));
        let least = Number.POSITIVE_INFINITY;
        for (let runs = 0; runs < 60; runs++) {
          if (!at) return;
          const then = next(at);
          if (!then) return;
          least = Math.min(least, (then.getTime() - at.getTime()) / 1000);
          at = then;
        }
        expect(gap).toBeLessThanOrEqual(least);
        // Sixty runs of a schedule with several a day go through whole days.
        if (gap <= HOUR) expect(least).toBeLessThanOrEqual(Math.max(gap, DAY));
      }),
      { numRuns: 60 },
    );
  });
});
