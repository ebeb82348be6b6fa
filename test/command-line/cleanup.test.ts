import { readFileSync } from "node:fs";
import * as path from "node:path";
import { hostOf, password, startRegistry, username } from "../action/registry";
import { onRequest } from "../action/token/rig";
import type { Sandbox } from "../sandbox";
import { BuiltProgram, type Ended, everythingIn, type Invocation, shown } from "./program";

jest.setTimeout(60_000);

let program: BuiltProgram;
let sandbox: Sandbox;
let folder: string;
beforeAll(() => {
  program = new BuiltProgram();
});
afterAll(() => program.remove());
beforeEach(async () => {
  sandbox = await startRegistry();
  folder = program.newFolder();
});
afterEach(() => sandbox.close());

const registry = () => hostOf(sandbox.info.oci?.url);
const credentials = { REGISTRY_USERNAME: username, REGISTRY_PASSWORD: password };
const rules = ["--repositories", "team/*", "--delete-tags", "pr-*", "--exclude-tags", "v*"];
const run = (args: readonly string[], more: Invocation = {}): Promise<Ended> =>
  program.run([...args, "--registry", registry()], { env: credentials, ...more }, folder);
const plan = (...more: readonly string[]) => run(["plan", ...rules, ...more]);
const apply = (...more: readonly string[]) => run(["apply", "cleanup-plan.jsonl", "--yes", ...more]);
const told = (ended: Ended) => shown(ended, { registry: registry(), folder, tmp: program.folder });
const tags = () => [...(sandbox.store.repository("team/app")?.tags.keys() ?? [])].sort();
const all = ["pr-10", "pr-11", "pr-12", "pr-13", "v1", "v2", "v3"];
const left = ["pr-13", "v1", "v2", "v3"];
const deletions = () => sandbox.control.requests({ method: "DELETE", status: 202 });

describe("plan", () => {
  it("shows what would go and what stays, writes the plan, deletes nothing, and says how to apply it", async () => {
    const ended = await plan();
    expect(told(ended)).toMatchSnapshot();
    expect(ended.code).toBe(0);
    expect(tags()).toEqual(all);
    expect(readFileSync(path.join(folder, "cleanup-plan.jsonl"), "utf8")).toContain('"end":true');
  });

  it("says it as one types it where npx has started the program", async () => {
    const env = { ...credentials, npm_command: "exec" };
    const ended = await run(["plan", ...rules, "--quiet"], { env });
    expect(ended.stdout).toMatch(/To apply it: npx registry-as-code apply cleanup-plan\.jsonl --registry /);
    expect((await run(["plan", ...rules], { env: { ...env, REGISTRY_TOKEN: "two" } })).stderr).toContain(
      "See: npx registry-as-code plan --help",
    );
  });

  it("shows the table only with --quiet", async () => {
    expect(told(await plan("--quiet"))).toMatchSnapshot();
  });

  it("takes lists in several options as in one", async () => {
    const several = [
      "--repositories",
      "team/app",
      "--delete-tags",
      "pr-10",
      "--delete-tags",
      "pr-11,pr-12",
      "--plan-file",
      "several.jsonl",
    ];
    const one = ["--repositories", "team/app", "--delete-tags", "pr-1[0-2]", "--plan-file", "one.jsonl"];
    const deletionsOf = async (given: readonly string[]) =>
      JSON.parse((await run(["plan", ...given, "--json"])).stdout).plan.repositories[0].deletions;
    const found = await deletionsOf(several);
    expect(found).toHaveLength(3);
    expect(found).toEqual(await deletionsOf(one));
  });

  it("takes a policy file of the folder it is run in", async () => {
    folder = program.newFolder({
      "policy.yml": "version: 1\nrules:\n  - repositories: [team/*]\n    tags: [pr-10]\n    delete: { olderThan: 7d }\n",
    });
    const { code, stdout } = await run(["plan", "--policy", "policy.yml", "--json"]);
    expect([code, JSON.parse(stdout).outputs["would-delete-count"]]).toEqual([0, "1"]);
  });

  it("that exceeds a bound is stopped by it", async () => {
    const ended = await run(["plan", "--repositories", "team/*", "--delete-tags", "*", "--max-deletions", "1", "--quiet"]);
    expect(told(ended)).toMatchSnapshot();
    expect(ended.code).toBe(3);
    expect((await apply()).code).toBe(3);
    expect(deletions()).toEqual([]);
  });

  it("that is not empty can be told by the exit code", async () => {
    expect((await plan("--fail-on", "changes", "--quiet")).code).toBe(3);
    expect((await run(["plan", "--delete-tags", "nothing-*", "--fail-on", "changes"])).code).toBe(0);
  });
});

