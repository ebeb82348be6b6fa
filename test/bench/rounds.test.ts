import * as fc from "fast-check";
import { median, ratio, takeTurns } from "./rounds";

describe("median", () => {
  it.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 2, 10], 3],
    [[], Number.NaN],
  ])("of %j is %d", (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it("has as many values below it as above", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const middle = median(values);
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe("taking turns", () => {
  it("changes who begins, so that neither always runs on the other's heels", async () => {
    const order: string[] = [];
    const run = (who: string) => async () => {
      order.push(who);
      return order.length;
    };
    const pairs = await takeTurns(3, run("ours"), run("theirs"));
    expect(order).toEqual(["ours", "theirs", "theirs", "ours", "ours", "theirs"]);
    expect(pairs).toEqual({ ours: [1, 4, 5], theirs: [2, 3, 6] });
  });

  it("compares round by round: one slow minute of the machine counts once", () => {
    expect(ratio({ ours: [11, 220, 11], theirs: [10, 200, 10] })).toBeCloseTo(1.1);
    expect(ratio({ ours: [10, 1_000, 10], theirs: [10, 10, 10] })).toBe(1);
  });
});
