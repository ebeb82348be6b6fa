import fc from "fast-check";
import { differenceOf, incomparable, isTold, type OneSided } from "../../../provider/cleanup/plan/difference";
import type { RepositoryPlan } from "../../../provider/cleanup/plan/plan";
import type { Policy } from "../../../provider/cleanup/policy/policy";
import { globs, policies, repositories, ruleOf } from "../arbitraries";
import { digestOf, image, index, type RepositoryState, referrer, repository } from "../model";
import { afterDeletions, lostDigests, lostTags, planOf } from "./run";

const all = Number.MAX_SAFE_INTEGER;
const compare = (plan: RepositoryPlan | undefined, other: RepositoryPlan | undefined, most = all) =>
  differenceOf("app/web", { plan, other }, most);
const deleting = (...tags: string[]): Partial<Policy> => ({ rules: [ruleOf({ tags: globs(...tags) })] });

/** `tags: why it goes / why it stays`. */
const lines = ({ items }: OneSided) =>
  items.map(({ digest, role, tags, goes, stays }) => {
    const what = role ?? (digest === undefined ? "dangling" : "tag");
    return `${what} ${tags.join(" ")}: ${goes.text} / ${stays?.text ?? "-"}`;
  });

describe("the difference of two plans", () => {
  const [a, b, c] = [image("a"), image("b"), image("c", { age: 5 })];
  const state = repository([a, b, c], { "pr-1": a, "pr-2": b, v1: c });

  it("is what one deletes and the other keeps, each with both reasons", () => {
    const { deleted, kept } = compare(planOf(state, deleting("pr-1", "v*")), planOf(state, deleting("pr-*")));
    expect(deleted).toMatchObject({ digests: 1, tags: 0 });
    expect(lines(deleted)).toEqual(["root v1: selected by rule / no rule selects it"]);
    expect(deleted.items[0]).toMatchObject({ digest: c.digest });
    expect(kept).toMatchObject({ digests: 1, tags: 0 });
    expect(lines(kept)).toEqual(["root pr-2: selected by rule / no rule selects it"]);
  });

  it("says what protects in the one what goes in the other", () => {
    const policy = deleting("pr-*");
    const { kept, deleted } = compare(planOf(state, { ...policy, protect: [{ tags: globs("pr-2") }] }), planOf(state, policy));
    expect(lines(kept)).toEqual(["root pr-2: selected by rule / pr-2 is excluded"]);
    expect(deleted.items).toEqual([]);
  });

  it("counts what follows a root, and names roots first", () => {
    const child = image("child");
    const multi = index("multi", [child.digest]);
    const signature = referrer("signature", multi.digest);
    const { deleted } = compare(planOf(repository([child, multi, signature], { v1: multi }), deleting("v*")), undefined);
    expect(deleted.digests).toBe(3);
    expect(deleted.items.map(({ role }) => role)).toEqual(["root", "referrer", "child"]);
  });

  it("has a tag that is removed alone, and none that goes under both, be it alone or with its digest", () => {
    const shared = repository([a, b], { "pr-1": a, v1: a, v2: b });
    const alone = planOf(shared, deleting("pr-*"));
    expect(lines(compare(alone, planOf(shared, deleting("v2"))).deleted)).toEqual(["tag pr-1: selected by rule / no rule selects it"]);
    const whole = planOf(shared, deleting("pr-*", "v1"));
    expect(compare(alone, whole)).toMatchObject({ deleted: { digests: 0, tags: 0 }, kept: { digests: 1, tags: 0 } });
    expect(lines(compare(whole, alone).deleted)[0]).toMatch(/^root pr-1 v1: selected by rule \/ .+/);
  });

  it("has tags that point to nothing", () => {
    const dangling = repository([a], { v1: a, lost: digestOf("nothing") });
    const { deleted } = compare(planOf(dangling, { deleteDanglingTags: true }), planOf(dangling, {}));
    expect(deleted).toMatchObject({ digests: 0, tags: 1 });
    expect(lines(deleted)).toEqual([expect.stringMatching(/^dangling lost: points to nothing \/ .*lost/)]);
  });

  it("says what hinders where a repository is left alone as a whole, of children that have tags, too", () => {
    const child = image("child");
    const multi = index("multi", [child.digest]);
    const dangling = repository([child, multi], { arm64: child, v1: multi, lost: digestOf("nothing") });
    const { deleted } = compare(
      planOf(dangling, { ...deleting("arm64", "v1"), deleteDanglingTags: true }),
      planOf(dangling, deleting("v1")),
    );
    expect(deleted.items.map(({ tags, stays }) => [tags[0], stays?.text])).toEqual(
      ["v1", "lost", "arm64"].map((tag) => [tag, expect.stringContaining("lost")]),
    );
  });

  it("is everything that goes where the other policy is not about the repository", () => {
    const plan = planOf(state, deleting("pr-*"));
    const { deleted, kept } = compare(plan, undefined);
    expect(deleted.items.map(({ stays }) => stays?.text)).toEqual(Array(2).fill("the policy is not about this repository"));
    expect(deleted.digests).toBe(2);
    expect(kept.digests).toBe(0);
    expect(isTold(compare(planOf(state, {}), undefined))).toBe(false);
  });

  it("names no more than so many on each side, and counts all", () => {
    const many = Array.from({ length: 20 }, (_, at) => image(`image ${at}`));
    const before = repository(many, Object.fromEntries(many.map((one, at) => [`pr-${at}`, one])));
    const { deleted } = compare(planOf(before, deleting("pr-*")), planOf(before, {}), 3);
    expect([deleted.digests, deleted.items.length]).toEqual([20, 3]);
  });

  it("is told if there is none because it is not known", () => {
    expect(isTold(incomparable("app/web", "403"))).toBe(true);
  });
});

