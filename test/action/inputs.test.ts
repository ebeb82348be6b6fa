import { inputNames, inputs } from "../../action/cleanup/declaration";
import { type Job, type PlanJob, parseInputs } from "../../action/cleanup/inputs";
import { InputError } from "../../action/input-error";

const now = Date.UTC(2026, 10, 15, 12);

type Given = Readonly<Record<string, string>>;

/** What the runner passes: every declared default, and what the workflow says. */
function environment(given: Given): Record<string, string> {
  const defaults = Object.fromEntries(inputNames.flatMap((name) => ("default" in inputs[name] ? [[name, inputs[name].default]] : [])));
  const all: Given = { ...defaults, "github-token": "ghs_token", registry: "registry.example.com", ...given };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

const parse = (given: Given): Job => parseInputs(environment(given), now);

function problems(given: Given): string[] {
  try {
    parse(given);
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(({ input, text }) => `${input}: ${text}`);
    throw error;
  }
  return [];
}

function planned(given: Given): PlanJob {
  const job = parse(given);
  if (job.mode !== "plan") throw new Error(`the job is ${job.mode}`);
  return job;
}

describe("inputs that are fine", () => {
  it("have the defaults of the declaration", () => {
    expect(parse({ "delete-tags": "pr-*" })).toMatchSnapshot();
  });

  it("are the same when the runner passes no defaults, as other runners do", () => {
    const bare = parseInputs(
      { "INPUT_DELETE-TAGS": "pr-*", INPUT_REGISTRY: "registry.example.com", "INPUT_GITHUB-TOKEN": "ghs_token" },
      now,
    );
    expect(bare).toEqual(parse({ "delete-tags": "pr-*" }));
  });

  it("may be empty, which counts as absent", () => {
    expect(parse({ "delete-tags": "pr-*", "older-than": "", "dry-run": " ", shard: "" })).toEqual(parse({ "delete-tags": "pr-*" }));
  });

  it.each<[string, Given, (job: PlanJob) => unknown, unknown]>([
    [
      "patterns by lines and commas",
      { "delete-tags": "pr-*, sha-*\n{a,b}-*\n!pr-1" },
      (job) => job.selection.deleteTags,
      ["pr-*", "sha-*", "{a,b}-*", "!pr-1"],
    ],
    [
      "regular expressions by lines only",
      { "delete-tags": "a{1,2}\nb", "pattern-syntax": "regex" },
      (job) => job.selection.deleteTags,
      ["a{1,2}", "b"],
    ],
    [
      "repositories",
      { "keep-n-tagged": "3", repositories: "team/*, !team/old" },
      (job) => job.selection.repositories,
      ["team/*", "!team/old"],
    ],
    ["a number", { "keep-n-tagged": "3" }, (job) => job.selection.keepNTagged, 3],
    ["zero untagged", { "keep-n-untagged": "0", type: "selectel", token: "t" }, (job) => job.selection.keepNUntagged, 0],
    ["yes and no in each form of YAML", { "delete-untagged": "TRUE", "dry-run": "False" }, (job) => job.dryRun, false],
    ["a shard", { "older-than": "2w", shard: "2/8" }, (job) => job.shard, { index: 2, count: 8 }],
    ["percent with its sign", { "older-than": "2w", "max-deletions-percent": "12.5 %" }, (job) => job.selection.maxDeletionsPercent, 12.5],
    [
      "a password with spaces around",
      { "older-than": "2w", username: "u", password: " p " },
      (job) => job.connection,
      { type: "oci", registry: "registry.example.com", username: "u", password: "p" },
    ],
  ])("give %s", (_, given, read, expected) => {
    expect(read(planned(given))).toEqual(expected);
  });

  it("of Selectel need no registry", () => {
    const given = {
      type: "selectel",
      registry: "",
      "account-id": "1",
      "project-name": "p",
      username: "u",
      password: "s",
      "keep-n-tagged": "1",
    };
    expect(parse(given).connection).toEqual({ type: "selectel", accountId: "1", projectName: "p", username: "u", password: "s" });
  });

  it("of RegistryUI take the user's token, and no password", () => {
    const given = { type: "registryui", registry: "https://r.example", username: "u", token: "t", "keep-n-tagged": "1" };
    expect(parse(given).connection).toEqual({ type: "registryui", registry: "https://r.example", username: "u", token: "t" });
  });

  it("with a policy hand over only what somebody has said beside it", () => {
    const { selection } = planned({ policy: "cleanup.yml", "min-age": "2h", "keep-list": "a.json,b.yaml" });
    expect(selection).toEqual({ policy: "cleanup.yml", minAge: "2h", keepList: ["a.json", "b.yaml"] });
  });

  it("apply a plan with nothing but connection, concurrency, run-gc, fail-on, comment and dry-run", () => {
    const job = parse({
      "apply-plan": "plan.jsonl",
      "dry-run": "false",
      concurrency: "4",
      "run-gc": "false",
      "fail-on": "blocked",
      comment: "true",
    });
    expect(job).toMatchObject({
      mode: "apply",
      planFile: "plan.jsonl",
      dryRun: false,
      concurrency: 4,
      runGc: "false",
      failOn: "blocked",
      comment: true,
    });
  });

  it("collect garbage and nothing else", () => {
    const job = parse({ type: "selectel", token: "t", "run-gc": "only", "dry-run": "false", repositories: "one/**" });
    expect(job).toMatchObject({ mode: "gc", repositories: ["one/**"], dryRun: false });
  });
});

describe("inputs that cannot be meant", () => {
  const tags = { "delete-tags": "pr-*" };

  it.each<[string, Given, string[]]>([
    ["no selector", {}, ["There is no selector: nothing says what may go"]],
    ["excludes alone", { "exclude-tags": "v*" }, ["There is no selector: exclude-tags says what stays"]],
    ["selectors that are off", { "delete-untagged": "false" }, ["There is no selector"]],
    ["negative patterns alone", { "delete-tags": "!v*" }, ["delete-tags: every pattern of the list begins with !"]],
    [
      "an input with a typing error",
      { ...tags, "exclude-tag": "v*" },
      ["exclude-tag: there is no such input. Did you mean `exclude-tags`?"],
    ],
    ["an input of another action", { ...tags, frobnicate: "x" }, ["frobnicate: there is no such input. Remove it"]],
    ["underscores", { DELETE_TAGS: "x" }, ["delete_tags: there is no such input. Did you mean `delete-tags`?", "There is no selector"]],
    ["no registry", { ...tags, registry: "" }, ["registry: is missing."]],
    ["an unknown type", { ...tags, type: "ghcr" }, ['type: "ghcr" is not one of dtr, oci, registryui, selectel.']],
    [
      "Selectel's inputs without Selectel",
      { ...tags, "account-id": "1", "api-url": "x" },
      ["account-id: is for type: selectel", "api-url: is for type: selectel"],
    ],
    ["a name without password", { ...tags, username: "u" }, ["password: is missing"]],
    ["a password without name", { ...tags, password: "p" }, ["username: is missing"]],
    [
      "a token beside a password",
      { ...tags, username: "u", password: "p", token: "t" },
      ["token: takes the place of username and password"],
    ],
    [
      "Selectel without account and project",
      { ...tags, type: "selectel", username: "u", password: "p" },
      ["account-id: is missing", "project-id: is missing"],
    ],
    [
      "two projects",
      { ...tags, type: "selectel", token: "t", "project-id": "1", "project-name": "n" },
      ["project-name: takes the place of project-id"],
    ],
    [
      "RegistryUI with a password",
      { ...tags, type: "registryui", username: "u", password: "p" },
      ["password: is not what RegistryUI's API takes"],
    ],
    [
      "RegistryUI's user without token",
      { ...tags, type: "registryui", username: "u", "project-id": "1" },
      ["project-id: is for", "token: is missing"],
    ],
    ["RegistryUI's token without user", { ...tags, type: "registryui", token: "t" }, ["username: is missing"]],
    ["RegistryUI without address", { "delete-tags": "x", registry: "", type: "registryui" }, ["registry: is missing"]],
    ["a number in words", { "keep-n-tagged": "five" }, ['keep-n-tagged: "five" cannot be']],
    ["a negative number", { "keep-n-tagged": "-1" }, ['keep-n-tagged: "-1" cannot be']],
    ["keep nothing of everything", { "keep-n-tagged": "0" }, ["keep-n-tagged: 0 keeps nothing"]],
    ["a fraction", { ...tags, "min-keep": "1.5" }, ['min-keep: "1.5" cannot be']],
    ["more than all", { ...tags, "max-deletions-percent": "101" }, ["max-deletions-percent: "]],
    ["no parallel request at all", { ...tags, concurrency: "0" }, ["concurrency: "]],
    ["an age that is none", { "older-than": "30 days ago" }, ["older-than: "]],
    ["an age of nothing", { "older-than": "0d" }, ["older-than: "]],
    ["a date to come", { "older-than": "2027-01-01" }, ["older-than: "]],
    ["a guard that is none", { ...tags, "min-age": "soon" }, ["min-age: "]],
    ["yes in words", { ...tags, "dry-run": "no" }, ['dry-run: "no" is neither true nor false.']],
    ["an unknown order", { ...tags, "sort-by": "size" }, ["sort-by: "]],
    ["an unknown syntax", { ...tags, "pattern-syntax": "perl" }, ["pattern-syntax: "]],
    ["groups without a number", { ...tags, "group-by": "semver-minor" }, ["group-by: says within which groups keep-n-tagged counts"]],
    ["an expression without a group", { "keep-n-tagged": "1", "group-by": "^v" }, ["group-by: "]],
    ["a broken expression", { "delete-tags": "pr-(", "pattern-syntax": "regex" }, ["delete-tags: "]],
    ["a look-ahead", { ...tags, "exclude-tags": "(?!v).*", "pattern-syntax": "regex" }, ["exclude-tags: "]],
    ["a pattern that never matches", { "delete-tags": "feature/*" }, ["delete-tags: "]],
    ["a template without its part", { "pull-request-tags": "pr-*" }, ["pull-request-tags: "]],
    ["a template with its part twice", { "branch-tags": "{branch}-{branch}" }, ["branch-tags: "]],
    ["templates without a token", { "pull-request-tags": "pr-{number}", "github-token": "" }, ["pull-request-tags: needs github-token"]],
    ["a comment without a token", { ...tags, comment: "true", "github-token": "" }, ["comment: needs github-token"]],
    ["a shard beyond the last", { ...tags, shard: "9/8" }, ["shard: "]],
    ["an unknown kind", { ...tags, "artifact-types": "chart" }, ["artifact-types: "]],
    ["an unknown fail-on", { ...tags, "fail-on": "warning" }, ["fail-on: "]],
    ["garbage collection of V2", { ...tags, "run-gc": "true" }, ["run-gc: true cannot be used with type: oci"]],
    [
      "selectors beside garbage collection alone",
      { ...tags, type: "selectel", token: "t", "run-gc": "only" },
      ["delete-tags: cannot stand beside run-gc: only"],
    ],
    [
      "selectors beside a policy",
      { ...tags, "older-than": "1d", policy: "p.yml" },
      ["delete-tags: cannot stand beside policy", "older-than: cannot stand beside policy"],
    ],
    ["excludes beside a policy", { "exclude-tags": "v*", policy: "p.yml" }, ["exclude-tags: cannot stand beside policy"]],
    [
      "selectors beside a plan",
      { ...tags, repositories: "team/*", "apply-plan": "p", "max-deletions": "5", "plan-file": "x", shard: "1/2", "keep-list": "k" },
      ["delete-tags", "keep-list", "max-deletions", "plan-file", "repositories", "shard"].map(
        (name) => `${name}: cannot stand beside apply-plan`,
      ),
    ],
    ["a plan and a policy", { "apply-plan": "p", policy: "p.yml" }, ["policy: cannot stand beside apply-plan"]],
    ["a path of two lines", { ...tags, "plan-file": "a\nb" }, ["plan-file: must be one line."]],
  ])("such as %s are named with what to do", (_, given, expected) => {
    const found = problems(given)
      .map((problem) => problem.replace(/^: /, ""))
      .sort();
    expect(found).toHaveLength(expected.length);
    for (const [at, text] of [...expected].sort().entries()) expect(found[at]).toContain(text);
  });

  it("are all named at once", () => {
    const found = problems({ registry: "", "delete-tag": "x", "older-than": "x", "min-keep": "x", "dry-run": "x", username: "u" });
    expect(found.map((problem) => problem.slice(0, problem.indexOf(":")))).toEqual([
      "delete-tag",
      "older-than",
      "dry-run",
      "min-keep",
      "registry",
      "password",
    ]);
  });

  it("never repeat a secret", () => {
    const secret = "correct-horse";
    expect(problems({ password: secret, token: secret, "github-token": "" }).join("\n")).not.toContain(secret);
  });
});
