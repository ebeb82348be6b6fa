import type { Policy, Rule } from "../../../provider/cleanup/policy/policy";
import { globs, ruleOf } from "../arbitraries";
import { day, digestOf, image, index, referrer, repository } from "../model";
import { doomedTags, imageOf, planOf, tagOf } from "./run";

/** A repository of single images, from tag to age in days. */
const tagged = (ages: Readonly<Record<string, number>>) => {
  const images = Object.entries(ages).map(([tag, age]) => [tag, image(tag, { age })] as const);
  return repository(
    images.map(([, one]) => one),
    Object.fromEntries(images),
  );
};
const one = (rule: Partial<Rule>): Partial<Policy> => ({ rules: [ruleOf(rule)] });

describe("what a rule selects", () => {
  const state = tagged({ latest: 40, "v1.0.0": 50, "pr-1": 60, "pr-2": 60.5, "pr-3": 61, "branch-main": 70, "branch-gone": 71 });

  it.each<[string, Partial<Rule>, string[]]>([
    ["patterns alone", { tags: globs("pr-*") }, ["pr-1", "pr-2", "pr-3"]],
    ["patterns without what ! takes out", { tags: globs("pr-*", "!pr-1") }, ["pr-2", "pr-3"]],
    ["pull requests that are closed", { pullRequestTags: "pr-{number}" }, ["pr-2"]],
    ["branches that are gone", { branchTags: "branch-{branch}" }, ["branch-gone"]],
    [
      "all of them, added up",
      { tags: globs("latest"), pullRequestTags: "pr-{number}", branchTags: "branch-{branch}" },
      ["branch-gone", "latest", "pr-2"],
    ],
    [
      "an open pull request never, whatever the patterns say",
      { tags: globs("*"), pullRequestTags: "pr-{number}" },
      ["branch-gone", "branch-main", "latest", "pr-2", "v1.0.0"],
    ],
    ["without any of them, every tagged root", { olderThan: { ago: 60 * day } }, ["branch-gone", "branch-main", "pr-2", "pr-3"]],
    ["age narrows", { tags: globs("pr-*"), olderThan: { ago: 60 * day } }, ["pr-2", "pr-3"]],
  ])("%s", (_, rule, expected) => {
    expect(doomedTags(planOf(state, one(rule)))).toEqual(expected);
  });

  it("says why the others stay", () => {
    const plan = planOf(state, one({ pullRequestTags: "pr-{number}", branchTags: "branch-{branch}" }));
    expect(tagOf(plan, "pr-1")?.reason).toEqual({ code: "pull-request-open", text: "pull request 1 is open" });
    expect(tagOf(plan, "pr-3")?.reason).toMatchObject({ code: "unknown-to-github", blocked: true });
    expect(tagOf(plan, "branch-main")?.reason).toMatchObject({ code: "branch-exists" });
    expect(tagOf(plan, "latest")?.reason).toMatchObject({ code: "not-selected" });
  });

  it("says so where the patterns want what a template keeps", () => {
    const plan = planOf(state, one({ tags: globs("*"), pullRequestTags: "pr-{number}", branchTags: "branch-{branch}" }));
    expect(tagOf(plan, "pr-1")?.reason).toMatchObject({ code: "pull-request-open", blocked: true });
    expect(tagOf(plan, "branch-main")?.reason).toMatchObject({ code: "branch-exists", blocked: true });
  });

  it("no tag that was cut to the longest there may be, if a branch begins like it", () => {
    const branch = "x".repeat(200);
    const told = { answers: { pullRequests: new Map(), branches: new Set([branch]) } };
    const cut = (length: number) => tagged({ [`branch-${branch}`.slice(0, length)]: 50 });
    expect(planOf(cut(128), one({ branchTags: "branch-{branch}" }), told).deletions).toEqual([]);
    expect(planOf(cut(127), one({ branchTags: "branch-{branch}" }), told).deletions).toHaveLength(1);
  });

  it("nothing of a pull request that there never was", () => {
    const told = { answers: { pullRequests: new Map([[3, "none"] as const]), branches: undefined } };
    const plan = planOf(tagged({ "pr-3": 50 }), one({ pullRequestTags: "pr-{number}" }), told);
    expect(plan.deletions).toEqual([]);
    expect(tagOf(plan, "pr-3")?.reason).toEqual({ code: "not-selected", text: "there is no pull request 3" });
  });

  it("nothing of branches that nobody told", () => {
    const plan = planOf(state, one({ branchTags: "branch-{branch}" }), { answers: { pullRequests: new Map(), branches: undefined } });
    expect(plan.deletions).toEqual([]);
    expect(tagOf(plan, "branch-gone")?.reason).toMatchObject({ code: "unknown-to-github", blocked: true });
  });

  it("an excluded tag never; excludes alone nothing", () => {
    expect(doomedTags(planOf(state, { ...one({ tags: globs("*") }), protect: [{ tags: globs("pr-*", "branch-*") }] }))).toEqual([
      "latest",
      "v1.0.0",
    ]);
    expect(planOf(state, { protect: [{ tags: globs("pr-*") }] }).deletions).toEqual([]);
  });

  it("exclusion may be for some repositories only", () => {
    const protect = [{ tags: globs("*"), repositories: globs("other/**") }];
    expect(planOf(state, { ...one({ tags: globs("latest") }), protect }).deletions).toHaveLength(1);
    expect(
      planOf(state, { ...one({ tags: globs("latest") }), protect: [{ tags: globs("*"), repositories: globs("app/*") }] }).deletions,
    ).toEqual([]);
  });
});

