import type { Sandbox } from "../sandbox";
import { image, push } from "../sandbox/images";
import { baseSha, type FakeGitHub, type FakeGitHubOptions, pullRequestEvent, startFakeGitHub } from "./fake-github";
import { type Done, Runner, type Step, steady } from "./process";
import { access, app, hostOf, old, startRegistry } from "./registry";

let sandbox: Sandbox;
let github: FakeGitHub;
let runner: Runner;

beforeEach(async () => {
  sandbox = await startRegistry();
  runner = new Runner();
});
afterEach(async () => {
  runner.remove();
  await sandbox.close();
  await github.close();
});

const policy = (...rules: readonly string[]) =>
  `version: 1\nprotect:\n  - { tags: [v3] }\nrules:\n${rules.map((rule) => `  - ${rule}\n`).join("")}`;
const previews = (tags: string) => policy(`{ name: previews, tags: [${tags}], delete: { olderThan: 7d } }`);

/** A pull request after which the policy is `now`, against a GitHub that has what the options say. */
async function review(now: string, options: FakeGitHubOptions = {}, { inputs = {}, env = {}, ...step }: Partial<Step> = {}): Promise<Done> {
  github = await startFakeGitHub(options);
  runner.file(inputs.policy ?? "cleanup.yml", now);
  return runner.run({
    inputs: { ...access(sandbox), repositories: "team/*", policy: "cleanup.yml", comment: "true", ...inputs },
    env: { GITHUB_API_URL: github.url, GITHUB_EVENT_NAME: "pull_request", ...env },
    event: pullRequestEvent(42),
    ...step,
  });
}

const comment = () => github.comments[0]?.body ?? "";
/** The part of a page that compares. */
const section = (page: string) => /### Compared with[\s\S]*?(?=\n\| repository \| stay \|)/.exec(page)?.[0];
const shown = () =>
  steady({ code: 0, stdout: comment(), stderr: "", outputs: {}, summary: "" }, { registry: hostOf(sandbox.info.oci?.url) });
const asked = () => github.requests.filter((request) => request.startsWith("GET ")).map((request) => request.replaceAll(baseSha, "<base>"));
const contents = "GET /repos/octo/app/contents/cleanup.yml?ref=<base>";
const commit = "GET /repos/octo/app/git/commits/<base>";
const renames = "GET /repos/octo/app/pulls/42/files?per_page=100&page=1";

