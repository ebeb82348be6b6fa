import { tagNameFrom } from "./tag-template";

const time = new Date("2026-03-05T04:07:09.012Z"); // a Thursday

it.each([
  ["%n", "v1"],
  ["", "v1"],
  ["%n-%Y%m%d", "v1-20260305"],
  ["%A.%a.%w", "Thursday.Thu.4"],
  ["%B.%b.%y", "March.Mar.26"],
  ["%H.%I.%p.%M.%S.%f", "04.04.AM.07.09.012000"],
  ["%j.%W.%Z", "064.09.UTC"],
  ["fixed", "fixed"],
  ["%q%n%%", "%qv1%%"],
])("%s names the tag %s", (template, expected) => {
  expect(tagNameFrom(template, "v1", time)).toBe(expected);
});

it.each([
  ["2026-01-01T00:00:00Z", "12.AM.001.00"],
  ["2026-01-05T12:00:00Z", "12.PM.005.01"],
  ["2026-12-31T13:00:00Z", "01.PM.365.52"],
])("at %s %s", (at, expected) => {
  expect(tagNameFrom("%I.%p.%j.%W", "v1", new Date(at))).toBe(expected);
});
