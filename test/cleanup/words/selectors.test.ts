import { PolicyError } from "../../../provider/cleanup/policy/policy-error";
import { defaults } from "../../../provider/cleanup/policy/policy-settings";
import { cautions, policyFromSelectors, refuseBesidePolicy, type Selectors } from "../../../provider/cleanup/policy/selectors";

const day = 86_400_000;
const rule = (selectors: Selectors) => policyFromSelectors(selectors).rules[0];

describe("selectors become a policy", () => {
  it("with the documented defaults", () => {
    expect(policyFromSelectors({ deleteTags: "pr-*" })).toEqual({
      repositories: ["**"],
      protect: [],
      keep: { digests: [], references: [] },
      rules: [{ name: "deleteTags", tags: { syntax: "glob", patterns: ["pr-*"] }, groupBy: "none", sortBy: "created" }],
      deleteGhostImages: false,
      deletePartialImages: false,
      deleteOrphanedReferrers: false,
      deleteDanglingTags: false,
      minAge: day,
      minKeep: 1,
      artifactTypes: ["image"],
      allowPlaceholderUntag: false,
      bounds: { maxDeletions: 1000, maxDeletionsPercent: 50 },
    });
  });

  it("with everything that can be said", () => {
    const keep = { digests: ["sha256:x"], references: [] };
    const policy = policyFromSelectors(
      {
        repositories: "team/*, !team/x",
        deleteTags: "v.*\nw{1,2}",
        excludeTags: ["v1"],
        patternSyntax: "regex",
        keepNTagged: 3,
        keepNUntagged: 2,
        groupBy: " semver-minor ",
        sortBy: "semver",
        olderThan: "30d",
        minAge: "1h",
        deleteGhostImages: true,
        deletePartialImages: true,
        deleteOrphanedReferrers: true,
        deleteDanglingTags: true,
        pullRequestTags: "pr-{number}",
        branchTags: "branch-{branch}",
        maxDeletions: 5,
        maxDeletionsPercent: 10,
        minKeep: 0,
        artifactTypes: "image, helm",
        allowPlaceholderUntag: true,
      },
      { keep, spelling: "kebab-case" },
    );
    expect(policy).toEqual({
      repositories: ["team/*", "!team/x"],
      protect: [{ name: "exclude-tags", tags: { syntax: "regex", patterns: ["v1"] } }],
      keep,
      rules: [
        {
          name: "delete-tags, pull-request-tags, branch-tags, keep-n-tagged, older-than",
          tags: { syntax: "regex", patterns: ["v.*", "w{1,2}"] },
          pullRequestTags: "pr-{number}",
          branchTags: "branch-{branch}",
          keepNewest: 3,
          groupBy: "semver-minor",
          sortBy: "semver",
          olderThan: { ago: 30 * day },
        },
      ],
      untagged: { keepNewest: 2, olderThan: { ago: 30 * day } },
      deleteGhostImages: true,
      deletePartialImages: true,
      deleteOrphanedReferrers: true,
      deleteDanglingTags: true,
      minAge: 3_600_000,
      minKeep: 0,
      artifactTypes: ["image", "helm"],
      allowPlaceholderUntag: true,
      bounds: { maxDeletions: 5, maxDeletionsPercent: 10 },
    });
  });

  it.each<[string, Selectors, boolean]>([
    ["deleteTags", { deleteTags: "a" }, true],
    ["pullRequestTags", { pullRequestTags: "pr-{number}" }, false],
    ["branchTags", { branchTags: "{branch}" }, false],
    ["keepNTagged", { keepNTagged: 5 }, false],
    ["olderThan", { olderThan: "30d" }, false],
  ])("%s alone makes one rule, without patterns every tag is its candidate", (_, selectors, hasTags) => {
    expect(policyFromSelectors(selectors).rules).toHaveLength(1);
    expect(rule(selectors)?.tags !== undefined).toBe(hasTags);
  });

  it.each<[Selectors, object | undefined]>([
    [{ deleteUntagged: true }, {}],
    [{ keepNUntagged: 0 }, { keepNewest: 0 }],
    [{ deleteUntagged: true, keepNUntagged: 3 }, { keepNewest: 3 }],
    [{ deleteGhostImages: true, deleteUntagged: false }, undefined],
  ])("untagged roots: %j", (selectors, untagged) => {
    expect(policyFromSelectors(selectors)).toMatchObject({ rules: [] });
    expect(policyFromSelectors(selectors).untagged).toEqual(untagged);
  });

  it("empty texts count as not given, as inputs of actions do", () => {
    const empty: Selectors = {
      repositories: "",
      excludeTags: " ",
      groupBy: "",
      olderThan: "",
      minAge: "",
      artifactTypes: "",
      pullRequestTags: "",
    };
    expect(policyFromSelectors({ deleteTags: "a", ...empty })).toEqual(policyFromSelectors({ deleteTags: "a" }));
    expect(() => policyFromSelectors({ ...empty, deleteTags: "" })).toThrow("no selector");
  });

  it("min-age: 0 lifts the guard, any is every kind", () => {
    expect(policyFromSelectors({ deleteTags: "a", minAge: "0", artifactTypes: "any" })).toMatchObject({ minAge: 0, artifactTypes: "any" });
    expect(defaults.minAge).toBe(day);
  });
});

