import type { ChildProcess } from "node:child_process";
import * as path from "node:path";
import type { Sandbox } from "../sandbox";
import { image, push } from "../sandbox/images";
import { type FakeGitHub, startFakeGitHub } from "./fake-github";
import { type Done, Runner, type Step, steady } from "./process";
import { access, app, hostOf, old, password, startRegistry, username } from "./registry";

let sandbox: Sandbox;
let github: FakeGitHub | undefined;
let runner: Runner;

beforeEach(async () => {
  sandbox = await startRegistry();
  runner = new Runner();
});
afterEach(async () => {
  runner.remove();
  await sandbox.close();
  await github?.close();
  github = undefined;
});

const rules = { repositories: "team/*", "delete-tags": "pr-*", "exclude-tags": "v*" };
const run = (inputs: Step["inputs"], more: Omit<Step, "inputs"> = {}) => runner.run({ inputs: { ...access(sandbox), ...inputs }, ...more });
const shown = (done: Done) =>
  steady(done, { registry: hostOf(sandbox.info.oci?.url), temp: runner.folder, ...(github && { github: hostOf(github.url) }) });
const tags = (repository = "team/app") => [...(sandbox.store.repository(repository)?.tags.keys() ?? [])].sort();
const all = ["pr-10", "pr-11", "pr-12", "pr-13", "v1", "v2", "v3"];
const left = ["pr-13", "v1", "v2", "v3"];
/** Deletions of what exists: what a registry can do is found out by others, which cannot hit anything. */
const deletions = () => sandbox.control.requests({ method: "DELETE", status: 202 });

describe("a dry run", () => {
  it("shows what would go and what stays, with reasons, and deletes nothing", async () => {
    expect(shown(await run(rules))).toMatchSnapshot();
    expect(tags()).toEqual(all);
    expect(deletions()).toEqual([]);
  });
});

describe("a run", () => {
  it("deletes what the dry run has shown, and says so", async () => {
    expect(shown(await run({ ...rules, "dry-run": "false" }))).toMatchSnapshot();
    expect(tags()).toEqual(left);
    expect(deletions()).toHaveLength(3);
  });

  it("takes a tag from an image that stays, and the signature with an image that goes", async () => {
    const done = await run({ repositories: "team/app", "delete-tags": "pr-13,v2", "min-keep": "0", "dry-run": "false" });
    expect(done.outputs).toMatchObject({ "deleted-count": "4", "untagged-count": "1", changed: "true" });
    expect(JSON.parse(done.outputs.deleted ?? "")).toContainEqual({
      repository: "team/app",
      digest: expect.any(String),
      tags: ["pr-13"],
      reason: expect.any(String),
      bytes: 0,
    });
    expect(tags()).toEqual(["pr-10", "pr-11", "pr-12", "v1", "v3"]);
  });

  it("with nothing to do says so", async () => {
    expect(shown(await run({ repositories: "team/web", "delete-tags": "pr-*", "dry-run": "false" }))).toMatchSnapshot();
  });

  it("is stopped by a bound before the first deletion", async () => {
    expect(shown(await run({ ...rules, "dry-run": "false", "max-deletions": "2", "max-deletions-percent": "40" }))).toMatchSnapshot();
    expect(tags()).toEqual(all);
    expect(deletions()).toEqual([]);
  });

  it("that fails in part tells which part, and goes on", async () => {
    const [digest] = [sandbox.store.repository("team/app")?.tags.get("pr-11")];
    sandbox.control.inject({
      api: "oci",
      method: "DELETE",
      path: `/manifests/${digest}`,
      times: 100,
      fault: { kind: "status", status: 403, body: '{"errors":[{"code":"DENIED","message":"locked"}]}' },
    });
    expect(shown(await run({ ...rules, "dry-run": "false" }))).toMatchSnapshot();
    expect(tags()).toEqual(["pr-11", ...left]);
  });

  it("leaves a repository alone that cannot be read, goes on with others, and fails", async () => {
    sandbox.control.inject({ api: "oci", path: "/v2/team/app/manifests/v1$", times: 100, fault: { kind: "status", status: 403 } });
    push(sandbox.store, "team/web", "pr-7", image({ created: old(1), layers: ["web 7"] }));
    const done = await run({ ...rules, "dry-run": "false" });
    expect(done.code).toBe(1);
    expect(done.outputs).toMatchObject({ "deleted-count": "1", changed: "true" });
    expect(done.stdout).toMatch(/^::error::team\/app: .*403/m);
    expect(tags()).toEqual(all);
    expect(tags("team/web")).toEqual(["v1"]);
  });

  it("without the credentials that the registry wants says what to do", async () => {
    expect(shown(await run({ ...rules, username: "", password: "" }))).toMatchSnapshot();
  });

  it("with wrong inputs names all of them and asks the registry nothing", async () => {
    const done = await run({ "delete-tag": "pr-*", "older-than": "a month", "keep-n-tagged": "-1", "dry-run": "maybe" });
    expect(shown(done)).toMatchSnapshot();
    expect(sandbox.control.requests()).toEqual([]);
  });
});

