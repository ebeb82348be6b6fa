import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { PassThrough, Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { type ImportRequest, runImport } from "../../action/command-line/run-import";
import { Terminal } from "../../action/command-line/terminal";
import type { World } from "../../action/command-line/world";
import { type Sandbox, startSandbox } from "../sandbox";

let sandbox: Sandbox;
let folder: string;
beforeEach(async () => {
  sandbox = await startSandbox({ apis: ["dtr"], dtr: { organizations: { org: {} }, repositories: { "org/app": {}, "org/web": {} } } });
  folder = mkdtempSync(path.join(tmpdir(), "import-files-"));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await sandbox.close();
});

const file = (name: string) => path.join(folder, name);

/** The command with these options, on the sandbox; gives its exit code and what it said. `during`: what happens while the registry is read. */
async function run(request: Partial<ImportRequest> = {}, during?: () => void): Promise<{ code: number; stdout: string; stderr: string }> {
  const { dtr } = sandbox.info;
  if (!dtr) throw new Error("the sandbox has no DTR");
  const said = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof said) =>
    new Writable({
      write(chunk, _encoding, done) {
        said[name] += String(chunk);
        done();
      },
    });
  const world: World = {
    env: {},
    stdin: new PassThrough(),
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    now: Date.now,
    random: () => new Uint8Array(8),
    sleep: async () => undefined,
    signal: new AbortController().signal,
    hurry: new AbortController().signal,
    interruption: () => undefined,
    startSandbox: async () => {
      throw new Error("no sandbox is started here");
    },
  };
  const running = runImport(
    {
      env: { INPUT_TYPE: "dtr", INPUT_REGISTRY: dtr.url, INPUT_USERNAME: dtr.username, INPUT_PASSWORD: dtr.password },
      folder,
      include: undefined,
      kinds: ["Repository", "Webhook"],
      concurrency: undefined,
      force: false,
      json: false,
      ...request,
    },
    world,
    new Terminal(world),
  );
  if (during) {
    while (sandbox.control.requests().length === 0) await setImmediate();
    during();
  }
  return { code: await running, ...said };
}

describe("the two files of an import", () => {
  it("are both as they were if one of them cannot be written, also with --force", async () => {
    writeFileSync(file("import.json"), "the old one");
    mkdirSync(file("index.ts"));
    await expect(run({ force: true })).rejects.toMatchObject({ problems: [expect.stringMatching(/index\.ts is a folder/)] });
    expect(sandbox.control.requests()).toEqual([]);
    expect(readFileSync(file("import.json"), "utf8")).toBe("the old one");
    expect(readdirSync(folder).sort()).toEqual(["import.json", "index.ts"]);
  });

  it("are none if one of them cannot be written", async () => {
    symlinkSync("nowhere", file("index.ts"));
    await expect(run()).rejects.toMatchObject({ problems: [expect.stringMatching(/index\.ts would be overwritten/)] });
    expect(readdirSync(folder)).toEqual(["index.ts"]);
  });

  it("are refused where no folder can be, before anything is asked for", async () => {
    writeFileSync(file("notes.txt"), "no folder");
    const into = (name: string) => run({ folder: file(name), force: true });
    for (const name of ["notes.txt", "notes.txt/registry", "notes.txt/a/b"])
      await expect(into(name)).rejects.toMatchObject({
        problems: [expect.stringMatching(/--out: .*notes\.txt is no folder that can be written/)],
      });
    expect(sandbox.control.requests()).toEqual([]);
    expect((await into("new/and/deep")).code).toBe(0);
  });

  it("are none if something came in their way while the registry was read", async () => {
    const during = () => writeFileSync(file("index.ts"), "somebody's work");
    const { code, stdout, stderr } = await run({}, during);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^Error: .*index\.ts would be overwritten/);
    expect(readFileSync(file("index.ts"), "utf8")).toBe("somebody's work");
    expect(readdirSync(folder)).toEqual(["index.ts"]);
  });

  it("are new ones with --force: whoever has the old import file open reads nothing of the new one", async () => {
    writeFileSync(file("import.json"), "the old one", { mode: 0o644 });
    writeFileSync(file("elsewhere"), "not ours");
    symlinkSync("elsewhere", file("index.ts"));
    expect((await run({ force: true })).code).toBe(0);
    expect(statSync(file("import.json")).mode & 0o777).toBe(0o600);
    expect(readFileSync(file("elsewhere"), "utf8")).toBe("not ours");
    expect(readFileSync(file("index.ts"), "utf8")).toContain("new dtr.Repository(");
  });
});

describe("an import that finds less than was asked for", () => {
  it("says which globs nothing matches", async () => {
    const { code, stderr } = await run({ include: "org/app,ogr/*,!org/web" });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Warning: --include: nothing .* is called ogr\/\*/m);
    expect(stderr).not.toContain("org/app");
  });

  it("says that there is nothing in the files", async () => {
    const { code, stdout, stderr } = await run({ kinds: ["Webhook"] });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Warning: Nothing was found to import/m);
    expect(stdout).not.toContain("pulumi import");
  });
});

describe("what the registry says of itself", () => {
  it("cannot move the cursor of the terminal on which the next steps stand", async () => {
    const { dtr } = sandbox;
    const { info } = sandbox;
    await fetch(`${info.dtr?.url}/api/v0/webhooks`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${info.dtr?.username}:${info.dtr?.password}`)}`, "content-type": "application/json" },
      body: JSON.stringify({ key: "org/app", type: "TAG_PUSH", endpoint: "https://ci.example.com/hook" }),
    });
    for (const webhook of dtr?.state.webhooks.values() ?? []) Object.assign(webhook, { type: "PUSH\u001b[2J\u202e" });
    const { code, stdout, stderr } = await run();
    expect(code).toBe(0);
    expect(stdout).toContain("pulumi config set --secret ");
    expect(`${stdout}${stderr}`).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  });
});