describe("the difference of any two policies", () => {
  const holds = (check: (state: RepositoryState, one: RepositoryPlan, other: RepositoryPlan) => void) =>
    fc.assert(
      fc.property(
        repositories({ dangling: true }),
        policies(),
        policies(),
        fc.constantFrom("listed" as const, "hidden" as const),
        (...given) => {
          const [state, one, other, untagged] = given;
          // One inventory for both.
          const view = { untagged, digests: [...one.keep.digests, ...other.keep.digests] };
          check(state, planOf(state, one, { view }), planOf(state, other, { view }));
        },
      ),
      { numRuns: 200 },
    );

  it("is empty exactly if both leave the same behind", () => {
    let [same, different] = [0, 0];
    holds((state, one, other) => {
      const left = [one, other].map((plan) => afterDeletions(state, plan));
      const [ours, theirs] = left.map((after) => JSON.stringify([lostDigests(state, after), lostTags(state, after)]));
      expect(isTold(compare(one, other))).toBe(ours !== theirs);
      if (ours === theirs) same++;
      else different++;
    });
    expect(Math.min(same, different)).toBeGreaterThan(10);
  });

  it("names what is lost under one only, and nothing else", () => {
    holds((state, one, other) => {
      const [ours, theirs] = [afterDeletions(state, one), afterDeletions(state, other)];
      const { deleted } = compare(one, other);
      const digests = deleted.items.flatMap(({ role, digest }) => (role === undefined || digest === undefined ? [] : [digest]));
      expect(digests.sort()).toEqual(lostDigests(state, ours).filter((digest) => theirs.manifests.has(digest)));
      for (const { role, tags } of deleted.items) {
        if (role !== undefined) continue;
        for (const tag of tags) expect([tag, ours.tags.has(tag), theirs.tags.has(tag)]).toEqual([tag, false, true]);
      }
      expect(deleted.items).toHaveLength(deleted.digests + deleted.tags);
    });
  });

  it("is the other way round if the policies are", () => {
    holds((_, one, other) => {
      const [there, back] = [compare(one, other), compare(other, one)];
      expect([back.deleted, back.kept]).toEqual([there.kept, there.deleted]);
    });
  });

  it("says why each root and tag that is named stays", () => {
    holds((_, one, other) => {
      for (const { role, stays } of compare(one, other).deleted.items)
        if (role === undefined || role === "root") expect(stays?.text).toMatch(/./);
    });
  });
});