describe("images without tags, which V2 does not list,", () => {
  it("are an error if nothing else is selected: the run would do nothing for ever", async () => {
    const done = await run({ repositories: "team/*", "delete-untagged": "true", "fail-on": "never" });
    expect([done.code, done.stdout]).toEqual([
      1,
      expect.stringMatching(/^::error::delete-untagged: .*does not show images without tags.*Nothing else is selected/m),
    ]);
  });

  it("are named once beside other selectors, and the run goes on", async () => {
    const done = await run({ ...rules, "delete-untagged": "true" });
    expect(done.code).toBe(0);
    expect(done.stdout.match(/^::warning::.*does not show images without tags/gm)).toHaveLength(1);
  });
});

describe("files and folders of the workspace", () => {
  it("hold policies and lists of what must stay", async () => {
    runner.file(
      "cleanup.yml",
      "version: 1\nrules:\n  - name: previews\n    repositories: [team/*]\n    tags: ['pr-*']\n    delete: { olderThan: 7d }\n",
    );
    runner.file("deployed/pods.json", JSON.stringify({ items: [{ image: `${access(sandbox).registry}/team/app:pr-11` }] }));
    const done = await run({ policy: "cleanup.yml", repositories: "team/*", "keep-list": "deployed/pods.json", "dry-run": "false" });
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining("keep-list: deployed/pods.json names 1 image")]);
    expect(tags()).toEqual(["pr-11", "v1", "v2", "v3"]); // pr-13 is a tag of v3
    expect(done.summary).toContain("previews");
  });

  it("that are not there are named", async () => {
    const done = await run({ policy: "missing.yml" });
    expect([done.code, done.stdout]).toEqual([1, expect.stringMatching(/^::error::policy: the file missing\.yml cannot be read/m)]);
  });

  it("keep what is known by digest from run to run", async () => {
    const manifests = () => sandbox.control.requests({ method: "GET", path: "/manifests/", status: 200 }).length;
    await run({ ...rules, "cache-dir": ".cache" });
    const first = manifests();
    sandbox.control.clearRequests();
    await run({ ...rules, "cache-dir": ".cache" });
    expect(manifests()).toBeLessThan(first / 4);
    expect(first).toBeGreaterThan(5);
  });

  it("hold Docker's configuration, whose credentials are taken where none are given", async () => {
    const { registry = "" } = access(sandbox);
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    const config = runner.file("docker/config.json", JSON.stringify({ auths: { [registry]: { auth } } }));
    const done = await run({ ...rules, username: "", password: "" }, { env: { DOCKER_CONFIG: path.dirname(config) } });
    expect([done.code, done.outputs["would-delete-count"]]).toEqual([0, "3"]);
  });
});

