import type { ChildProcess } from "node:child_process";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { hostOf, password, startRegistry, username } from "../action/registry";
import { type SelectelRig, startSelectel } from "../action/token/rig";
import type { Sandbox } from "../sandbox";
import { BuiltProgram, type Ended, type Invocation } from "./program";

jest.setTimeout(60_000);

let program: BuiltProgram;
beforeAll(() => {
  program = new BuiltProgram();
});
afterAll(() => program.remove());

/** A reader that is gone before anything was written. */
const unread = (child: ChildProcess) => void child.stdout?.destroy();

describe("a reader that goes away", () => {
  let sandbox: Sandbox;
  let folder: string;
  beforeEach(async () => {
    sandbox = await startRegistry();
    folder = program.newFolder();
    expect((await run(["plan", "--repositories", "team/*", "--delete-tags", "pr-*", "--exclude-tags", "v*"])).code).toBe(0);
  });
  afterEach(() => sandbox.close());
  const run = (args: readonly string[], more: Invocation = {}): Promise<Ended> =>
    program.run(
      [...args, "--registry", hostOf(sandbox.info.oci?.url)],
      { env: { REGISTRY_USERNAME: username, REGISTRY_PASSWORD: password }, ...more },
      folder,
    );
  const apply = (...more: readonly string[]) => run(["apply", "cleanup-plan.jsonl", "--yes", ...more], { during: unread });
  const tags = () => [...(sandbox.store.repository("team/app")?.tags.keys() ?? [])].sort();
  const report = () => readFileSync(path.join(folder, "cleanup-plan.report.jsonl"), "utf8");

  it.each([[[]], [["--json"]]])("does not stop an apply half-way: %j", async (more) => {
    expect((await apply(...more)).code).toBe(0);
    expect(tags()).toEqual(["pr-13", "v1", "v2", "v3"]);
    expect(report()).toContain('"end":true');
  });

  it.each([[[]], [["--json"]]])("does not make a success of a failure: %j", async (more) => {
    sandbox.control.inject({ api: "oci", method: "DELETE", path: "manifests", times: 100, fault: { kind: "status", status: 403 } });
    expect((await apply(...more)).code).toBe(1);
  });

  it("of what is said on stderr does not matter either", async () => {
    const during = (child: ChildProcess) => void child.stderr?.destroy();
    sandbox.control.inject({ api: "oci", method: "DELETE", path: "manifests", times: 100, fault: { kind: "status", status: 403 } });
    expect((await run(["apply", "cleanup-plan.jsonl", "--yes"], { during })).code).toBe(1);
    expect(report()).toContain('"end":true');
  });

  const full = existsSync("/dev/full") ? it : it.skip;
  full("is told from a disk that is full, which is a failure", () => {
    const { status, stderr } = spawnSync("bash", ["-c", `"${process.execPath}" "${program.file}" schema > /dev/full`], {
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^Error: The result could not be written to standard output: .*ENOSPC.*\n$/),
    ]);
  });
});

describe("a token that nobody reads", () => {
  let rig: SelectelRig;
  beforeEach(async () => {
    rig = await startSelectel();
  });
  afterEach(() => rig.sandbox.close());

  it.each([[[]], [["--json"]]])("is taken back: %j", async (more) => {
    const { password: secret = "", ...account } = rig.account;
    const args = Object.entries(account).flatMap(([name, value]) => [`--${name}`, value]);
    const ended = await program.run(["token", "--registries", "team-a", ...args, ...more], {
      env: { REGISTRY_PASSWORD: secret },
      during: unread,
    });
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining("could not be written to standard output")]);
    expect(await Array.fromAsync(rig.client.v2.tokens.list())).toEqual([]);
  });

  it("stays where it is in a Docker configuration, whose folder is known", async () => {
    const { password: secret = "", ...account } = rig.account;
    const args = Object.entries(account).flatMap(([name, value]) => [`--${name}`, value]);
    const folder = program.newFolder();
    const more = { env: { REGISTRY_PASSWORD: secret }, during: unread };
    const ended = await program.run(["token", "--registries", "team-a", ...args, "--login", "docker"], more, folder);
    expect(ended.code).toBe(0);
    expect(await Array.fromAsync(rig.client.v2.tokens.list())).toHaveLength(1);
    expect(existsSync(path.join(folder, "docker", "config.json"))).toBe(true);
  });
});