describe("apply", () => {
  it("deletes what the plan has shown, says so, and leaves a report", async () => {
    await plan();
    const ended = await apply();
    expect(told(ended)).toMatchSnapshot();
    expect([ended.code, tags()]).toEqual([0, left]);
    expect(readFileSync(path.join(folder, "cleanup-plan.report.jsonl"), "utf8")).toContain('"end":true');
  });

  it("does not delete without a yes", async () => {
    await plan();
    expect((await run(["apply", "cleanup-plan.jsonl"], { stdin: "y\n" })).code).toBe(2);
    expect(tags()).toEqual(all);
  });

  it.each([
    ["is not there", "none.jsonl", undefined],
    ["is something else", "other.jsonl", "{}\n"],
  ])("fails on a plan that %s", async (_, name, text) => {
    if (text !== undefined) folder = program.newFolder({ [name]: text });
    const ended = await run(["apply", name, "--yes"]);
    expect(ended.code).toBe(1);
    expect(told(ended)).toMatchSnapshot();
  });

  it.each(["cleanup-plan.jsonl", "./x/../cleanup-plan.jsonl"])("does not write the report over the plan: %s", async (file) => {
    await plan();
    const before = readFileSync(path.join(folder, "cleanup-plan.jsonl"), "utf8");
    expect(await apply("--report-file", file)).toMatchObject({ code: 2, stderr: expect.stringContaining("--report-file") });
    expect(readFileSync(path.join(folder, "cleanup-plan.jsonl"), "utf8")).toBe(before);
    expect(tags()).toEqual(all);
  });

  it("fails on a plan of another registry", async () => {
    await plan();
    const other = await startRegistry();
    const ended = await program.run(
      ["apply", "cleanup-plan.jsonl", "--yes", "--registry", hostOf(other.info.oci?.url)],
      { env: credentials },
      folder,
    );
    await other.close();
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining("Connect to the registry that the plan was made for")]);
  });
});

describe("--json", () => {
  it("of a plan and of its application is one document, and all of stdout", async () => {
    const planned = await plan("--json");
    const document = JSON.parse(planned.stdout);
    expect(document).toMatchObject({
      command: "plan",
      exitCode: 0,
      failures: [],
      warnings: [],
      outputs: { "would-delete-count": "3", "deleted-count": "0" },
      plan: { header: { registry: { type: "oci", name: registry() } }, end: { counts: { digests: 3 } } },
      report: null,
    });
    expect(document.plan.repositories.map(({ repository }: { repository: string }) => repository)).toEqual(["team/app", "team/web"]);
    const applied = JSON.parse((await apply("--json")).stdout);
    expect(applied).toMatchObject({
      command: "apply",
      exitCode: 0,
      outputs: { "deleted-count": "3", changed: "true" },
      report: { run: { deleted: 3, failed: 0, interrupted: false }, repositories: [{ repository: "team/app", deleted: 3 }] },
    });
    // The same plan, to the letter.
    expect(applied.plan.repositories).toEqual(document.plan.repositories);
  });

  it("of a failure says what the exit code and stderr say", async () => {
    const { code, stdout, stderr } = await run(["plan", ...rules, "--json"], { env: { ...credentials, REGISTRY_PASSWORD: "wrong" } });
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ exitCode: 1, plan: null, report: null });
    expect(code).toBe(1);
    expect(document.failures).toHaveLength(1);
    expect(stderr).toBe(`Error: ${document.failures[0]}\n`);
  });
});

