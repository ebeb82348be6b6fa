import fc from "fast-check";
import { parseSchedule } from "./schedule";

const next = (schedule: string, after: string) => parseSchedule(schedule).next(new Date(after))?.toISOString();

describe("a schedule", () => {
  it.each([
    ["0 0 1 * * 0", "2026-01-01T00:00:00Z", "2026-01-04T01:00:00.000Z"],
    ["57 54 3 * * *", "2017-02-21T03:54:57Z", "2017-02-22T03:54:57.000Z"],
    ["57 54 3 * * *", "2017-02-21T03:54:56.999Z", "2017-02-21T03:54:57.000Z"],
    ["0 */15 * * * *", "2026-01-01T23:50:00Z", "2026-01-02T00:00:00.000Z"],
    ["0 0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00.000Z"],
    ["0 0 0 13 * fri", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00.000Z"],
    ["0 0 0 ? JUN,dec 1-5", "2026-07-01T00:00:00Z", "2026-12-01T00:00:00.000Z"],
    ["5/20 59 23 31 12 *", "2026-01-01T00:00:00Z", "2026-12-31T23:59:05.000Z"],
    ["@hourly", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00.000Z"],
    ["@weekly", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00.000Z"],
    ["@monthly", "2026-01-31T00:00:00Z", "2026-02-01T00:00:00.000Z"],
    ["@every 1h30m", "2026-01-01T00:00:00.5Z", "2026-01-01T01:30:00.000Z"],
    ["0 0 0 31 2 *", "2026-01-01T00:00:00Z", undefined],
  ])("%s runs after %s at %s", (schedule, after, expected) => {
    expect(next(schedule, after)).toBe(expected);
  });

  it.each([
    ["0 1 * * 0", "Expected exactly 6 fields, found 5: 0 1 * * 0"],
    ["", "Expected exactly 6 fields, found 1: "],
    ["@sometimes", "Expected exactly 6 fields, found 1: @sometimes"],
    ["60 * * * * *", "Failed to parse the second '60'"],
    ["0 0 0 0 * *", "Failed to parse the day of month '0'"],
    ["0 0 0 * foo *", "Failed to parse the month 'foo'"],
    ["0 0 0 * * 5-1", "Failed to parse the day of week '5-1'"],
    ["0 */0 * * * *", "Failed to parse the minute '*/0'"],
    ["0 1-2-3 * * * *", "Failed to parse the minute '1-2-3'"],
    ["0 , * * * *", "Failed to parse the minute ''"],
  ])("%s is refused", (schedule, message) => {
    expect(() => parseSchedule(schedule)).toThrow(message);
  });
});

describe("the next run", () => {
  const field = (lowest: number, highest: number) => fc.integer({ min: lowest, max: highest });
  const times = fc.tuple(field(0, 59), field(0, 59), field(0, 23), field(1, 28), field(1, 12));

  it("is the first moment after now that has what the fields say", () => {
    fc.assert(
      fc.property(times, fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }), (fields, now) => {
        const [second, minute, hour, day, month] = fields;
        const found = parseSchedule(`${fields.join(" ")} *`).next(now);
        const inYear = (year: number) => new Date(Date.UTC(year, month - 1, day, hour, minute, second));
        const thisYear = inYear(now.getUTCFullYear());
        expect(found).toEqual(thisYear > now ? thisYear : inYear(now.getUTCFullYear() + 1));
      }),
    );
  });
});
