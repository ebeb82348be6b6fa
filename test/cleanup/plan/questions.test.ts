import { questions } from "../../../provider/cleanup/plan/questions";
import { compilePolicy } from "../../../provider/cleanup/policy/compile";
import type { Policy } from "../../../provider/cleanup/policy/policy";
import { emptyPolicy, globs, ruleOf } from "../arbitraries";
import { day, digestOf, image, index, inventoryOf, modelNow, type RepositoryState, referrer, repository } from "../model";

const child = image("child");
const multi = index("multi", [child.digest]);
const names = ["pr-1", "pr-2", "branch-a", "v1.0.0", "latest"];
const state = repository([child, multi, image("untagged"), ...names.map((name) => image(name))], {
  ...Object.fromEntries(names.map((name) => [name, image(name)])),
  multi,
  "pr-12-child": child,
});

/** `dated`: digests whose creation times are there. */
const ask = (policy: Partial<Policy>, dated: readonly string[] = [], of: RepositoryState = state) =>
  questions(inventoryOf(of, { created: new Set(dated) }), compilePolicy({ ...emptyPolicy, ...policy }), modelNow);
const created = (policy: Partial<Policy>, dated?: readonly string[]) => new Set(ask(policy, dated).created);
const digests = (...list: string[]) => new Set(list.map(digestOf));

describe("nothing is asked that the plan does not depend on", () => {
  it.each<[string, Partial<Policy>]>([
    ["no rule selects anything", { rules: [ruleOf({ tags: globs("nightly") })] }],
    ["all that is selected is excluded", { rules: [ruleOf({ tags: globs("pr-?") })], protect: [{ tags: globs("pr-*") }] }],
    ["it is of another kind", { rules: [ruleOf({ tags: globs("pr-?") })], artifactTypes: ["helm"] }],
    ["there is no ghost", { deleteGhostImages: true, deletePartialImages: true, deleteOrphanedReferrers: true, deleteDanglingTags: true }],
  ])("if %s", (_, policy) => {
    expect(ask(policy)).toEqual({
      candidates: false,
      created: new Set(),
      referrers: false,
      digests: new Set(),
      pullRequests: [],
      branches: false,
    });
  });

  it("no date where none matters", () => {
    const rules = [ruleOf({ tags: globs("*"), keepNewest: 1, sortBy: "semver" })];
    expect(ask({ rules, minAge: 0 })).toMatchObject({ candidates: true, created: new Set(), referrers: true });
  });

  it("no date that is there", () => {
    expect(created({ rules: [ruleOf({ tags: globs("pr-?") })] }, [digestOf("pr-1")])).toEqual(digests("pr-2"));
  });
});

describe("dates", () => {
  it.each<[string, Partial<Policy>, Set<string>]>([
    ["of the candidates, for min-age", { rules: [ruleOf({ tags: globs("pr-?") })] }, digests("pr-1", "pr-2")],
    ["of a child with a selected tag", { rules: [ruleOf({ tags: globs("pr-*-child") })] }, digests("child")],
    ["of untagged roots", { untagged: {} }, digests("untagged")],
    [
      "of what must be older than something",
      { rules: [ruleOf({ tags: globs("pr-?"), olderThan: { ago: day } })], minAge: 0 },
      digests("pr-1", "pr-2"),
    ],
    [
      "of a whole group, with what is excluded from it",
      { rules: [ruleOf({ tags: globs("pr-?"), keepNewest: 1 })], protect: [{ tags: globs("pr-1") }], minAge: 0 },
      digests("pr-1", "pr-2"),
    ],
    ["of untagged roots that a quota counts", { untagged: { keepNewest: 1 }, minAge: 0 }, digests("untagged")],
  ])("%s", (_, policy, expected) => {
    expect(created(policy)).toEqual(expected);
  });

  it("of what would follow: it may be too young", () => {
    const rules = [ruleOf({ tags: globs("multi"), olderThan: { ago: 30 * day } })];
    expect(created({ rules })).toEqual(digests("multi"));
    const own = repository([child, multi], { multi });
    expect(ask({ rules }, [digestOf("multi")], own).created).toEqual(digests("child"));
    expect(ask({ rules, minAge: 0 }, [digestOf("multi")], own).created).toEqual(new Set());
  });

  it("of all tagged roots, for min-keep, and only when a tagged root would go", () => {
    const rules = [ruleOf({ tags: globs("pr-?"), olderThan: { ago: 30 * day } })];
    const policy = { rules, minKeep: 1 };
    expect(created(policy)).toEqual(digests("pr-1", "pr-2"));
    expect(created(policy, [digestOf("pr-1"), digestOf("pr-2")])).toEqual(digests("branch-a", "v1.0.0", "latest", "multi", "child"));
    const young = { rules: [ruleOf({ tags: globs("pr-?"), olderThan: { ago: 300 * day } })], minKeep: 1 };
    expect(created(young, [digestOf("pr-1"), digestOf("pr-2")])).toEqual(new Set());
  });
});

describe("source control", () => {
  it("is asked about the numbers in tags, each once, and about branches only where a tag may be one's", () => {
    const rules = [ruleOf({ pullRequestTags: "pr-{number}", branchTags: "branch-{branch}" })];
    expect(ask({ rules })).toMatchObject({ pullRequests: [1, 2], branches: true, candidates: true });
    expect(ask({ rules: [ruleOf({ pullRequestTags: "pr-{number}" })] })).toMatchObject({ pullRequests: [1, 2], branches: false });
    expect(ask({ rules: [ruleOf({ branchTags: "feature-{branch}" })] }).candidates).toBe(false);
  });

  it("is not asked about what is excluded", () => {
    const rules = [ruleOf({ pullRequestTags: "pr-{number}" })];
    expect(ask({ rules, protect: [{ tags: globs("pr-1") }] }).pullRequests).toEqual([2]);
  });
});

it("digests on keep-lists that no tag leads to are asked for, where anything could go: what they consist of has to stay", () => {
  const keep = { digests: [digestOf("untagged"), digestOf("hidden")], references: [{ repository: "app/web", digest: digestOf("named") }] };
  const rules = [ruleOf({ tags: globs("pr-?") })];
  expect(ask({ rules, keep }).digests).toEqual(digests("hidden", "named"));
  expect(ask({ keep }).digests).toEqual(new Set());
});

it("switches make candidates: ghosts, orphans, and tags that point to nothing", () => {
  const ghost = index("ghost", [digestOf("gone")]);
  const orphan = referrer("orphan", digestOf("gone"));
  expect(ask({ deleteGhostImages: true }, [], repository([ghost], { ghost })).candidates).toBe(true);
  expect(ask({ deleteOrphanedReferrers: true }, [], repository([orphan], { orphan })).candidates).toBe(true);
  const dangling = repository([], { broken: digestOf("gone") });
  expect(ask({ deleteDanglingTags: true }, [], dangling)).toMatchObject({ candidates: true, referrers: false });
});