describe("several rules", () => {
  const state = tagged({ "v1.0.0": 50, "v1.0.1": 40, "v2.0.0": 30, "pr-1": 60, nightly: 20 });

  it("the first that selects a tag decides on it, and what none selects stays", () => {
    const plan = planOf(state, {
      rules: [
        ruleOf({ name: "releases", tags: globs("v1*"), keepNewest: 1 }),
        ruleOf({ name: "all v", tags: globs("v*") }),
        ruleOf({ name: "elsewhere", repositories: globs("other/*"), tags: globs("*") }),
      ],
    });
    expect(doomedTags(plan)).toEqual(["v1.0.0", "v2.0.0"]);
    expect(tagOf(plan, "v2.0.0")?.reason.text).toBe("selected by all v");
    expect(tagOf(plan, "v1.0.1")?.reason).toMatchObject({ code: "newest", text: "among the newest 1 (releases)" });
    expect(tagOf(plan, "nightly")?.reason.code).toBe("not-selected");
  });

  it("an image's reason is the one that says most", () => {
    const both = image("both");
    const plan = planOf(repository([both], { aaa: both, "v1.0.0": both, zzz: both }), one({ tags: globs("v*"), keepNewest: 1 }));
    expect(imageOf(plan, both)?.reason.code).toBe("newest");
  });

  it("a digest stays if the rule of one of its tags keeps it", () => {
    const both = image("both", { age: 50 });
    const plan = planOf(repository([both], { "pr-1": both, "v1.0.0": both }), {
      rules: [ruleOf({ tags: globs("pr-*") }), ruleOf({ tags: globs("v*"), olderThan: { ago: 60 * day } })],
    });
    expect(plan.deletions).toEqual([{ kind: "tag", tag: "pr-1", digest: both.digest }]);
  });
});

