import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { HELP, parseCommandLine } from "./command-line";

jest.setTimeout(30_000);

const running: ChildProcessByStdio<null, Readable, Readable>[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

function run(...args: string[]) {
  const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "main.ts"), ...args], { stdio: ["ignore", "pipe", "pipe"] });
  running.push(child);
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].on("data", (data) => {
      output[stream] += data;
    });
  return { child, output };
}

async function exitCode(child: ChildProcessByStdio<null, Readable, Readable>): Promise<unknown> {
  const [code] = await once(child, "close");
  return code;
}

describe("npm run sandbox", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("prints one line of JSON, serves until %s, and exits 0", async (signal) => {
    const { child, output } = run("--latency", "1");
    while (!output.stdout.includes("\n")) await once(child.stdout, "data");
    const info = JSON.parse(output.stdout);
    expect(Object.keys(info)).toEqual(["control", "selectel", "registryui", "dtr", "oci"]);
    expect((await fetch(`${info.oci.url}/v2/`)).status).toBe(401);
    expect((await fetch(`${info.control.url}/state`)).status).toBe(200);
    child.kill(signal);
    expect(await exitCode(child)).toBe(0);
    expect(output).toEqual({ stdout: `${JSON.stringify(info)}\n`, stderr: "" });
  });

  it("says what is wrong with the command line in one sentence, and exits 2", async () => {
    const { child, output } = run("--port-base", "many");
    expect(await exitCode(child)).toBe(2);
    expect(output).toEqual({
      stdout: "",
      stderr: 'sandbox: --port-base is a whole number from 1 to 65527, not "many" (--help shows what there is)\n',
    });
  });

  it("exits 1 when it cannot listen", async () => {
    const { child, output } = run("--host", "192.0.2.1");
    expect(await exitCode(child)).toBe(1);
    expect(output.stderr).toMatch(/^sandbox: it could not start: .*EADDRNOTAVAIL.*\n$/);
  });
});

describe("the command line", () => {
  it.each([
    { args: [], options: {} },
    { args: ["--port-base", "4000", "--host", "::1", "--latency", "0"], options: { portBase: 4000, host: "::1", latency: 0 } },
    { args: ["--oci-auth=bearer", "--dtr-version=2.7"], options: { oci: { auth: "bearer" }, dtr: { version: "2.7" } } },
  ])("$args", ({ args, options }) => {
    expect(parseCommandLine(args)).toEqual({ kind: "start", options });
  });

  it.each([
    { args: ["--nonsense"], message: /--nonsense/ },
    { args: ["extra"], message: /extra/ },
    { args: ["--port-base", "65528"], message: /--port-base/ },
    { args: ["--port-base", "-1"], message: /--port-base/ },
    { args: ["--latency", "1.5"], message: /--latency/ },
    { args: ["--oci-auth", "ldap"], message: /--oci-auth/ },
    { args: ["--dtr-version", "3"], message: /--dtr-version/ },
    { args: ["--host"], message: /--host/ },
  ])("$args is an error that names the flag", ({ args, message }) => {
    expect(parseCommandLine(args)).toEqual({ kind: "error", message: expect.stringMatching(message) });
  });

  it("explains itself", () => {
    expect(parseCommandLine(["--help"])).toEqual({ kind: "help" });
    for (const flag of ["--port-base", "--host", "--latency", "--oci-auth", "--dtr-version"]) expect(HELP).toContain(flag);
  });
});
