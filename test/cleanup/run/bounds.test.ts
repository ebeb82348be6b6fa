import fc from "fast-check";
import { noCounts } from "../../../provider/cleanup/plan/counts";
import type { PlanCounts } from "../../../provider/cleanup/plan/plan";
import { BoundsExceeded, checkBounds } from "../../../provider/cleanup/run/bounds";

const plan = (repository: string, counts: Partial<PlanCounts>) => ({ repository, counts: { ...noCounts, ...counts } });

describe("max-deletions counts root digests and removed tags", () => {
  const of = (counts: Partial<PlanCounts>, maxDeletions: number) =>
    checkBounds({ maxDeletions, maxDeletionsPercent: 100 }, [plan("app", counts)]).excesses;

  it("of the whole run", () => {
    const plans = ["a", "b", "c"].map((name) => plan(name, { roots: 2, untagged: 1, kept: 8 }));
    expect(checkBounds({ maxDeletions: 9, maxDeletionsPercent: 100 }, plans).excesses).toEqual([]);
    expect(checkBounds({ maxDeletions: 8, maxDeletionsPercent: 100 }, plans).excesses).toEqual([
      {
        bound: "max-deletions",
        planned: 9,
        total: 30,
        percent: 20,
        limit: 8,
        text: "9 deletions are planned in 3 repositories: 6 of 30 images (20 %) and 3 tags of images that stay; max-deletions allows 8.",
      },
    ]);
  });

  it("and not what follows its root", () => {
    expect(of({ roots: 1, digests: 20 }, 1)).toEqual([]);
    expect(of({ roots: 2, digests: 2 }, 1)).toHaveLength(1);
  });

  it("and 0 allows nothing but an empty plan", () => {
    expect(of({ kept: 5 }, 0)).toEqual([]);
    expect(of({ untagged: 1 }, 0)).toHaveLength(1);
  });
});

describe("max-deletions-percent is a share of the tagged roots of any one repository", () => {
  const within = { maxDeletions: 1000, maxDeletionsPercent: 50 };

  it("so one small repository is enough", () => {
    const plans = [plan("big", { taggedRoots: 1000, doomedTaggedRoots: 1 }), plan("small", { taggedRoots: 3, doomedTaggedRoots: 2 })];
    expect(checkBounds(within, plans).excesses).toEqual([
      {
        bound: "max-deletions-percent",
        repository: "small",
        planned: 2,
        total: 3,
        percent: 66.7,
        limit: 50,
        text: "In small 2 of 3 tagged images would go (66.7 %); max-deletions-percent allows 50 %.",
      },
    ]);
  });

  it.each([
    ["exactly the limit", 50, 100, true],
    ["one more than the limit", 51, 100, false],
    ["a hair more than the limit", 5001, 10_000, false],
    ["nothing of nothing", 0, 0, true],
    ["something of nothing", 1, 0, false],
  ])("%s: %d of %d", (_, doomedTaggedRoots, taggedRoots, allowed) => {
    expect(checkBounds(within, [plan("app", { doomedTaggedRoots, taggedRoots })]).excesses.length === 0).toBe(allowed);
  });

  it("does not count what is untagged", () => {
    expect(checkBounds(within, [plan("app", { taggedRoots: 2, roots: 100, digests: 100 })]).excesses).toEqual([]);
  });

  it("says so of ten repositories and counts the others", () => {
    const plans = Array.from({ length: 13 }, (_, n) => plan(`app-${n}`, { taggedRoots: 1, doomedTaggedRoots: 1 }));
    const verdict = checkBounds(within, plans);
    expect(verdict).toMatchObject({ excesses: expect.arrayContaining([expect.objectContaining({ repository: "app-9" })]), more: 3 });
    expect(new BoundsExceeded(verdict).message).toMatch(
      /^More is planned than the bounds allow, so nothing is deleted anywhere\. In app-0 1 of 1 tagged image .* The same holds for 3 more repositories\. Look at the plan; if it is right, raise max-deletions-percent\.$/,
    );
  });
});

describe("a number that is none", () => {
  it.each([[{ maxDeletions: Number.NaN, maxDeletionsPercent: 100 }], [{ maxDeletions: 1000, maxDeletionsPercent: Number.NaN }]])(
    "allows nothing: %j",
    (bounds) => {
      expect(checkBounds(bounds, [plan("app", { roots: 1, taggedRoots: 10, doomedTaggedRoots: 1 })]).excesses).toHaveLength(1);
    },
  );
});

describe("bounds", () => {
  it("do not depend on the order of the repositories, other than in what is shown", () => {
    const counts = fc.record({ roots: fc.nat(9), untagged: fc.nat(9), taggedRoots: fc.nat(9), doomedTaggedRoots: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 9 }), fc.nat(60), fc.nat(100), (list, maxDeletions, maxDeletionsPercent) => {
        const plans = list.map((one, n) => plan(`app-${n}`, one));
        const verdict = (some: typeof plans) =>
          checkBounds({ maxDeletions, maxDeletionsPercent }, some)
            .excesses.map(({ text }) => text)
            .sort();
        expect(verdict(plans.toReversed())).toEqual(verdict(plans));
      }),
    );
  });
});