describe("keep-n-tagged", () => {
  it("counts over all candidates, then age narrows (others count among the old ones)", () => {
    const state = tagged({ a: 1.5, b: 2, c: 40, d: 50, e: 60 });
    expect(doomedTags(planOf(state, one({ keepNewest: 2, olderThan: { ago: 30 * day } })))).toEqual(["c", "d", "e"]);
    expect(doomedTags(planOf(state, one({ keepNewest: 4, olderThan: { ago: 30 * day } })))).toEqual(["e"]);
  });

  it("counts roots: several tags of one are one", () => {
    const first = image("first", { age: 10 });
    const second = image("second", { age: 20 });
    const third = image("third", { age: 30 });
    const state = repository([first, second, third], { a: first, b: first, c: first, d: second, e: third });
    expect(doomedTags(planOf(state, one({ keepNewest: 2 })))).toEqual(["e"]);
  });

  it("counts no children", () => {
    const child = image("child", { age: 10 });
    const multi = index("multi", [child.digest], { age: 10 });
    const old = image("old", { age: 20 });
    const older = image("older", { age: 30 });
    const state = repository([child, multi, old, older], { multi, child, old, older });
    expect(doomedTags(planOf(state, one({ keepNewest: 2 })))).toEqual(["older"]);
  });

  it.each<[Rule["sortBy"], string[]]>([
    ["semver", ["v2.0.0"]],
    ["name", ["v2.0.0"]],
    ["created", ["v1.0.0", "v3.0.0"]],
  ])("counts one that has several tags by its highest (%s)", (sortBy, expected) => {
    const both = image("both", { age: 20 });
    const state = repository([both, image("other", { age: 10 })], { "v1.0.0": both, "v3.0.0": both, "v2.0.0": image("other") });
    expect(doomedTags(planOf(state, one({ keepNewest: 1, sortBy })))).toEqual(expected);
    const ten = repository([both, image("other")], { "v10.0.0": both, "v2.0.0": both, "v9.0.0": image("other") });
    if (sortBy === "semver") expect(doomedTags(planOf(ten, one({ keepNewest: 1, sortBy })))).toEqual(["v9.0.0"]);
    const same = repository([image("a"), image("b")], {
      "v1.0.0": image("a"),
      "v3.0.0": image("a"),
      "v2.0.0": image("b"),
      new: image("new", { age: 3 }),
    });
    same.manifests.set(image("new").digest, image("new", { age: 3 }));
    expect(doomedTags(planOf(same, one({ keepNewest: 2 })))).toEqual(["v2.0.0"]);
  });

  it("is not disturbed by what takes no place: referrers, other kinds, ghosts that go", () => {
    const strange = { age: null };
    const sbom = referrer("sbom", image("a").digest, strange);
    const cache = image("cache", { ...strange, kind: "other" });
    const ghost = index("ghost", [digestOf("gone")], strange);
    const images = [image("a", { age: 10 }), image("b", { age: 20 })];
    const state = repository([...images, sbom, cache, ghost], { a: image("a"), b: image("b"), sbom, cache, ghost });
    const plan = planOf(state, { ...one({ keepNewest: 1 }), artifactTypes: ["image"], deleteGhostImages: true });
    expect(doomedTags(plan)).toEqual(["b", "ghost"]);
  });

  it("counts nothing that is excluded", () => {
    const state = tagged({ latest: 2, a: 10, b: 20, c: 30 });
    expect(doomedTags(planOf(state, { ...one({ keepNewest: 1 }), protect: [{ tags: globs("latest") }] }))).toEqual(["b", "c"]);
  });

  it("keeps an index that holds what would be among the newest by itself", () => {
    // Otherwise its child, which somebody has named, would be a root the next time, and push another one out.
    const child = image("child", { age: 5 });
    const multi = index("multi", [child.digest], { age: 100 });
    const state = repository([child, multi, image("a", { age: 10 })], { v1: multi, v9: child, "own-name": child, v2: image("a") });
    const plan = planOf(state, one({ tags: globs("v*"), keepNewest: 1 }));
    expect(plan.deletions).toEqual([]);
    expect(imageOf(plan, multi)?.reason).toMatchObject({ code: "newest", text: expect.stringContaining("own-name") });
  });

  it("keeps an index that holds what would make a refused order possible by itself", () => {
    const child = image("child", { age: 5 });
    const multi = index("multi", [child.digest], { age: 100 });
    const same = [image("a", { age: 50 }), image("b", { age: 50 })];
    const state = repository([child, multi, ...same], { old: multi, v9: child, "own-name": child, v1: image("a"), v2: image("b") });
    const rules = [ruleOf({ tags: globs("v*"), keepNewest: 1 }), ruleOf({ tags: globs("old") })];
    expect(planOf(state, { rules }).deletions).toEqual([]);
    expect(doomedTags(planOf(state, { rules: rules.slice(1) }))).toEqual(["old"]);
  });

  it.each<[Rule["sortBy"], string[]]>([
    ["semver", ["1.0.0-rc.1", "latest", "nightly", "v0.9"]],
    ["created", ["1.0.0-rc.1", "nightly", "v0.9", "v1.0.0"]],
    ["name", ["1.0.0-rc.1", "latest", "nightly", "v0.9"]],
  ])("newest by %s", (sortBy, expected) => {
    const state = tagged({ "v1.0.0": 40, "v1.1": 9, "v0.9": 15, "1.0.0-rc.1": 50, latest: 10, nightly: 20 });
    expect(doomedTags(planOf(state, one({ keepNewest: 2, sortBy })))).toEqual(expected);
  });

  it("with semver, a back-port is not the newest (all others keep only the back-port)", () => {
    const state = tagged({ "v1.9.1": 2, "v2.0.0": 30, "v1.9.0": 60 });
    expect(doomedTags(planOf(state, one({ tags: globs("v*"), keepNewest: 1, sortBy: "semver" })))).toEqual(["v1.9.0", "v1.9.1"]);
  });

  it.each<[string, Rule["groupBy"], string[]]>([
    ["minor versions, a pre-release in the group of its version", "semver-minor", ["latest", "v1.0.0", "v1.1.0-rc.1"]],
    ["major versions", "semver-major", ["latest", "v1.0.0", "v1.0.1", "v1.1.0-rc.1"]],
    ["an expression's group", { pattern: "v([0-9]).*" }, ["latest", "v1.0.0", "v1.0.1", "v1.1.0-rc.1"]],
    ["no group", "none", ["latest", "nightly", "v1.0.0", "v1.0.1", "v1.1.0", "v1.1.0-rc.1"]],
  ])("per group of %s; what is no version has a group of its own", (_, groupBy, expected) => {
    const state = tagged({ "v1.0.0": 40, "v1.0.1": 30, "v1.1.0-rc.1": 25, "v1.1.0": 20, "v2.0.0": 10, latest: 9, nightly: 8 });
    expect(doomedTags(planOf(state, one({ keepNewest: 1, groupBy, sortBy: "semver" })))).toEqual(expected);
  });

  it("breaks ties by version, then name", () => {
    const state = tagged({ "v1.0.0": 10, "v1.10.0": 10, "v1.9.0": 10, b: 10, c: 10, a: 5 });
    expect(doomedTags(planOf(state, one({ keepNewest: 2 })))).toEqual(["b", "c", "v1.0.0", "v1.9.0"]);
    expect(doomedTags(planOf(state, one({ keepNewest: 5 })))).toEqual(["b"]);
  });
});

