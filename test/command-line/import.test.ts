import { existsSync, readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import { onRequest } from "../action/token/rig";
import { type Sandbox, startSandbox } from "../sandbox";
import { BuiltProgram, type Ended, type Invocation, shown } from "./program";

jest.setTimeout(60_000);

let program: BuiltProgram;
let sandbox: Sandbox;
let folder: string;
beforeAll(() => {
  program = new BuiltProgram();
});
afterAll(() => program.remove());
beforeEach(async () => {
  sandbox = await startSandbox({ apis: ["dtr"] });
  folder = program.newFolder();
  const { url, username, password } = access();
  for (const name of ["app", "web"]) {
    const made = await fetch(`${url}/api/v0/repositories/${username}`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${username}:${password}`)}`, "content-type": "application/json" },
      body: JSON.stringify({ name, visibility: "private", shortDescription: `the ${name}` }),
    });
    expect(made.status).toBe(201);
  }
});
afterEach(() => sandbox.close());

const access = () => {
  const { dtr } = sandbox.info;
  if (!dtr) throw new Error("the sandbox has no DTR");
  return dtr;
};
const run = (args: readonly string[] = [], more: Invocation = {}): Promise<Ended> => {
  const { url, username, password } = access();
  return program.run(
    ["import", "--type", "dtr", "--url", url, "--username", username, "--kinds", "Repository", ...args],
    { env: { DTR_PASSWORD: password }, ...more },
    folder,
  );
};
const file = (name: string) => path.join(folder, "registry-import", name);
const told = (ended: Ended) => shown(ended, { registry: new URL(access().url).host, folder });

describe("import", () => {
  it("writes an import file and a program, changes nothing, and says what to do next", async () => {
    sandbox.control.clearRequests();
    const ended = await run();
    expect(told(ended)).toMatchSnapshot();
    const { resources } = JSON.parse(readFileSync(file("import.json"), "utf8"));
    expect(resources.map(({ type }: { type: string }) => type)).toEqual([
      "pulumi-nodejs:dynamic/dtr:Repository",
      "pulumi-nodejs:dynamic/dtr:Repository",
    ]);
    expect(readFileSync(file("index.ts"), "utf8")).toContain("new dtr.Repository(");
    expect(statSync(file("import.json")).mode & 0o077).toBe(0);
    expect(sandbox.control.requests().filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("takes only what the globs and kinds name", async () => {
    const { stdout } = await run(["--include", "*/{app,other}", "--include", "!*/web", "--json"]);
    expect(JSON.parse(stdout).resources).toEqual([
      { type: "pulumi-nodejs:dynamic/dtr:Repository", name: expect.any(String), id: expect.stringContaining("app") },
    ]);
  });

  it("has one document on stdout with --json", async () => {
    const { code, stdout } = await run(["--json"]);
    const document = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(Object.keys(document)).toEqual(["files", "resources", "secrets", "skipped", "next"]);
    expect(document.files).toEqual({ importFile: file("import.json"), program: file("index.ts") });
    expect(document.next.slice(-2)).toEqual(["pulumi preview", expect.stringMatching(/^pulumi up && rm import.json/)]);
  });

  it("does not overwrite without --force", async () => {
    await run();
    const before = readFileSync(file("index.ts"), "utf8");
    const ended = await run();
    expect(told(ended)).toMatchSnapshot();
    expect(ended.code).toBe(2);
    expect((await run(["--force"])).code).toBe(0);
    expect(readFileSync(file("index.ts"), "utf8")).toBe(before);
  });

  it.each([
    ["kinds that there are not", ["--kinds", "Cluster"]],
    ["a glob that is none", ["--include", "!"]],
  ])("refuses %s", async (_, args) => {
    const ended = await run(args);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/^Error: --?(kinds|include)/);
    expect(existsSync(file("index.ts"))).toBe(false);
  });

  it("fails with wrong credentials and writes nothing", async () => {
    const ended = await run([], { env: { DTR_PASSWORD: "wrong" } });
    expect([ended.code, ended.stdout]).toEqual([1, ""]);
    expect(ended.stderr).toMatch(/^Error: .*401/m);
    expect(existsSync(file("index.ts"))).toBe(false);
  });

  it("is ended by Ctrl-C, and writes nothing", async () => {
    sandbox.control.inject({ api: "dtr", path: "/repositories", times: 5, fault: { kind: "delay", ms: 500 } });
    const ended = await run([], {
      env: { DTR_PASSWORD: access().password },
      during: onRequest(sandbox, { api: "dtr", path: "/" }, "SIGINT"),
    });
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([130, "", "Error: Interrupted. Nothing was written.\n"]);
    expect(existsSync(file("index.ts"))).toBe(false);
  });

  it("has no secret in what it prints and writes", async () => {
    const ended = await run();
    for (const text of [ended.stdout, ended.stderr, readFileSync(file("import.json"), "utf8"), readFileSync(file("index.ts"), "utf8")])
      expect(text).not.toContain(access().password);
  });
});

describe("import of every kind of registry", () => {
  it.each(["oci", "registryui", "selectel"] as const)("finds its way with the module's own variables: %s", async (type) => {
    const other = await startSandbox({ apis: [type] });
    const { oci, registryui, selectel } = other.info;
    const env: Readonly<Record<string, string | undefined>> = {
      OCI_REGISTRY_URL: oci?.url,
      OCI_REGISTRY_USERNAME: oci?.username,
      OCI_REGISTRY_PASSWORD: oci?.password,
      REGISTRYUI_URL: registryui?.url,
      REGISTRYUI_USERNAME: registryui?.username,
      REGISTRYUI_TOKEN: registryui?.token,
      SELECTEL_ACCOUNT_ID: selectel?.accountId,
      SELECTEL_USERNAME: selectel?.username,
      SELECTEL_PASSWORD: selectel?.password,
      SELECTEL_PROJECT_ID: selectel?.projectId,
      SELECTEL_AUTH_URL: selectel?.authUrl,
      SELECTEL_CRAAS_URL: selectel?.v1.replace(/\/v1$/, ""),
      SELECTEL_REGISTRY_URL: selectel?.registryHost,
    };
    const set = Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    const { code, stdout, stderr } = await program.run(["import", "--type", type, "--json"], { env: set }, folder);
    await other.close();
    expect([code, stderr.includes("Error")]).toEqual([0, false]);
    expect(other.control.requests({ api: type }).length).toBeGreaterThan(0);
    expect(JSON.parse(stdout).files.program).toBe(file("index.ts"));
  });
});
