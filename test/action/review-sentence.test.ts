import { Review } from "../../action/cleanup/review";
import { commentForm } from "../../action/cleanup/summary";
import { incomparable, type RepositoryDifference } from "../../provider/cleanup/plan/difference";
import type { Bounds, Policy } from "../../provider/cleanup/policy/policy";
import { emptyPolicy } from "../cleanup/arbitraries";
import { digestOf } from "./plans";

const under = (bounds: Partial<Bounds> = {}): Policy => ({ ...emptyPolicy, bounds: { ...emptyPolicy.bounds, ...bounds } });
const goes = { code: "selected", text: "goes" } as const;
const gone: RepositoryDifference = {
  repository: "team/app",
  deleted: { digests: 1, tags: 0, items: [{ digest: digestOf("a"), role: "root", tags: ["a"], goes }] },
  kept: { digests: 0, tags: 0, items: [] },
};

function sentence(found: ConstructorParameters<typeof Review>[0]["found"], differences: readonly RepositoryDifference[], policy = under()) {
  const review = new Review({ branch: "main", name: "cleanup.yml", policy, found });
  for (const difference of differences) review.compare?.onDifference(difference);
  expect(review.render(commentForm)).toContain("### Compared with the policy on <code>main</code>");
  return review.sentence();
}

describe("what a changed policy comes to", () => {
  it("is more than nothing where only a bound was changed, which would have stopped the run", () => {
    expect(sentence({ kind: "policy", policy: under() }, [], under({ maxDeletions: 5_000, maxDeletionsPercent: 100 }))).toBe(
      "The policy is not the one on main, and both select the same. What stops a run was changed: max-deletions from 1,000 to 5,000, max-deletions-percent from 50 to 100.",
    );
    expect(sentence({ kind: "policy", policy: under({ maxDeletions: 0 }) }, [gone])).toBe(
      "The policy would delete 1 digest that the one on main keeps. What stops a run was changed: max-deletions from 0 to 1,000.",
    );
  });

  it("says nothing of bounds that are the same", () => {
    expect(sentence({ kind: "policy", policy: under() }, [])).toBe(
      "The policy is not the one on main, and both would delete the same: nothing changes.",
    );
  });

  it("is not nothing where a new policy could not be looked at", () => {
    expect(sentence({ kind: "none" }, [incomparable("team/app", "403")])).toBe(
      "There is no policy cleanup.yml on main, and without one nothing goes. It would delete nothing, as far as it could be compared.",
    );
    expect(sentence({ kind: "none" }, [])).toMatch(/It would delete nothing\.$/);
  });
});
