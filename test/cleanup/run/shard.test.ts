import fc from "fast-check";
import { formatShard, inShard, parseShard } from "../../../provider/cleanup/run/shard";

describe("shards", () => {
  it("cover each repository exactly once, whatever its name", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 20 }), (name, count) => {
        const shards = Array.from({ length: count }, (_, index) => ({ index: index + 1, count }));
        expect(shards.filter((shard) => inShard(name, shard))).toHaveLength(1);
      }),
    );
  });

  // Jobs of one matrix may run different versions: these must never change.
  it.each([
    ["team/app", "5/8"],
    ["library/alpine", "1/8"],
    ["a", "3/8"],
    ["команда/образ", "3/8"],
  ])("%s is in %s for ever", (name, shard) => {
    expect(
      Array.from({ length: 8 }, (_, index) => ({ index: index + 1, count: 8 }))
        .filter((one) => inShard(name, one))
        .map(formatShard),
    ).toEqual([shard]);
  });

  it("are about equal", () => {
    const names = Array.from({ length: 4000 }, (_, n) => `team-${n % 40}/service-${n}`);
    for (let index = 1; index <= 8; index++) {
      const share = names.filter((name) => inShard(name, { index, count: 8 })).length;
      expect(share).toBeGreaterThan(420);
      expect(share).toBeLessThan(580);
    }
  });

  it.each(["0/8", "9/8", "2", "2/0", "a/b", "-1/8", "1/8/2", "1.5/2", ""])("refuses %j with what to write", (text) => {
    expect(() => parseShard(text)).toThrow(/is not understood\. Write .*2\/8/);
  });

  it("reads what it writes", () => {
    expect(parseShard(" 2 / 8 ")).toEqual({ index: 2, count: 8 });
    expect(formatShard(parseShard("2/8"))).toBe("2/8");
  });
});