describe("the comment on a pull request that changes a policy file", () => {
  it("says what the changed policy would delete and the old one keeps, and the reverse", async () => {
    push(sandbox.store, "team/app", "pr-11-arm64", app(11)); // the image of pr-11
    const before = policy("{ name: previews, tags: ['pr-1?'], delete: { olderThan: 7d } }");
    const after = policy(
      "{ name: recent previews, tags: ['pr-*', '!pr-10'], delete: { olderThan: 7d } }",
      "{ name: releases, tags: ['v*'], keep: { count: 1, sortBy: semver } }",
    );
    const done = await review(after, { contents: { "cleanup.yml": before } });
    expect([done.code, done.stderr]).toEqual([0, ""]);
    expect(shown()).toMatchSnapshot();
    expect(section(done.summary)).toBe(section(comment()));
    expect(done.stdout).toMatch(
      /^The policy would delete .* that the one on main keeps, and keep 1 digest that the other would delete\.$/m,
    );
    expect(asked()).toEqual([contents]);
    // The plan, and what is said of it, is the new policy's alone.
    expect(runner.read(done.outputs["plan-path"] ?? "")).not.toContain("selected by previews");
    expect(sandbox.control.requests({ method: "DELETE", status: 202 })).toEqual([]);
  });

  it("says so if the policy says the same, and makes no second plan", async () => {
    const done = await review(`# a comment\n${previews("'pr-*'")}`, { contents: { "cleanup.yml": previews("pr-*") } });
    expect(done.code).toBe(0);
    expect(section(comment())).toMatchSnapshot();
  });

  it("says so if another policy deletes the same", async () => {
    await review(previews("'pr-*', nightly"), { contents: { "cleanup.yml": previews("pr-*") } });
    expect(section(comment())).toMatchSnapshot();
  });

  it("compares a new policy with none at all", async () => {
    await review(previews("pr-*"), { contents: { "README.md": "" } });
    expect(section(comment())).toMatchSnapshot();
    expect(asked()).toEqual([contents, commit, renames]);
  });

  it("says what is wrong with the old policy, and shows only the new one", async () => {
    const done = await review(previews("pr-*"), { contents: { "cleanup.yml": `${previews("pr-*")}rulez: []\n` } });
    expect(done.code).toBe(0);
    expect(section(comment())).toMatchSnapshot();
    expect(comment()).toContain("would delete 3 digests");
  });

  it.each(["", "secrets.json", "/etc/passwd"])(
    "takes the text %j of the old policy for a policy, and never for the path of one",
    async (text) => {
      runner.file("secrets.json", '{"version":1,"deleteGhostImages":true}');
      await review(previews("pr-*"), { contents: { "cleanup.yml": text } });
      expect(section(comment())).toMatch(/The policy on <code>main<\/code> cannot be used \(cleanup\.yml/);
    },
  );

  it("follows a policy that was renamed", async () => {
    const options = { contents: { "old/registry.yml": previews("pr-10") }, renamed: { "ci/cleanup.yml": "old/registry.yml" } };
    await review(previews("pr-11"), options, { inputs: { policy: "ci/cleanup.yml" } });
    expect(section(comment())).toMatchSnapshot();
    expect(asked()).toEqual([contents.replace("cleanup", "ci%2Fcleanup"), commit, renames, contents.replace("cleanup", "old%2Fregistry")]);
  });

  it.each<[string, FakeGitHubOptions]>([
    ["refuses", { denied: ["contents"] }],
    ["hides", { contentsVisible: false }],
  ])("is without the difference, and warns, where GitHub %s what it is asked for", async (_, options) => {
    const done = await review(previews("pr-*"), { contents: { "cleanup.yml": previews("pr-10") }, ...options });
    expect(done.code).toBe(0);
    expect(done.stdout.replaceAll(baseSha, "<base>").match(/^::warning::The policy .*/gm)).toMatchSnapshot();
    expect(comment()).toContain("would delete 3 digests");
    expect(comment()).toContain("could not be read, so that nothing is compared");
    expect(section(comment())).toBeUndefined();
  });

  it("is without the difference where a folder was", async () => {
    const done = await review(previews("pr-*"), { contents: { "cleanup.yml": null } });
    expect([done.code, done.stdout]).toEqual([0, expect.stringMatching(/^::warning::The policy cleanup\.yml of main .*no file there/m)]);
  });

  it("tells what could not be compared, and compares the rest", async () => {
    push(sandbox.store, "team/web", "pr-7", image({ created: old(1), layers: ["web 7"] }));
    sandbox.control.inject({ api: "oci", path: "/v2/team/app/manifests/v1$", times: 100, fault: { kind: "status", status: 403 } });
    const done = await review(previews("pr-7"), { contents: { "cleanup.yml": previews("pr-10") } });
    expect(done.code).toBe(1);
    expect(section(comment())).toContain("* ⚠️ team/app could not be compared: ");
    expect(section(comment())).toContain("| <code>team/web</code> | 1 digest | 0 |");
  });

  it("shows hostile names as what they are", async () => {
    const name = "--><img/src=x>|`@octo`";
    push(sandbox.store, "team/web", "PR_7.__-x", image({ created: old(1), layers: ["web 7"] }));
    const after = policy(`{ name: '${name}', tags: ['PR_*'], delete: {} }`);
    await review(after, { contents: { "cleanup.yml": previews("pr-10") } }, { event: pullRequestEvent(42, "a<b>`|@octo") });
    const text = section(comment()) ?? "";
    expect(text).toMatchSnapshot();
    expect(text.replace(/&#\d+;/g, "").replace(/<\/?(code|details|summary)>/g, "")).not.toMatch(/[<>`@]/);
  });
});

describe("nothing is compared, and GitHub is not asked for files,", () => {
  it.each<[string, Partial<Step>]>([
    ["without a comment", { inputs: { comment: "false" } }],
    ["if the run is no dry run", { inputs: { "dry-run": "false" } }],
    ["in another event, whose workspace has the base branch", { env: { GITHUB_EVENT_NAME: "pull_request_target" } }],
    ["if the event does not say what the base is", { event: { pull_request: { number: 42 } } }],
    ["if the policy lies outside of the workspace", { inputs: { policy: "../elsewhere.yml" } }],
    ["if the policy is given as text", { inputs: { policy: previews("pr-*") } }],
    ["if there is no policy", { inputs: { policy: "", "delete-tags": "pr-*" } }],
  ])("%s", async (_, step) => {
    const { policy: given } = step.inputs ?? {};
    github = await startFakeGitHub({ contents: { "cleanup.yml": previews("pr-10"), "../elsewhere.yml": previews("pr-10") } });
    const { url } = github;
    runner.file(given?.endsWith(".yml") ? given : "cleanup.yml", previews("pr-*"));
    const done = await runner.run({
      event: pullRequestEvent(42),
      ...step,
      inputs: { ...access(sandbox), repositories: "team/*", policy: "cleanup.yml", comment: "true", ...step.inputs },
      env: { GITHUB_API_URL: url, GITHUB_EVENT_NAME: "pull_request", ...step.env },
    });
    expect(done.code).toBe(0);
    expect(asked()).toEqual([]);
    expect(done.summary).not.toContain("Compared with");
    expect(comment()).not.toContain("Compared with");
  });
});

describe("a checkout in a folder of the workspace", () => {
  it("has its files at their paths in the repository", async () => {
    runner.file("app/.git/HEAD", "ref: x\n");
    await review(previews("pr-11"), { contents: { "ci/cleanup.yml": previews("pr-10") } }, { inputs: { policy: "app/ci/cleanup.yml" } });
    expect(section(comment())).toContain("and keep 1 digest that the other would delete");
    expect(asked()).toEqual([contents.replace("cleanup", "ci%2Fcleanup")]);
  });
});

describe("a policy of another repository that was checked out beside this one", () => {
  it("is not compared with a file of this one", async () => {
    runner.file("policies/.git/config", '[remote "origin"]\n\turl = https://github.com/octo/policies\n');
    await review(previews("pr-11"), { contents: { "cleanup.yml": previews("pr-10") } }, { inputs: { policy: "policies/cleanup.yml" } });
    expect([asked(), section(comment())]).toEqual([[], undefined]);
  });
});

describe("the registry", () => {
  it("is asked for nothing twice", async () => {
    const gets = () => sandbox.control.requests({ method: "GET", status: 200 }).map(({ path }) => path);
    await review(previews("pr-11"), { contents: { "cleanup.yml": previews("'pr-*'") } });
    const both = gets().filter((path) => /manifests|blobs|tags|_catalog/.test(path));
    expect(new Set(both).size).toBe(both.length);
    expect(section(comment())).toContain("keep 2 digests");
  });
});
