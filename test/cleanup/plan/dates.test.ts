import { planRepository } from "../../../provider/cleanup/plan/plan-repository";
import { noAnswers } from "../../../provider/cleanup/plan/source-control";
import { compilePolicy } from "../../../provider/cleanup/policy/compile";
import type { CreationTime } from "../../../provider/registries/image-registry";
import { emptyPolicy, globs, ruleOf } from "../arbitraries";
import { day, image, index, inventoryOf, modelNow, referrer, repository } from "../model";
import { doomedTags, imageOf, planOf, tagOf } from "./run";

const at = (time: number): CreationTime => ({ time, source: "config" });
const untrusted = {
  epoch: at(0),
  "year one": at(Date.parse("0001-01-01T00:00:00Z")),
  "1980": at(Date.UTC(1980, 0, 1)),
  "just before 2013": at(Date.UTC(2013, 0, 1) - 1),
  "more than a day ahead": at(modelNow + day + 1),
  unreadable: at(Number.NaN),
  absent: null,
};
const trusted = { "the first of 2013": at(Date.UTC(2013, 0, 1)), "a day ahead": at(modelNow + day) };

describe.each(Object.entries(untrusted))("an untrusted date (%s)", (_, age) => {
  const strange = image("strange", { age });
  const normal = image("normal", { age: 100 });
  const state = repository([strange, normal], { "v2.0.0": strange, "v1.0.0": normal });

  it("is never old", () => {
    const plan = planOf(state, { rules: [ruleOf({ olderThan: { ago: 30 * day } })] });
    expect(doomedTags(plan)).toEqual(["v1.0.0"]);
    expect(tagOf(plan, "v2.0.0")?.reason).toMatchObject({ code: "unreliable-created", blocked: true });
    expect(doomedTags(planOf(state, { rules: [ruleOf({ olderThan: { before: modelNow - day } })] }))).toEqual(["v1.0.0"]);
  });

  it("refuses an order by date for its group, in which nothing goes", () => {
    const plan = planOf(state, { rules: [ruleOf({ keepNewest: 1 })] });
    expect(plan.deletions).toEqual([]);
    for (const tag of ["v1.0.0", "v2.0.0"]) expect(tagOf(plan, tag)?.reason).toMatchObject({ code: "unreliable-created", blocked: true });
    expect(plan.counts.blocked).toBe(2);
  });

  it("refuses no other group", () => {
    const plan = planOf(
      repository([...state.manifests.values(), image("old", { age: 200 })], { ...Object.fromEntries(state.tags), "v1.1.0": image("old") }),
      {
        rules: [ruleOf({ keepNewest: 1, groupBy: "semver-major" })],
      },
    );
    expect(doomedTags(plan)).toEqual(["v1.1.0"]);
  });

  it("still refuses it when what has it is excluded", () => {
    const more = repository([...state.manifests.values(), image("old", { age: 200 })], {
      ...Object.fromEntries(state.tags),
      v0: image("old"),
    });
    expect(planOf(more, { rules: [ruleOf({ keepNewest: 1 })], protect: [{ tags: globs("v2*") }] }).deletions).toEqual([]);
  });

  it("does not matter for an order by version", () => {
    const plan = planOf(state, { rules: [ruleOf({ keepNewest: 1, sortBy: "semver" })] });
    expect(doomedTags(plan)).toEqual(["v1.0.0"]);
    expect(doomedTags(planOf(state, { rules: [ruleOf({ keepNewest: 1, sortBy: "semver", tags: globs("v2*", "v3*") })] }))).toEqual([]);
  });

  it("does not protect a tag that was selected by its name", () => {
    expect(doomedTags(planOf(state, { rules: [ruleOf({ tags: globs("v2*") })] }))).toEqual(["v2.0.0"]);
  });

  it("is always young without a tag, unless min-age is 0", () => {
    const untagged = repository([strange], {});
    expect(planOf(untagged, { untagged: {} }).deletions).toEqual([]);
    expect(imageOf(planOf(untagged, { untagged: {} }), strange)?.reason).toMatchObject({ code: "min-age", blocked: true });
    expect(planOf(untagged, { untagged: {}, minAge: 0 }).counts.digests).toBe(1);
    expect(planOf(untagged, { untagged: { olderThan: { ago: day } }, minAge: 0 }).counts.digests).toBe(0);
  });

  it("does not hold back a child or a signature from going with its root", () => {
    const root = index("root", [strange.digest], { age: 50 });
    const signature = referrer("signature", root.digest, { age });
    expect(planOf(repository([strange, root, signature], { v1: root }), { rules: [ruleOf({ tags: globs("v1") })] }).counts.digests).toBe(3);
  });
});

