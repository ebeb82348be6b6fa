import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { runCommandLine } from "../../action/command-line/run-command-line";
import { Terminal } from "../../action/command-line/terminal";
import type { World } from "../../action/command-line/world";
import { hostOf, password, startRegistry, username } from "../action/registry";
import type { Sandbox } from "../sandbox";

jest.setTimeout(60_000);

/** A terminal with somebody at it, in this process. */
class Person {
  readonly stdin = Object.assign(new PassThrough(), { isTTY: true });
  readonly stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 100 });
  readonly stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 100 });
  readonly interrupt = new AbortController();
  seen = "";
  told = "";
  #time = 0;

  constructor() {
    this.stdout.on("data", (text: Buffer) => (this.seen += text.toString()));
    this.stderr.on("data", (text: Buffer) => (this.told += text.toString()));
  }

  async run(args: readonly string[], env: World["env"] = {}): Promise<number> {
    const code = await runCommandLine(args, {
      env: { HOME: folder, REGISTRY_USERNAME: username, REGISTRY_PASSWORD: password, TERM: "xterm", ...env },
      stdin: this.stdin,
      stdout: this.stdout,
      stderr: this.stderr,
      // A second goes by whenever somebody looks.
      now: () => Date.UTC(2026, 10, 15) + 1_000 * this.#time++,
      random: () => new Uint8Array(8),
      sleep: async () => undefined,
      signal: this.interrupt.signal,
      interruption: () => undefined,
      hurry: new AbortController().signal,
      startSandbox: () => Promise.reject(new Error("there is none here")),
    });
    // What was written last is seen, too.
    await delay(1);
    return code;
  }

  /** When the question is there. */
  async asked(): Promise<void> {
    while (!this.told.includes("[y/N]")) await delay(2);
  }
}

