import { PolicyError } from "../../../provider/cleanup/policy/policy-error";
import { type PolicyTextContext, policyFromYaml } from "../../../provider/cleanup/policy/policy-file";

const day = 86_400_000;
const read = (text: string, context: PolicyTextContext = {}) => policyFromYaml(text, { file: "policy.yml", ...context });
const rules = (text: string) => `version: 1\nrules:\n  - tags: [a]\n${text}`;

describe("a policy file", () => {
  it("says everything that can be said", () => {
    expect(
      read(`
# yaml-language-server: $schema=policy.schema.json
version: 1
repositories: [team/*, "!team/x"]
protect:
  - { name: releases, repositories: team/app, tags: [latest, "v*"] }
  - { tags: "v\\\\d+", patternSyntax: regex }
rules:
  - name: minors
    repositories: ["team/app"]
    tags: ["v*", "!v0.*"]
    keep: { count: 3, groupBy: semver-minor, sortBy: semver, youngerThan: 30d }
  - tags: "pr-*, sha-*"
    pullRequestTags: pr-{number}
    branchTags: branch-{branch}
    delete: { olderThan: 2026-01-31 }
  - keep: { youngerThan: 2w }
  - name: rest
    delete: {}
untagged: { delete: true, repositories: team/*, keepNewest: 2, olderThan: 7d }
deleteGhostImages: true
deletePartialImages: true
deleteOrphanedReferrers: true
deleteDanglingTags: true
minAge: 1h
minKeep: 2
maxDeletions: 10
maxDeletionsPercent: 12.5
artifactTypes: [image, other]
allowPlaceholderUntag: true
`),
    ).toEqual({
      repositories: ["team/*", "!team/x"],
      protect: [
        {
          name: "releases",
          repositories: { syntax: "glob", patterns: ["team/app"] },
          tags: { syntax: "glob", patterns: ["latest", "v*"] },
        },
        { tags: { syntax: "regex", patterns: ["v\\d+"] } },
      ],
      keep: { digests: [], references: [] },
      rules: [
        {
          name: "minors",
          repositories: { syntax: "glob", patterns: ["team/app"] },
          tags: { syntax: "glob", patterns: ["v*", "!v0.*"] },
          keepNewest: 3,
          groupBy: "semver-minor",
          sortBy: "semver",
          olderThan: { ago: 30 * day },
        },
        {
          name: "rule 2",
          tags: { syntax: "glob", patterns: ["pr-*", "sha-*"] },
          pullRequestTags: "pr-{number}",
          branchTags: "branch-{branch}",
          groupBy: "none",
          sortBy: "created",
          olderThan: { before: Date.UTC(2026, 0, 31) },
        },
        { name: "rule 3", groupBy: "none", sortBy: "created", olderThan: { ago: 14 * day } },
        { name: "rest", groupBy: "none", sortBy: "created" },
      ],
      untagged: { repositories: { syntax: "glob", patterns: ["team/*"] }, keepNewest: 2, olderThan: { ago: 7 * day } },
      deleteGhostImages: true,
      deletePartialImages: true,
      deleteOrphanedReferrers: true,
      deleteDanglingTags: true,
      minAge: 3_600_000,
      minKeep: 2,
      bounds: { maxDeletions: 10, maxDeletionsPercent: 12.5 },
      artifactTypes: ["image", "other"],
      allowPlaceholderUntag: true,
    });
  });

  it("has the action's defaults", () => {
    expect(read(rules("    delete: {}"))).toMatchObject({
      repositories: ["**"],
      protect: [],
      rules: [{ name: "rule 1" }],
      deleteGhostImages: false,
      minAge: day,
      minKeep: 1,
      bounds: { maxDeletions: 1000, maxDeletionsPercent: 50 },
      artifactTypes: ["image"],
      allowPlaceholderUntag: false,
    });
    expect(read("version: 1\nminAge: 0\nuntagged: { delete: true }")).toMatchObject({ minAge: 0, untagged: {} });
    expect(read("version: 1\ndeleteGhostImages: true\nuntagged: { delete: false }").untagged).toBeUndefined();
  });

  it("may use anchors", () => {
    expect(
      read("version: 1\nrules:\n  - { tags: &t [a, b], delete: {} }\n  - { tags: *t, keep: { count: 1 } }").rules[1]?.tags?.patterns,
    ).toEqual(["a", "b"]);
  });
});