describe("selectors that cannot be meant", () => {
  it.each<[Selectors, string]>([
    [{}, "nothing says what may go"],
    [{ excludeTags: "v*" }, "exclude-tags says what stays, but nothing says what may go"],
    [{ deleteUntagged: false, deleteTags: [] }, "Set one of delete-tags, pull-request-tags"],
    [{ deleteTags: "a", groupBy: "semver-major" }, "group-by: says within which groups keep-n-tagged counts"],
    [{ keepNTagged: 0 }, "keep-n-tagged: 0 keeps nothing"],
    [{ deleteTags: "a", keepNTagged: -1 }, "keep-n-tagged: -1"],
    [{ deleteTags: "a", keepNTagged: 1.5 }, "keep-n-tagged: 1.5"],
    [{ keepNUntagged: Number.NaN }, "keep-n-untagged: NaN"],
    [{ deleteTags: "# nothing" }, "delete-tags: holds comments only"],
    [{ olderThan: "30" }, "older-than:"],
    [{ deleteTags: "(" }, "delete-tags: the pattern"],
    [{ deleteTags: "a", excludeTags: "(a", patternSyntax: "regex" }, "exclude-tags:"],
    [{ deleteTags: "a", repositories: "/a" }, "repositories: the pattern"],
    [{ deleteTags: "a", repositories: ["app", "!app"] }, "none is left"],
    [{ keepNTagged: 1, groupBy: "semver-patch" }, "group-by: the expression"],
    [{ pullRequestTags: "pr" }, "pull-request-tags: the template"],
    [{ branchTags: "b{number}" }, "branch-tags: the template"],
    [{ deleteTags: "a", minAge: "soon" }, "min-age:"],
    [{ deleteTags: "a", maxDeletions: -1 }, "max-deletions:"],
    [{ deleteTags: "a", maxDeletionsPercent: 101 }, "max-deletions-percent:"],
    [{ deleteTags: "a", minKeep: -1 }, "min-keep:"],
    [{ deleteTags: "a", artifactTypes: "image, any" }, "any stands alone"],
    [{ deleteTags: "a", artifactTypes: "docker" }, "artifact-types:"],
  ])("%j", (selectors, message) => {
    const make = () => policyFromSelectors(selectors, { spelling: "kebab-case" });
    expect(make).toThrow(PolicyError);
    expect(make).toThrow(message);
  });

  it("dates that are still to come", () => {
    expect(() => policyFromSelectors({ olderThan: "2030-01-01" }, { now: Date.UTC(2026, 0, 1) })).toThrow("still to come");
  });
});

describe("cautions", () => {
  it("older-than beside what is not about tags makes every tag a candidate, too", () => {
    const [text, ...more] = cautions({ deleteUntagged: true, olderThan: "30d" }, "kebab-case");
    expect(more).toEqual([]);
    expect(text).toMatch(/^older-than makes every tagged image that is older a candidate, too.* if only delete-untagged is meant/);
  });

  it.each<[Selectors]>([[{ olderThan: "30d" }], [{ deleteUntagged: true }], [{ deleteUntagged: true, olderThan: "30d", deleteTags: "*" }]])(
    "%j means what it says",
    (selectors) => {
      expect(cautions(selectors)).toEqual([]);
    },
  );
});

describe("beside a policy", () => {
  it.each<[Selectors, string]>([
    [{ deleteTags: "a" }, "deleteTags: cannot stand beside policy"],
    [{ excludeTags: "a", olderThan: "3d" }, "olderThan, excludeTags: cannot"],
    [{ deleteUntagged: true }, "deleteUntagged: cannot"],
    [{ sortBy: "name" }, "sortBy: cannot"],
  ])("%j is refused", (selectors, message) => {
    expect(() => refuseBesidePolicy(selectors)).toThrow(message);
  });

  it("guards, bounds, repositories, and what inputs say where nobody has set them may stand", () => {
    refuseBesidePolicy({
      repositories: "**",
      minAge: "1h",
      maxDeletions: 3,
      minKeep: 2,
      artifactTypes: "any",
      allowPlaceholderUntag: true,
    });
    refuseBesidePolicy({ patternSyntax: "glob", groupBy: "none", sortBy: "created", deleteUntagged: false, deleteTags: "" });
  });
});