describe("min-keep", () => {
  const state = tagged({ a: 10, b: 20, c: 30 });

  it.each([
    [0, ["a", "b", "c"]],
    [1, ["b", "c"]],
    [2, ["c"]],
    [5, []],
  ])("%d of the newest tagged roots stay whatever the rules say", (minKeep, expected) => {
    const plan = planOf(state, { ...one({ tags: globs("*") }), minKeep });
    expect(doomedTags(plan)).toEqual(expected);
    expect(plan.counts.blocked).toBe(3 - expected.length);
    if (minKeep > 0) expect(tagOf(plan, "a")?.reason).toMatchObject({ code: "min-keep", blocked: true });
  });

  it("counts what stays anyway, and not what cannot be pulled or has no date that can be trusted", () => {
    const broken = index("broken", ["sha256:missing"], { age: 2 });
    const undated = image("undated", { age: null });
    const more = repository([...state.manifests.values(), broken, undated], { ...Object.fromEntries(state.tags), broken, undated });
    expect(doomedTags(planOf(more, { ...one({ tags: globs("*") }), minKeep: 1 }))).toEqual(["b", "broken", "c", "undated"]);
    const excluded = { ...one({ tags: globs("*") }), protect: [{ tags: globs("a") }], minKeep: 1 };
    expect(doomedTags(planOf(state, excluded))).toEqual(["b", "c"]);
  });

  it("keeps an index that holds what would be the newest by itself, and that one's tag", () => {
    const child = image("child", { age: 5 });
    const inner = index("inner", [child.digest], { age: 100 });
    const outer = index("outer", [inner.digest], { age: 200 });
    const nested = repository([child, inner, outer, image("a", { age: 10 })], { child, outer, a: image("a") });
    const plan = planOf(nested, { ...one({ tags: globs("*") }), minKeep: 1 });
    expect(plan.deletions).toEqual([]);
    expect(imageOf(plan, outer)?.reason).toMatchObject({ code: "min-keep", text: "holds child, which min-keep keeps" });
    expect(tagOf(plan, "child")?.reason).toMatchObject({ code: "min-keep", blocked: true });
    expect(doomedTags(planOf(nested, { ...one({ tags: globs("*") }), minKeep: 0 }))).toEqual(["a", "child", "outer"]);
  });

  it("ends, although a registry may say that two indexes consist of each other", () => {
    const circle = [index("one", [digestOf("two")]), index("two", [digestOf("one")]), index("three", [digestOf("one")])];
    const plan = planOf(repository(circle, { one: digestOf("one"), three: digestOf("three") }), {
      ...one({ tags: globs("*"), keepNewest: 1 }),
      minKeep: 1,
    });
    expect(plan.deletions).toEqual([]);
    expect(planOf(repository(circle, { three: digestOf("three") }), one({ tags: globs("*") })).counts.digests).toBe(3);
  });

  it("counts no untagged roots", () => {
    const untagged = image("untagged", { age: 5 });
    const more = repository([...state.manifests.values(), untagged], Object.fromEntries(state.tags));
    const plan = planOf(more, { ...one({ tags: globs("*") }), untagged: {}, minKeep: 1 });
    expect(doomedTags(plan)).toEqual(["b", "c"]);
    expect(imageOf(plan, untagged)?.action).toBe("delete");
  });
});