describe("what is wrong is said with its place", () => {
  it.each<[string, string, string]>([
    ["no text", "", "policy.yml: null cannot stand here"],
    ["no mapping", "a", "policy.yml: "],
    ["another version", "version: 2", "policy.yml:1:10 (version): 2 cannot stand here. Possible is 1."],
    ["no version", "rules: []", "(version): it is missing"],
    ["nothing selected", "version: 1", "nothing in the policy says what may go"],
    ["nothing selected but protected", "version: 1\nprotect: [{ tags: [a] }]", "nothing in the policy says what may go"],
    ["a key twice", rules("    delete: {}\n    delete: {}"), "policy.yml:5:5: Map keys must be unique"],
    [
      "a key that was mistyped",
      rules("    keep: { cuont: 1 }"),
      'policy.yml:4:13 (rules[0].keep.cuont): the key "cuont" is not known; perhaps count is meant. Known are count, groupBy, sortBy, youngerThan.',
    ],
    ["a key in kebab-case", rules("    delete: { older-than: 30d }"), "perhaps olderThan is meant"],
    ["a key of the action", "version: 1\ndelete-tags: a", 'policy.yml:2:1 (delete-tags): the key "delete-tags" is not known'],
    ["a key like nothing", "version: 1\nzzzzzzzz: a", "is not known. Known are version, repositories,"],
    [
      "a number for a tag",
      "version: 1\nrules:\n  - tags: [1.10]\n    delete: {}",
      "policy.yml:3:12 (rules[0].tags[0]): 1.1 cannot stand here. YAML reads it as something else than text: put it in quotes.",
    ],
    ["an unquoted !", "version: 1\nrules:\n  - tags: [!v1]\n    delete: {}", "need quotes"],
    ["an unquoted *", "version: 1\nrules:\n  - tags: *\n    delete: {}", "need quotes"],
    ["an unquoted *-rc", "version: 1\nrules:\n  - tags: [*-rc]\n    delete: {}", "policy.yml:3:12: Unresolved alias"],
    ["an empty list", rules("    delete: {}\n").replace("[a]", "[]"), "policy.yml:3:11 (rules[0].tags): "],
    ["a wrong glob", rules("    delete: {}").replace("[a]", '["a(b"]'), "policy.yml:3:11 (rules[0].tags): the pattern"],
    ["a wrong expression", `${rules("    delete: {}").replace("[a]", '["(a"]')}\n    patternSyntax: regex`, "missing closing"],
    ["a wrong glob of repositories", rules("    delete: {}\n    repositories: /a"), "policy.yml:5:19 (rules[0].repositories): the pattern"],
    ["neither keep nor delete", rules(""), "policy.yml:3:5 (rules[0]): the rule has neither keep nor delete"],
    ["both keep and delete", rules("    delete: {}\n    keep: { count: 1 }"), "the rule has both keep and delete"],
    ["delete without a value", rules("    delete:"), "(rules[0].delete): null cannot stand here. Expected is a mapping"],
    ["keep nothing", rules("    keep: {}"), "says neither how many stay nor up to what age"],
    ["keep 0", rules("    keep: { count: 0 }"), "(rules[0].keep.count): 0 cannot stand here. It must be at least 1."],
    ["keep half", rules("    keep: { count: 1.5 }"), "Expected is a whole number"],
    [
      "groups without count",
      rules("    keep: { youngerThan: 1d, groupBy: none }"),
      "(rules[0].keep.groupBy): groupBy says how count counts",
    ],
    ["a group without group", rules("    keep: { count: 1, groupBy: semver-patch }"), "has 0 capturing groups"],
    ["an unknown order", rules("    keep: { count: 1, sortBy: age }"), "Possible are created, semver, name."],
    ["an age without unit", rules("    delete: { olderThan: 30 }"), "Write the unit: 30d for days"],
    ["an age that is none", rules("    delete: { olderThan: soon }"), "policy.yml:4:26 (rules[0].delete.olderThan): "],
    ["a template without its part", rules("    delete: {}\n    pullRequestTags: pr-"), "must hold {number} exactly once"],
    ["a template with it twice", rules("    delete: {}\n    branchTags: '{branch}{branch}'"), "must hold {branch} exactly once"],
    ["untagged without delete", "version: 1\nuntagged: { olderThan: 7d }", "(untagged.delete): it is missing"],
    ["a word for a switch", "version: 1\ndeleteGhostImages: yes", "Expected is true or false"],
    ["too many percent", "version: 1\ndeleteGhostImages: true\nmaxDeletionsPercent: 101", "It must be at most 100."],
    ["a wrong guard", "version: 1\ndeleteGhostImages: true\nminAge: soon", "policy.yml:3:9 (minAge): "],
    ["an unknown kind", "version: 1\ndeleteGhostImages: true\nartifactTypes: [image, docker]", "policy.yml:3:24 (artifactTypes[1]): "],
    ["a second document", "version: 1\ndeleteGhostImages: true\n---\nversion: 1\n", "A policy is one document"],
    ["broken YAML", "version: 1\nrules: [", "policy.yml:2:9: "],
    [
      "a bomb of aliases",
      `version: 1\na: &a [${"x,".repeat(20)}]\nb: &b [${"*a,".repeat(20)}]\nc: [${"*b,".repeat(20)}]`,
      "Write out what the aliases repeat",
    ],
  ])("%s", (_, text, message) => {
    expect(() => read(text)).toThrow(PolicyError);
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(/^policy\.yml/);
  });

  it("a text that is too large, and dates that are still to come", () => {
    expect(() => read("#".repeat(1024 * 1024 + 1))).toThrow("at most");
    expect(() => read(rules("    delete: { olderThan: 2030-01-01 }"), { now: Date.UTC(2026, 0, 1) })).toThrow("still to come");
  });
});