let sandbox: Sandbox;
let folder: string;
let planFile: string;
beforeEach(async () => {
  sandbox = await startRegistry();
  folder = mkdtempSync(path.join(tmpdir(), "terminal-"));
  planFile = path.join(folder, "plan.jsonl");
});
afterEach(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const registry = () => ["--registry", hostOf(sandbox.info.oci?.url)];
const plan = (...more: readonly string[]) => ["plan", ...registry(), "--delete-tags", "pr-*", "--plan-file", planFile, ...more];
const tags = () => sandbox.store.repository("team/app")?.tags.size;
const sequence = "\u001b[";

describe("on a terminal", () => {
  it("there are colours and a line of progress, which is gone in the end", async () => {
    const person = new Person();
    expect(await person.run(plan())).toBe(0);
    expect(person.seen).toContain(`${sequence}1mDry run: would delete`);
    expect(person.told).toMatch(/\rReading|\r.*repositories read/);
    expect(person.told.endsWith(`\r${sequence}K`)).toBe(true);
  });

  it.each([{ NO_COLOR: "1" }, { TERM: "dumb" }])("there are no colours with %j", async (env) => {
    const person = new Person();
    await person.run(plan(), env);
    expect(person.seen).not.toContain(sequence);
    expect(await person.run(["plan", "--help"], env)).toBe(0);
    expect(person.seen).not.toContain(sequence);
  });

  it("there is no line of progress where the cursor cannot be moved", async () => {
    const person = new Person();
    await person.run(plan(), { TERM: "dumb" });
    expect(person.told).not.toMatch(/\p{Cc}(?<!\n)/u);
  });

  it("the line of progress holds no sequences of anybody else's", async () => {
    const person = new Person();
    const terminal = new Terminal({ stdout: person.stdout, stderr: person.stderr, now: () => 0, env: { TERM: "xterm" } });
    terminal.progress("scope \u001b]0;owned\u0007\u009b2J\nnext");
    await delay(1);
    expect(person.told).toBe(`\r${sequence}2mscope  ]0;owned 2J next${sequence}22m${sequence}K`);
  });

  it("an error is red, and no progress is left before it", async () => {
    const person = new Person();
    expect(await person.run(plan(), { REGISTRY_PASSWORD: "wrong" })).toBe(1);
    expect(person.told.split("\n").at(-2)?.replace(/^.*\r/, "")).toMatch(/^\p{Cc}\[K\p{Cc}\[31mError:|^\p{Cc}\[31mError:/u);
  });
});

describe("the question before an apply", () => {
  const apply = () => ["apply", planFile, ...registry()];
  beforeEach(async () => {
    expect(await new Person().run(plan())).toBe(0);
    sandbox.control.clearRequests();
  });

  it.each([["y"], ["yes"], ["YES"]])("says what goes where, and %s applies it", async (answer) => {
    const person = new Person();
    const run = person.run(apply());
    await person.asked();
    expect(sandbox.control.requests()).toEqual([]);
    person.stdin.write(`${answer}\n`);
    expect(await run).toBe(0);
    expect(person.told).toMatch(
      /^Delete 3 digests and 1 tag in 1 repository of 127\.0\.0\.1:\d+ \(oci\), .*B, as planned at 2026-11-15T.*\? \[y\/N\]/,
    );
    expect(tags()).toBe(3);
  });

  it.each([["n\n"], ["\n"], ["maybe\n"], [""]])("%j deletes nothing", async (answer) => {
    const person = new Person();
    const run = person.run(apply());
    await person.asked();
    person.stdin.end(answer);
    expect(await run).toBe(3);
    expect(person.told).toMatch(/Nothing was deleted\.\n$/);
    expect(sandbox.control.requests()).toEqual([]);
  });

  it("is ended by Ctrl-C", async () => {
    const person = new Person();
    const run = person.run(apply());
    await person.asked();
    person.interrupt.abort(new Error("SIGINT was received"));
    expect(await run).toBe(1); // main.ts makes 130 of it
    expect(person.told).toMatch(/Interrupted\.\n$/);
    expect(sandbox.control.requests()).toEqual([]);
  });

  it("is about the plan that is applied: one that was made meanwhile is not", async () => {
    const person = new Person();
    const run = person.run(apply());
    await person.asked();
    expect(await new Person().run(plan("--max-deletions-percent", "100", "--delete-tags", "v*"))).toBe(0);
    sandbox.control.clearRequests();
    person.stdin.write("y\n");
    expect(await run).toBe(1);
    expect(person.told).toContain("it changed after you were asked");
    expect(sandbox.control.requests({ method: "DELETE" })).toEqual([]);
  });

  it("is not asked where nothing is to go", async () => {
    await new Person().run([...plan(), "--repositories", "none/*"]);
    const person = new Person();
    expect(await person.run(apply())).toBe(0);
    expect(person.told).not.toContain("[y/N]");
  });
});

describe("an interruption before the first deletion", () => {
  it.each([[[]], [["--json"]]])("is said to be one, and no rule that stopped the run: %j", async (more) => {
    expect(await new Person().run(plan())).toBe(0);
    const person = new Person();
    person.interrupt.abort(new Error("SIGINT was received"));
    expect(await person.run(["apply", planFile, ...registry(), "--yes", ...more])).toBe(1); // main.ts makes 130 of it
    expect(person.told).toContain("The run was interrupted before the first deletion. Nothing was deleted.");
    if (more.length > 0)
      expect(JSON.parse(person.seen)).toMatchObject({ exitCode: 1, failures: [expect.stringContaining("interrupted")], report: null });
    expect(tags()).toBe(7);
  });
});

it("a secret is not typed into a terminal, where it is seen", async () => {
  const person = new Person();
  expect(await person.run([...plan(), "--username", username, "--password-stdin"])).toBe(2);
  expect(person.told).toContain("which is a terminal");
});

it.each([["--password-stdin", "--username", username], ["--token-stdin"]])(
  "is not waited for after Ctrl-C, if somebody else is to pipe it in: %s",
  async (...args) => {
    const person = new Person();
    person.stdin.isTTY = false;
    const run = person.run([...plan(), ...args]);
    await delay(20);
    person.interrupt.abort(new Error("SIGINT was received"));
    expect(await run).toBe(1);
    expect(person.told).toMatch(/Interrupted\.\n$/);
  },
);