describe("the jobs of a matrix", () => {
  it("have each repository once among them", async () => {
    const plans = await Promise.all(
      ["1/2", "2/2"].map((shard) => run({ ...rules, repositories: "**", shard, "plan-file": `${shard[0]}.jsonl` })),
    );
    const planned = plans.flatMap(({ outputs }) =>
      [...runner.read(outputs["plan-path"] ?? "").matchAll(/^\{"repository":"([^"]+)"/gm)].map(([, name]) => name),
    );
    expect(planned.sort()).toEqual(["other/tool", "team/app", "team/web"]);
  });
});

describe("fail-on", () => {
  it.each([
    ["error", { "delete-tags": "pr-*", "max-deletions": "1" }, 1],
    ["never", { "delete-tags": "pr-*", "max-deletions": "1" }, 0],
    ["error", { "delete-tags": "pr-*" }, 0],
    ["changes", { "delete-tags": "pr-*" }, 1],
    ["changes", { "delete-tags": "nothing" }, 0],
    ["blocked", { "delete-tags": "pr-*", "exclude-tags": "v*" }, 0],
    ["blocked", { "delete-tags": "*", "max-deletions-percent": "100", "min-keep": "2" }, 1],
    ["never", { "delete-tags": "pr-*", "min-age": "soon" }, 1],
  ])("%s with %j ends with %i", async (failOn, inputs, code) => {
    const done = await run({ repositories: "team/app", ...inputs, "fail-on": failOn });
    expect([done.code, done.stdout]).toEqual([code, expect.any(String)]);
  });
});

describe("a plan of another run", () => {
  const planned = async () => (await run({ ...rules, "plan-file": "plans/plan.jsonl" })).outputs["plan-path"] ?? "";

  it("is applied as it is, and what has changed stays", async () => {
    await planned();
    push(sandbox.store, "team/app", "v4", app(11)); // the image of pr-11
    expect(shown(await run({ "apply-plan": "plans/plan.jsonl", "dry-run": "false" }))).toMatchSnapshot();
    expect(tags()).toEqual(["pr-11", "pr-13", "v1", "v2", "v3", "v4"]);
  });

  it("is only shown in a dry run", async () => {
    await planned();
    const done = await run({ "apply-plan": "plans/plan.jsonl" });
    expect(done.code).toBe(0);
    expect(done.outputs).toMatchObject({ "would-delete-count": "3", "deleted-count": "0", changed: "false" });
    expect(done.stdout).toContain("Nothing was deleted; set dry-run: false.");
    expect(tags()).toEqual(all);
  });

  it.each([
    ["was changed", (text: string) => text.replace("pr-10", "pr-19"), "it was changed after it was made"],
    ["is cut off", (text: string) => text.slice(0, -100), "cut off"],
  ])("is refused if it %s", async (_, change, problem) => {
    runner.file("changed.jsonl", change(runner.read(await planned())));
    const done = await run({ "apply-plan": "changed.jsonl", "dry-run": "false", "fail-on": "never" });
    expect(done.code).toBe(1);
    expect(done.stdout).toContain(problem);
    expect(tags()).toEqual(all);
  });

  it("is refused by another registry", async () => {
    await planned();
    const other = await startRegistry();
    try {
      const done = await run({ ...access(other), "apply-plan": "plans/plan.jsonl", "dry-run": "false" });
      expect(done.code).toBe(1);
      expect(done.stdout).toContain("and the connection is to");
    } finally {
      await other.close();
    }
  });
});

describe("a pull request", () => {
  const event = { pull_request: { number: 42 } };
  const open = async (options: Parameters<typeof startFakeGitHub>[0] = {}) => {
    github = await startFakeGitHub(options);
    return { env: { GITHUB_API_URL: github.url }, event };
  };

  it("gets one comment that says what the changed policy would delete, updated in place", async () => {
    const more = await open({ comments: [{ body: "Looks good", author: "somebody" }] });
    expect(shown(await run({ ...rules, comment: "true" }, more))).toMatchSnapshot();
    expect(
      steady(
        { code: 0, stdout: github?.comments[1]?.body ?? "", stderr: "", outputs: {}, summary: "" },
        { registry: hostOf(sandbox.info.oci?.url) },
      ),
    ).toMatchSnapshot();
    const updated = await run({ ...rules, "delete-tags": "pr-10", comment: "true" }, more);
    expect(updated.stdout).toContain("The comment on pull request #42 was updated.");
    expect(github?.comments).toHaveLength(2);
    expect(github?.comments[1]?.body).toContain("would delete 1 digest");
    expect(
      (await run({ ...rules, "delete-tags": "pr-10", comment: "true" }, { ...more, env: { ...more.env, GITHUB_ACTION: "other" } })).code,
    ).toBe(0);
    expect(github?.comments).toHaveLength(3); // another step, another comment
  });

  it("gets a comment also if there is no plan", async () => {
    const more = await open();
    await run({ ...rules, comment: "true", username: "", password: "" }, more);
    expect(github?.comments[0]?.body).toContain("## Cleanup: nothing was deleted");
  });

  it("is no reason to fail if its token may not comment: the permission is named", async () => {
    const done = await run({ ...rules, comment: "true" }, await open({ denied: ["comment"] }));
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(/^::warning::The comment on pull request #42 could not be written: .*403.*Add `pull-requests: write`/m);
  });

  it("that is closed has its images deleted, and no other's", async () => {
    const more = await open({ pullRequests: { 10: "CLOSED", 11: "OPEN", 12: "MERGED", 13: "MERGED" } });
    expect(shown(await run({ repositories: "team/*", "pull-request-tags": "pr-{number}", "dry-run": "false" }, more))).toMatchSnapshot();
    expect(tags()).toEqual(["pr-11", "v1", "v2", "v3"]);
    expect(github?.requests).toEqual(["POST /graphql"]);
  });

  it("whose state GitHub does not tell keeps its images, and the run fails", async () => {
    const done = await run(
      { repositories: "team/*", "pull-request-tags": "pr-{number}", "dry-run": "false" },
      await open({ denied: ["pull-requests"] }),
    );
    expect(done.code).toBe(1);
    expect(done.stdout).toContain("Add `pull-requests: read`");
    expect(tags()).toEqual(all);
  });
});

describe("branches", () => {
  beforeEach(() => {
    for (const [day, name] of ["main", "feature-x", "gone"].entries()) {
      push(sandbox.store, "team/app", `branch-${name}`, image({ created: old(day + 1), layers: ["branch", name] }));
    }
  });
  const inputs = { repositories: "team/app", "branch-tags": "branch-{branch}", "dry-run": "false" };
  const branchTags = () => tags().filter((tag) => tag.startsWith("branch-"));

  it("that are gone lose their images; slashes are read as the dashes that a tag has for them", async () => {
    const branches = [...Array.from({ length: 250 }, (_, at) => `topic/${at}`), "main", "feature/x"];
    github = await startFakeGitHub({ branches, failures: [502] });
    const done = await run(inputs, { env: { GITHUB_API_URL: github.url } });
    expect(done.code).toBe(0);
    expect(branchTags()).toEqual(["branch-feature-x", "branch-main"]);
  });

  it("that GitHub does not tell keep theirs, and the run fails", async () => {
    github = await startFakeGitHub({ denied: ["branches"] });
    const done = await run(inputs, { env: { GITHUB_API_URL: github.url } });
    expect(done.code).toBe(1);
    expect(done.stdout).toContain("Add `contents: read`");
    expect(branchTags()).toHaveLength(3);
  });
});

describe("an interruption", () => {
  const inputs = { repositories: "team/many", "delete-tags": "pr-*", "max-deletions-percent": "100", "dry-run": "false" };
  const count = 30;
  const left = () => tags("team/many").length;
  beforeEach(() => {
    for (let at = 0; at <= count; at++)
      push(sandbox.store, "team/many", `pr-${at}`, image({ created: old(1 + at), layers: [Buffer.from(`pr ${at}`)] }));
    sandbox.control.inject({ api: "oci", method: "DELETE", path: "/v2/team/many/", times: 1_000, fault: { kind: "delay", ms: 40 } });
  });

  /** Sends signals when something is gone; a second one as soon as the first has been received. */
  const interrupted = (signals: readonly NodeJS.Signals[]) => (child: ChildProcess) => {
    const timer = setInterval(() => {
      if (left() > count) return;
      clearInterval(timer);
      for (const signal of signals) child.kill(signal);
    }, 2);
    child.on("close", () => clearInterval(timer));
  };

  it.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const)("by %s in the middle ends the run after the request in flight, with outputs set", async (signal, code) => {
    const done = await run(inputs, { during: interrupted([signal]) });
    expect(done.code).toBe(code);
    expect(Object.keys(done.outputs)).toHaveLength(11);
    expect(done.outputs).toMatchObject({ changed: "true", "would-delete-count": `${count}`, "deleted-count": `${count + 1 - left()}` });
    expect(left()).toBeGreaterThan(1);
    expect(Number(done.outputs["kept-count"])).toBe(left());
    expect(done.stdout).toContain("The run was interrupted");
    expect(done.summary).toContain("; interrupted");
    expect(done.summary).toContain("| not attempted |");
  });

  it("that comes twice ends it at once, and what was done is counted all the same", async () => {
    const done = await run(inputs, { during: interrupted(["SIGINT", "SIGTERM"]) });
    expect([130, 143]).toContain(done.code); // signals that come together come in any order
    expect(Object.keys(done.outputs)).toHaveLength(11);
    expect(Number(done.outputs["deleted-count"])).toBeLessThanOrEqual(count + 1 - left());
    expect(left()).toBeGreaterThan(1);
  });

  it("while the plan is made deletes nothing", async () => {
    sandbox.control.inject({ api: "oci", path: "/manifests/", times: 1_000, fault: { kind: "delay", ms: 200 } });
    const during = (child: ChildProcess) =>
      void child.stdout?.on("data", (text: string) => text.includes("Reading") && child.kill("SIGTERM"));
    const done = await run({ ...rules, "dry-run": "false" }, { during });
    expect(done.code).toBe(143);
    expect(done.outputs).toMatchObject({ "plan-path": "", changed: "false" });
    expect(tags()).toEqual(all);
  });
});
