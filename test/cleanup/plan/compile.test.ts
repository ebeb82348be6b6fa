import { BranchNames } from "../../../provider/cleanup/plan/branches";
import { compilePolicy } from "../../../provider/cleanup/policy/compile";
import type { Policy } from "../../../provider/cleanup/policy/policy";
import { PolicyError } from "../../../provider/cleanup/policy/policy-error";
import { compileTemplate } from "../../../provider/cleanup/policy/template";
import { emptyPolicy, globs, ruleOf } from "../arbitraries";

describe("what a policy cannot mean", () => {
  it.each<[string, Partial<Policy>, string]>([
    ["a template without its placeholder", { rules: [ruleOf({ pullRequestTags: "pr-*" })] }, "rules[0].pullRequestTags"],
    ["one that holds it twice", { rules: [ruleOf({ branchTags: "{branch}-{branch}" })] }, "rules[0].branchTags"],
    ["one that no tag can be made from", { rules: [ruleOf({ branchTags: "branch/{branch}" })] }, "rules[0].branchTags"],
    ["patterns that cannot be read", { rules: [ruleOf(), ruleOf({ tags: { syntax: "regex", patterns: ["("] } })] }, "rules[1].tags"],
    ["a group without a group", { rules: [ruleOf({ groupBy: { pattern: "v.*" } })] }, "rules[0].groupBy"],
    ["a protection that cannot be read", { protect: [{ tags: { syntax: "regex", patterns: ["["] } }] }, "protect[0].tags"],
    ["a fraction of an image", { rules: [ruleOf({ keepNewest: 1.5 })] }, "rules[0].keepNewest"],
    ["less than none untagged", { untagged: { keepNewest: -1 } }, "untagged.keepNewest"],
    ["less than none kept", { minKeep: -1 }, "min-keep"],
    ["an age that is no number", { minAge: Number.NaN }, "min-age"],
  ])("%s is an error that says where", (_, policy, where) => {
    const compile = () => compilePolicy({ ...emptyPolicy, ...policy });
    expect(compile).toThrow(PolicyError);
    expect(compile).toThrow(expect.objectContaining({ where }));
  });
});

it("rules, protections, keep-lists and untagged are those of the repository", () => {
  const compiled = compilePolicy({
    ...emptyPolicy,
    protect: [{ repositories: globs("app/*"), tags: globs("latest") }],
    keep: { digests: ["sha256:all"], references: [{ repository: "app/web", tag: "v1", digest: "sha256:one" }] },
    rules: [ruleOf({ name: "here", repositories: globs("app/web") }), ruleOf({ name: "everywhere" })],
    untagged: { repositories: globs("other/*") },
  });
  const here = compiled.of("app/web");
  const there = compiled.of("other/web");
  expect(here.rules.map(({ name }) => name)).toEqual(["here", "everywhere"]);
  expect(there.rules.map(({ name }) => name)).toEqual(["everywhere"]);
  expect([here.excludes("latest"), there.excludes("latest"), here.excludes("v1")]).toEqual([true, false, false]);
  expect([here.untagged, there.untagged === undefined]).toEqual([undefined, false]);
  expect([...here.keptDigests, ...here.keptTags]).toEqual(["sha256:all", "sha256:one", "v1"]);
  expect([...there.keptDigests, ...there.keptTags]).toEqual(["sha256:all"]);
});

it.each([
  ["pr-{number}", "pr-12", "12"],
  ["pr-{number}-web", "pr-12-web", "12"],
  ["{number}", "12", "12"],
  ["pr-{number}", "pr-", undefined],
  ["pr-{number}", "my-pr-12", undefined],
  ["pr-{number}-web", "pr-12", undefined],
  ["ab{number}ba", "aba", undefined],
])("the template %s has of %s: %s", (template, tag, expected) => {
  expect(compileTemplate(template, "number", "pull-request-tags")(tag)).toBe(expected);
});

describe("a branch exists for a tag, whatever tool wrote it", () => {
  const long = `feature/${"x".repeat(140)}`;
  const branches = new BranchNames(["main", "feature/New_Login", "fix/a--b", "über/x", long]);

  it.each([
    ["main", true],
    ["feature-New_Login", true],
    ["feature-new-login", true],
    ["feature-New-Login", true],
    ["fix-a-b", true],
    ["-ber-x", true],
    ["feature", false],
    ["mai", false],
    [`feature-${"x".repeat(55)}`, true],
    [`feature-${"x".repeat(54)}`, false],
  ])("%s: %s", (part, expected) => {
    expect(branches.has(part, false)).toBe(expected);
  });

  it("also where the tag was cut to the longest that there may be", () => {
    expect(branches.has(`feature-${"x".repeat(100)}`, true)).toBe(true);
    expect(branches.has(`feature-${"y".repeat(100)}`, true)).toBe(false);
  });
});
