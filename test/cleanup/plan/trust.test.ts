import { formatAge, formatDuration, formatTime, isOlder, isYoung } from "../../../provider/cleanup/plan/trust";
import { day, modelNow } from "../model";

it.each([
  [30 * day, "30d"],
  [day, "1d"],
  [day / 2, "12h"],
  [1.5 * day, "36h"],
  [90 * 60_000, "90m"],
  [1500, "1500ms"],
  [2000, "2s"],
])("%d milliseconds are %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
  expect(formatAge({ ago: milliseconds })).toBe(text);
});

it("a point in time is written as a date", () => {
  expect(formatAge({ before: modelNow })).toBe("2026-11-15T12:00:00.000Z");
  expect(formatTime({ time: Number.NaN, source: "config" })).toBeUndefined();
  expect(formatTime({ time: 9e15, source: "config" })).toBeUndefined();
});

it("older means older, not as old; and nobody's date is neither", () => {
  const ages = [{ ago: day }, { before: modelNow - day }];
  for (const age of ages) {
    expect([modelNow - day - 1, modelNow - day, undefined].map((time) => isOlder(time, age, modelNow))).toEqual([true, false, false]);
  }
});

it("young means younger, not as young; a guard of 0 is none", () => {
  expect([modelNow - day + 1, modelNow - day].map((time) => isYoung(time, true, day, modelNow))).toEqual([true, false]);
  expect([true, false].map((tagged) => isYoung(undefined, tagged, day, modelNow))).toEqual([false, true]);
  expect([isYoung(modelNow + 1, true, 0, modelNow), isYoung(undefined, false, 0, modelNow)]).toEqual([false, false]);
});