describe.each(Object.entries(trusted))("a date that is trusted (%s)", (_, age) => {
  it("may be ordered by", () => {
    const first = image("first", { age });
    const second = image("second", { age: 100 });
    const plan = planOf(repository([first, second], { a: first, b: second }), { rules: [ruleOf({ keepNewest: 1 })], minAge: 0 });
    expect(plan.deletions).toHaveLength(1);
  });
});

describe("dates that are all the same", () => {
  const same = ["v1.0.0", "v1.1.0", "v2.0.0"].map((tag) => [tag, image(tag, { age: 50 })] as const);
  const state = repository(
    same.map(([, one]) => one),
    Object.fromEntries(same),
  );

  it("refuse an order by date", () => {
    const plan = planOf(state, { rules: [ruleOf({ keepNewest: 1 })] });
    expect(plan.deletions).toEqual([]);
    expect(tagOf(plan, "v1.0.0")?.reason.code).toBe("unreliable-created");
  });

  it("of all but one are ties, which the version breaks", () => {
    const more = repository([...state.manifests.values(), image("new", { age: 3 })], {
      ...Object.fromEntries(state.tags),
      new: image("new"),
    });
    expect(doomedTags(planOf(more, { rules: [ruleOf({ keepNewest: 2 })] }))).toEqual(["v1.0.0", "v1.1.0"]);
  });

  it("of one digest alone refuse nothing", () => {
    const [first] = same;
    if (!first) throw new Error("there is one");
    const plan = planOf(repository([first[1]], { a: first[1], b: first[1] }), { rules: [ruleOf({ keepNewest: 1 })] });
    expect(tagOf(plan, "a")?.reason.code).toBe("newest");
  });

  it("refuse it for untagged roots, too", () => {
    const untagged = repository([image("a", { age: 50 }), image("b", { age: 50 })], {});
    expect(planOf(untagged, { untagged: { keepNewest: 1 } }).deletions).toEqual([]);
  });
});

describe("min-age", () => {
  const guarded = { rules: [ruleOf({ tags: globs("*") })], untagged: {} };

  it.each([
    [0.99, 0],
    [1, 1],
  ])("leaves alone what is younger: %d days", (age, expected) => {
    const plan = planOf(repository([image("a", { age })], { a: image("a") }), guarded);
    expect(plan.counts.digests).toBe(expected);
    if (expected === 0) expect(tagOf(plan, "a")?.reason).toMatchObject({ code: "min-age", blocked: true });
  });

  it("leaves alone an untagged child of a push whose index is still to come", () => {
    expect(planOf(repository([image("child", { age: 0.001 })], {}), guarded).deletions).toEqual([]);
  });

  it("leaves alone the tags of something young that stays for another reason", () => {
    const young = image("young", { age: 0.5 });
    const plan = planOf(repository([young], { "pr-1": young, latest: young }), { rules: [ruleOf({ tags: globs("pr-*") })] });
    expect(plan.deletions).toEqual([]);
    expect(tagOf(plan, "pr-1")?.reason).toMatchObject({ code: "min-age", blocked: true });
  });

  it.each([["child", (digest: string) => ({ root: index("root", [digest], { age: 50 }), part: image("part", { age: 0.5 }) })]])(
    "leaves alone what a young %s belongs to",
    (_, make) => {
      const { root, part } = make(image("part").digest);
      const plan = planOf(repository([part, root], { v1: root }), guarded);
      expect(plan.deletions).toEqual([]);
      expect(imageOf(plan, root)?.reason).toMatchObject({ code: "min-age", text: expect.stringContaining(part.digest.slice(0, 19)) });
    },
  );

  it("leaves alone what somebody has signed just now", () => {
    const root = image("root", { age: 50 });
    const signature = referrer("signature", root.digest, { age: 0.5 });
    expect(planOf(repository([root, signature], { v1: root }), guarded).deletions).toEqual([]);
  });

  it("is lifted by 0, also for dates ahead", () => {
    const ahead = image("ahead", { age: -0.5 });
    expect(planOf(repository([ahead], { a: ahead }), { ...guarded, minAge: 0 }).counts.digests).toBe(1);
  });
});

it("a plan is made for its moment, also of an inventory that was looked at before", () => {
  const inventory = inventoryOf(repository([image("a", { age: 10 })], { a: image("a") }));
  const policy = compilePolicy({ ...emptyPolicy, rules: [ruleOf({ olderThan: { ago: 20 * day } })] });
  const digests = (now: number) => planRepository({ inventory, policy, now, answers: noAnswers }).counts.digests;
  expect([modelNow, modelNow + 30 * day, modelNow].map(digests)).toEqual([0, 1, 0]);
  const other = compilePolicy(emptyPolicy);
  expect(planRepository({ inventory, policy: other, now: modelNow + 30 * day, answers: noAnswers }).counts.digests).toBe(0);
});