describe("credentials", () => {
  const planWith = (args: readonly string[], more: Invocation) => run(["plan", ...rules, "--quiet", ...args], more);

  it.each<[string, string[], () => Invocation]>([
    ["standard input", ["--username", username, "--password-stdin"], () => ({ env: {}, stdin: `${password}\n` })],
    ["the environment", [], () => ({})],
    ["the environment, for a user of the command line", ["--username", username], () => ({ env: { REGISTRY_PASSWORD: password } })],
    ["the module's own variables", [], () => ({ env: { OCI_REGISTRY_USERNAME: username, OCI_REGISTRY_PASSWORD: password } })],
    [
      "the module's own variables, for the same address",
      [],
      () => ({ env: { OCI_REGISTRY_URL: `http://${registry()}`, OCI_REGISTRY_USERNAME: username, OCI_REGISTRY_PASSWORD: password } }),
    ],
  ])("come from %s", async (_, args, more) => {
    expect((await planWith(args, more())).code).toBe(0);
  });

  it("of the module's own variables do not go to another address", async () => {
    const other = { OCI_REGISTRY_URL: "https://registry.example.com", OCI_REGISTRY_USERNAME: username, OCI_REGISTRY_PASSWORD: password };
    expect((await planWith([], { env: other })).code).toBe(1);
    expect(sandbox.control.requests().filter(({ headers }) => "authorization" in headers)).toEqual([]);
  });

  it("are in nothing that a run leaves, nor in its arguments", async () => {
    let title = "";
    const secretive: Invocation = {
      env: {},
      stdin: password,
      during: (child) => {
        title = readFileSync(`/proc/${child.pid}/cmdline`, "utf8");
      },
    };
    const planned = await planWith(["--username", username, "--password-stdin"], secretive);
    const applied = await apply("--json");
    const wrong = await run(["plan", ...rules], { env: { REGISTRY_USERNAME: username, REGISTRY_PASSWORD: `${password}x` } });
    expect([planned.code, applied.code, wrong.code]).toEqual([0, 0, 1]);
    const texts = [planned, applied, wrong].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    for (const text of [...texts, title, everythingIn(folder)]) {
      expect(text).not.toContain(password);
      expect(text).not.toContain(Buffer.from(`${username}:${password}`).toString("base64"));
    }
    expect(title).toContain("--password-stdin");
  });
});

describe("a terminal", () => {
  it("is not assumed: no colours, no progress, even if somebody would like them", async () => {
    const { stdout, stderr } = await run(["plan", ...rules], { env: { ...credentials, FORCE_COLOR: "1", TERM: "xterm-256color" } });
    expect(stdout + stderr).not.toMatch(/\p{Cc}(?<!\n)/u);
  });
});

describe("Ctrl-C", () => {
  it.each([["SIGINT", 130] as const, ["SIGTERM", 143] as const])("ends a plan after the request in flight: %s", async (signal, code) => {
    sandbox.control.inject({ api: "oci", path: "tags/list", times: 1, fault: { kind: "delay", ms: 300 } });
    const ended = await run(["plan", ...rules], { env: credentials, during: onRequest(sandbox, { path: "_catalog" }, signal) });
    expect(ended.code).toBe(code);
    expect(ended.stderr).toBe("Error: The run was interrupted before its plan was complete. Nothing was deleted.\n");
  });

  it("ends an apply after the deletion in flight; the report says what was done, and a second apply does the rest", async () => {
    await plan();
    const ended = await run(["apply", "cleanup-plan.jsonl", "--yes", "--json"], {
      env: credentials,
      during: onRequest(sandbox, { method: "DELETE", path: "manifests/sha256" }, "SIGINT"),
    });
    expect(ended.code).toBe(130);
    const { exitCode, report, outputs } = JSON.parse(ended.stdout);
    expect([exitCode, report.run.interrupted]).toEqual([130, true]);
    expect(Number(outputs["deleted-count"])).toBe(deletions().length);
    const first = readFileSync(path.join(folder, "cleanup-plan.report.jsonl"), "utf8");
    const second = await apply();
    expect([second.code, second.stdout]).toEqual([0, expect.stringContaining("The report: cleanup-plan.report-2.jsonl\n")]);
    expect(tags()).toEqual(left);
    // What the first one has deleted stands nowhere else.
    expect(readFileSync(path.join(folder, "cleanup-plan.report.jsonl"), "utf8")).toBe(first);
  });

  it("twice ends at once, while a deletion is in flight, and says what is known", async () => {
    await plan();
    const isDeletion = { method: "DELETE", path: "manifests/sha256" };
    sandbox.control.inject({ api: "oci", ...isDeletion, times: 1, fault: { kind: "delay", ms: 20_000 } });
    const begun = Date.now();
    const ended = await run(["apply", "cleanup-plan.jsonl", "--yes", "--json"], {
      env: credentials,
      during: (child) => {
        onRequest(sandbox, isDeletion, "SIGINT")(child);
        onRequest(sandbox, isDeletion, "SIGTERM")(child);
      },
    });
    expect(ended.code === 130 || ended.code === 143).toBe(true);
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(JSON.parse(ended.stdout)).toMatchObject({ command: "apply", exitCode: ended.code, outputs: { "deleted-count": "0" } });
  });
});
