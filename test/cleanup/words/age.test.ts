import { parseAge, parseDuration } from "../../../provider/cleanup/policy/age";
import { PolicyError } from "../../../provider/cleanup/policy/policy-error";

const now = Date.UTC(2026, 10, 15);

describe("durations", () => {
  it.each([
    ["90s", 90_000],
    ["5m", 300_000],
    ["12h", 43_200_000],
    ["30d", 2_592_000_000],
    ["2w", 1_209_600_000],
    ["1h30m", 5_400_000],
    [" 24h ", 86_400_000],
    ["0", 0],
    ["0h", 0],
  ])("%s", (text, milliseconds) => {
    expect(parseDuration(text, "min-age")).toBe(milliseconds);
  });

  it.each(["", "30", "d", "1.5d", "-1d", "30 d", "1y", "1D", "99999999999999w"])("%j is none", (text) => {
    expect(() => parseDuration(text, "min-age")).toThrow(PolicyError);
    expect(() => parseDuration(text, "min-age")).toThrow(`min-age: ${JSON.stringify(text)} is not a duration: write a number and a unit`);
  });
});

describe("ages", () => {
  it.each([
    ["30d", { ago: 2_592_000_000 }],
    ["2026-01-31", { before: Date.UTC(2026, 0, 31) }],
    ["2026-01-31T12:30", { before: Date.UTC(2026, 0, 31, 12, 30) }],
    ["2026-01-31 12:30:15", { before: Date.UTC(2026, 0, 31, 12, 30, 15) }],
    ["2026-01-31T12:30:15.250Z", { before: Date.UTC(2026, 0, 31, 12, 30, 15, 250) }],
    ["2026-01-31T12:30:15.123456789Z", { before: Date.UTC(2026, 0, 31, 12, 30, 15, 123) }],
    ["2026-01-31T12:30:00+03:00", { before: Date.UTC(2026, 0, 31, 9, 30) }],
    ["2024-02-29", { before: Date.UTC(2024, 1, 29) }],
  ])("%s", (text, age) => {
    expect(parseAge(text, "older-than", now)).toEqual(age);
  });

  it.each([
    ["2026-02-29", "no date of the calendar"],
    ["2026-13-01", "no date of the calendar"],
    ["2026-01-31T24:30", "no date of the calendar"],
    ["2026-1-31", "neither an age nor a date"],
    ["31.01.2026", "neither an age nor a date"],
    ["Jan 31 2026", "neither an age nor a date"],
    ["2026", "neither an age nor a date"],
    ["", "neither an age nor a date"],
    ["0d", "everything is older"],
    ["2027-01-01", "still to come"],
  ])("%s is refused", (text, message) => {
    expect(() => parseAge(text, "older-than", now)).toThrow(PolicyError);
    expect(() => parseAge(text, "older-than", now)).toThrow(message);
    expect(() => parseAge(text, "older-than", now)).toThrow(/^older-than: /);
  });
});
