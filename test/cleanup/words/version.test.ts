import fc from "fast-check";
import * as semver from "semver";
import { PolicyError } from "../../../provider/cleanup/policy/policy-error";
import { compareVersions, compileGroupBy, parseGroupBy, parseVersion, type Version } from "../../../provider/cleanup/policy/version";

const order = (a: string, b: string) => Math.sign(compareVersions(version(a), version(b)));

function version(tag: string): Version {
  const parsed = parseVersion(tag);
  if (!parsed) throw new Error(`${tag} is no version`);
  return parsed;
}

describe("tags that are versions", () => {
  it.each([
    ["1.2.3", "1", "2", "3", []],
    ["v1.2.3", "1", "2", "3", []],
    ["v1", "1", "0", "0", []],
    ["1.2", "1", "2", "0", []],
    ["1.2-alpine", "1", "2", "0", ["alpine"]],
    ["1.2.3-rc.1", "1", "2", "3", ["rc", "1"]],
    ["1.2.3-rc.1_build.5", "1", "2", "3", ["rc", "1"]],
    ["1.2.3+build.5", "1", "2", "3", []],
    ["2024.01.15", "2024", "1", "15", []],
    ["20240131", "20240131", "0", "0", []],
    ["000", "0", "0", "0", []],
    ["1.2.3--x-", "1", "2", "3", ["-x-"]],
    ["1.2.3-rc.007", "1", "2", "3", ["rc", "7"]],
    ["999999999999999.0.0", "999999999999999", "0", "0", []],
  ])("%s", (tag, major, minor, patch, pre) => {
    const found = version(tag);
    expect([found.major, found.minor, found.patch, ...found.prerelease].map(String)).toEqual([major, minor, patch, ...pre]);
  });

  it.each([
    "latest",
    "1.2.3.4",
    "V1.2",
    "release-1.2",
    "1.",
    ".1",
    "v",
    "",
    "1.2.3-",
    "1.2.3-a..b",
    "a1",
    "abc1234",
    "v1.x",
    "1.2.3-rc!",
    "1000000000000000.0.0",
    "1.0.0-1000000000000000",
  ])("%j is none", (tag) => {
    expect(parseVersion(tag)).toBeUndefined();
  });
});

describe("precedence", () => {
  it("is that of SemVer 2.0 §11", () => {
    const ascending = [
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0-rc.1",
      "1.0.0",
      "1.0.1",
      "1.1.0",
      "2",
    ];
    for (const [index, higher] of ascending.entries()) for (const lower of ascending.slice(0, index)) expect(order(lower, higher)).toBe(-1);
  });

  it.each([
    ["1.2.3-alpine", "1.2.3", -1],
    ["1.9", "1.10", -1],
    ["v1.0.0", "1", 0],
    ["1.0.0+a", "1.0.0_b", 0],
    ["22.04", "22.10", -1],
    ["24.04", "22.10", 1],
    ["999999999999999.0.0", "999999999999998.0.0", 1],
    ["1.0.0-999999999999999", "1.0.0-999999999999998", 1],
  ])("%s and %s", (a, b, expected) => {
    expect(order(a, b)).toBe(expected);
    expect(order(b, a)).toBe(expected === 0 ? 0 : -expected);
  });

  const number = fc.oneof(fc.nat({ max: 30 }).map(String), fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }).map(String));
  const identifier = fc.oneof(
    number,
    fc.string({ unit: fc.constantFrom("a", "b", "-", "1"), minLength: 1, maxLength: 3 }).map((text) => `x${text}`),
  );
  const pre = fc.array(identifier, { maxLength: 3 });
  const any = fc.tuple(number, number, number, pre).map(([a, b, c, rest]) => `${a}.${b}.${c}${rest.length ? `-${rest.join(".")}` : ""}`);

  it("is a total order", () => {
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        expect(order(a, a)).toBe(0);
        expect(order(a, b) + order(b, a)).toBe(0);
        if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 1_000 },
    );
  });

  it("is what the semver package says, where that can read both", () => {
    const small = fc.nat({ max: 12 }).map(String);
    const word = fc.oneof(small, fc.constantFrom("alpha", "beta", "rc", "a-b", "x1"));
    const strict = fc
      .tuple(small, small, small, fc.array(word, { maxLength: 3 }))
      .map(([a, b, c, rest]) => `${a}.${b}.${c}${rest.length ? `-${rest.join(".")}` : ""}`);
    fc.assert(
      fc.property(strict, strict, (a, b) => {
        expect(order(a, b)).toBe(semver.compare(a, b));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("groups", () => {
  const keys = (groupBy: string, ...tags: string[]) => tags.map(compileGroupBy(parseGroupBy(groupBy), "group-by"));

  it("none: all tags are in one", () => {
    expect(new Set(keys("none", "v1", "latest")).size).toBe(1);
  });

  it("semver-major and semver-minor: tags that are no version form one of their own", () => {
    expect(keys("semver-major", "v1.2.3", "1.9", "2.0.0-rc.1", "latest", "1.2.3.4")).toEqual(["1", "1", "2", undefined, undefined]);
    expect(keys("semver-minor", "v1.2.3", "1.2", "1.3-rc.1", "latest")).toEqual(["1.2", "1.2", "1.3", undefined]);
  });

  it("an expression: by its group; what it does not match as a whole forms one", () => {
    expect(keys("(.+)-[0-9a-f]{7}", "main-0123abc", "dev-0123abc", "main-0123abcd", "latest")).toEqual([
      "main",
      "dev",
      undefined,
      undefined,
    ]);
    expect(keys("^(.+)-\\d+$", "main-1", "main-2")).toEqual(["main", "main"]);
    expect(keys("(?:(a)|b)", "a", "b")).toEqual(["a", undefined]);
    expect(keys("(x*)y", "y", "xy")).toEqual(["", "x"]);
  });

  it.each([
    ["semver-patch", "exactly one"],
    ["(a)(b)", "has 2 capturing groups"],
    ["a(?!b)", "no look-ahead"],
  ])("%s is refused", (groupBy, message) => {
    expect(() => keys(groupBy)).toThrow(PolicyError);
    expect(() => keys(groupBy)).toThrow(message);
  });
});
