import { globs, ruleOf } from "../arbitraries";
import { image, index, repository } from "../model";
import { imageOf, planOf } from "./run";

const base = ["base", 100] as const;
const amd64 = image("amd64", { size: 1, blobs: [base, ["a", 10], ["a", 10]] });
const arm64 = image("arm64", { size: 1, blobs: [base, ["b", 20]] });
const multi = index("multi", [amd64.digest, arm64.digest], { size: 1 });

describe("bytes", () => {
  it("of what stays: all that it consists of, what is shared or repeated once", () => {
    const many = image("many", { size: 1, blobs: [...Array.from({ length: 60 }, (_, n) => [`layer ${n}`, 1] as const), ["layer 0", 1]] });
    const plan = planOf(repository([amd64, arm64, multi, many], { multi, amd64, many }), {});
    expect([multi, amd64, many].map((one) => imageOf(plan, one)?.bytes)).toEqual([133, 111, 61]);
    expect(plan.counts).toMatchObject({ bytesKept: 133 + 61, bytesFreed: 0 });
  });

  it("of what goes: what nothing that stays has; what several have is freed with the last of them", () => {
    const old = image("old", { age: 300, size: 1, blobs: [base, ["pair", 7], ["own", 3]] });
    const older = image("older", {
      age: 400,
      size: 1,
      blobs: [
        ["pair", 7],
        ["pair", 7],
      ],
    });
    const state = repository([amd64, old, older], { amd64, old, older });
    const plan = planOf(state, { rules: [ruleOf({ tags: globs("old*") })] });
    expect([older, old, amd64].map((one) => imageOf(plan, one)?.bytes)).toEqual([1, 11, 111]);
    expect(plan.counts).toMatchObject({ bytesKept: 111, bytesFreed: 12 });
  });
});