describe("roots without tags", () => {
  const images = [5, 10, 20].map((age) => image(`untagged ${age}`, { age }));
  const state = repository([...images, image("named", { age: 1.5 })], { latest: image("named") });
  const count = (policy: Partial<Policy>) => planOf(state, policy).counts.digests;

  it.each<[string, Policy["untagged"], number]>([
    ["stay without a rule", undefined, 0],
    ["go with one", {}, 3],
    ["but the newest so many", { keepNewest: 2 }, 1],
    ["but the younger ones", { olderThan: { ago: 9 * day } }, 2],
    ["in other repositories only", { repositories: globs("other/*") }, 0],
  ])("%s", (_, untagged, expected) => {
    expect(count(untagged ? { untagged } : {})).toBe(expected);
  });

  it("say why one stays", () => {
    const strange = image("strange", { age: null });
    const plan = planOf(repository([...images, strange], {}), { untagged: { olderThan: { ago: 9 * day } }, minAge: 0 });
    expect(imageOf(plan, strange)?.reason.code).toBe("unreliable-created");
    expect(imageOf(plan, image("untagged 5"))?.reason).toMatchObject({ code: "younger-than-rule", text: "not older than 9d (untagged)" });
    expect(imageOf(planOf(state, {}), image("untagged 5"))?.reason.code).toBe("not-selected");
  });

  it("an index stays as long as a child of it on a keep-list would disturb an order that is refused", () => {
    const child = image("child", { age: 5 });
    const plain = image("plain", { age: 6 });
    const multi = index("multi", [child.digest, plain.digest], { age: 100 });
    const same = [image("a", { age: 50 }), image("b", { age: 50 })];
    const policy = { ...one({ tags: globs("old") }), untagged: { keepNewest: 1 } };
    const refused = repository([child, plain, multi, ...same], { old: multi });
    const keep = { digests: [child.digest], references: [] };
    expect(planOf(refused, { ...policy, keep }).deletions).toEqual([]);
    expect(planOf(refused, policy).counts.digests).toBe(3);
  });

  it("are no candidates of rules for tags", () => {
    expect(count(one({ olderThan: { ago: day } }))).toBe(1);
  });
});
