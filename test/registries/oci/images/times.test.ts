import fc from "fast-check";
import { configTime, parseTime, schema1Time } from "../../../../provider/registries/oci/images/times";

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

describe("A time", () => {
  it.each([
    ["2026-01-02T03:04:05Z", Date.UTC(2026, 0, 2, 3, 4, 5)],
    ["2026-01-02T03:04:05.6Z", Date.UTC(2026, 0, 2, 3, 4, 5, 600)],
    ["2026-01-02T03:04:05.123456789Z", Date.UTC(2026, 0, 2, 3, 4, 5, 123)],
    ["2026-01-02T03:04:05.000000001+05:30", Date.UTC(2026, 0, 1, 21, 34, 5)],
    ["2026-01-02t03:04:05z", Date.UTC(2026, 0, 2, 3, 4, 5)],
    [" 2026-01-02 03:04:05-00:00\n", Date.UTC(2026, 0, 2, 3, 4, 5)],
    ["0001-01-01T00:00:00Z", -62_135_596_800_000],
    ["1970-01-01T00:00:00Z", 0],
    ["1980-01-01T00:00:01Z", Date.UTC(1980, 0, 1, 0, 0, 1)],
    ["9999-12-31T23:59:59Z", Date.UTC(9999, 11, 31, 23, 59, 59)],
  ])("%s is read", (text, time) => {
    expect(parseTime(text)).toBe(time);
  });

  it.each([
    "",
    "yesterday",
    "5",
    "2026",
    "2026-01-02",
    "2026-13-01T00:00:00Z",
    "2026-01-02T03:04:05",
    "$BUILD_DATE",
    "1767323045",
    "2026-01-02T25:00:00Z",
  ])("%j is none", (text) => {
    expect(parseTime(text)).toBeNaN();
  });

  it("is the same as what Date writes, to the millisecond", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
        expect(parseTime(date.toISOString())).toBe(date.getTime());
      }),
    );
  });
});

describe("An image config says", () => {
  const time = Date.UTC(2026, 0, 2);
  it.each([
    ["its own date", { created: "2026-01-02T00:00:00Z", history: [{ created: "2020-01-01T00:00:00Z" }] }, { time, source: "config" }],
    [
      "the last one in its history",
      { history: [{ created: "2020-01-01T00:00:00Z" }, { created: "2026-01-02T00:00:00Z" }, {}] },
      { time, source: "history" },
    ],
    [
      "a readable one before an unreadable one",
      { created: "now", history: [{ created: "2026-01-02T00:00:00Z" }] },
      { time, source: "history" },
    ],
    ["that it is unreadable", { created: "now" }, { time: Number.NaN, source: "config" }],
    ["the zero time as it is", { created: "0001-01-01T00:00:00Z" }, { time: -62_135_596_800_000, source: "config" }],
    ["nothing", {}, undefined],
    ["nothing in null", { created: null, history: null }, undefined],
    ["nothing in other types", { created: 5, history: [5, null, { created: 7 }] }, undefined],
    ["nothing in a list", [], undefined],
  ])("%s", (_, config, expected) => {
    expect(configTime(json(config))).toEqual(expected);
  });

  it("nothing if it is no JSON", () => {
    expect(configTime(Buffer.from("{"))).toBeUndefined();
  });
});

describe("A schema1 manifest says", () => {
  it.each([
    [
      "the date of its newest layer",
      { history: [{ v1Compatibility: '{"created":"2026-01-02T00:00:00Z"}' }, { v1Compatibility: "{}" }] },
      Date.UTC(2026, 0, 2),
    ],
    ["nothing", { history: [] }, undefined],
    ["nothing in what is no JSON", { history: [{ v1Compatibility: "{" }] }, undefined],
  ])("%s", (_, manifest, time) => {
    expect(schema1Time(json(manifest))?.time).toBe(time);
  });
});