describe("guards and bounds beside the policy", () => {
  const text = "version: 1\ndeleteGhostImages: true\nmaxDeletions: 20\nminAge: 2h\n";

  it("hold where the policy says nothing, and give way where they are the defaults", () => {
    expect(read(text, { settings: { minKeep: 5, maxDeletions: 1000, minAge: "24h", artifactTypes: "any" } })).toMatchObject({
      minKeep: 5,
      minAge: 7_200_000,
      artifactTypes: "any",
      bounds: { maxDeletions: 20, maxDeletionsPercent: 50 },
    });
    expect(read(text, { settings: { minAge: "120m", maxDeletions: 20 } })).toMatchObject({ minAge: 7_200_000 });
  });

  it("are an error where they contradict it", () => {
    expect(() => read(text, { settings: { maxDeletions: 30 }, spelling: "kebab-case" })).toThrow(
      "policy.yml:3:15 (maxDeletions): the policy says 20 and max-deletions beside it says 30. Say it in one place.",
    );
  });

  it("repositories count where the policy names none", () => {
    const scoped = `${text}repositories: team/*\n`;
    expect(read(text, { repositories: ["app"] }).repositories).toEqual(["app"]);
    expect(read(scoped, { repositories: ["**"] }).repositories).toEqual(["team/*"]);
    expect(() => read(scoped, { repositories: ["app"] })).toThrow("Say it in one place");
  });

  it("keep-lists are added", () => {
    expect(read(text, { keep: { digests: ["x"], references: [] } }).keep.digests).toEqual(["x"]);
  });
});
