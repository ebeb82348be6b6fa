import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { main, peers, steps } from "./main";
import { run } from "./run";
import { perform, type Step, table } from "./step";
import { findTool, isOlder } from "./tools";

let folder: string;
let env: NodeJS.ProcessEnv;
let bin: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "setup-"));
  env = { PATH: path.join(folder, "path"), REGISTRY_AS_CODE_CACHE: path.join(folder, "cache") };
  bin = path.join(folder, "cache", "bin");
  mkdirSync(bin, { recursive: true });
  mkdirSync(path.join(folder, "path"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that prints a version, whatever it is asked. */
function put(place: "path" | "cache/bin", name: string, line: string): string {
  const file = path.join(folder, place, name);
  writeFileSync(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
  return file;
}

const step = (obtain: Step["obtain"], optional?: boolean): Step => ({
  tool: "skopeo",
  what: "fetching skopeo",
  byHand: "apt-get install skopeo",
  lane: "debian",
  ...(optional === undefined ? {} : { optional }),
  obtain,
});

describe("findTool", () => {
  it("prefers PATH or the cache, as the tool demands, and the variable above all", () => {
    expect(findTool("pulumi", env)).toBeUndefined();
    const cached = put("cache/bin", "pulumi", "echo v3.259.0");
    expect(findTool("pulumi", env)).toEqual({ path: cached, version: "3.259.0" });
    const installed = put("path", "pulumi", "echo v3.200.1");
    expect(findTool("pulumi", env)?.path).toBe(installed);
    put("path", "registry", "echo registry v3.1.0");
    const built = put("cache/bin", "registry", "echo registry v3.1.2");
    expect(findTool("registry", env)?.path).toBe(built);
    const named = put("path", "my-pulumi", "echo v3.300.0");
    expect(findTool("pulumi", { ...env, REGISTRY_AS_CODE_PULUMI: named })).toEqual({ path: named, version: "3.300.0" });
  });

  it("passes over what is too old or does not run", () => {
    put("path", "pulumi", "echo v3.189.0");
    expect(findTool("pulumi", env)).toBeUndefined();
    put("path", "pulumi", "exit 127");
    expect(findTool("pulumi", env)).toBeUndefined();
    const cached = put("cache/bin", "pulumi", "echo v3.190.0");
    expect(findTool("pulumi", env)?.path).toBe(cached);
  });

  it.each([
    ["3.190.0", "3.190.0", false],
    ["3.189.9", "3.190.0", true],
    ["4.0", "3.190.0", false],
    ["unknown", "3.190.0", false],
    ["3.259.0+dirty", undefined, false],
  ])("%s is older than %s: %s", (version, oldest, expected) => {
    expect(isOlder(version, oldest)).toBe(expected);
  });
});

describe("a step", () => {
  const told: string[] = [];
  const around = () => ({ env, bin, run, say: (line: string) => told.push(line) });
  beforeEach(() => told.splice(0));

  it("is skipped when the tool is there", async () => {
    put("path", "skopeo", "echo skopeo version 1.9.3");
    const obtain = jest.fn();
    expect(await perform(step(obtain), around())).toBe(true);
    expect(obtain).not.toHaveBeenCalled();
    expect(told.join("\n")).toMatch(/skopeo: 1\.9\.3 is there/);
  });

  it("says what it does, what came of it and how long it took", async () => {
    const obtain = async () => {
      put("cache/bin", "skopeo", "echo skopeo version 1.9.3");
    };
    expect(await perform(step(obtain), around())).toBe(true);
    expect(told).toEqual(["skopeo: fetching skopeo …", expect.stringMatching(/^skopeo: 1\.9\.3 after \d+ s \(/)]);
  });

  it("that fails says why and what to do by hand, in one message", async () => {
    const obtain: Step["obtain"] = (_bin, command) => command("sh", ["-c", "echo no such package >&2; exit 100"]).then(() => undefined);
    expect(await perform(step(obtain), around())).toBe(false);
    expect(told[1]).toMatch(/could not be obtained: sh -c .* ended with 100:\nno such package\n {2}By hand: apt-get install skopeo/);
    expect(
      await perform(
        step(async () => undefined, true),
        around(),
      ),
    ).toBe(false);
    expect(told.at(-1)).toMatch(/does not run there[\s\S]*optional/);
  });

  it("names a command that this machine does not have", async () => {
    await expect(run("no-such-command-anywhere", [])).rejects.toThrow("no-such-command-anywhere is not installed on this machine");
  });
});

describe("npm run setup", () => {
  const around = (said: string[]) => ({ env, bin, run, say: (line: string) => said.push(line) });

  it("--check prints every tool, with the line that brings it, and fails until all that is needed is there", async () => {
    const said: string[] = [];
    expect(await main(["--check"], around(said))).toBe(1);
    for (const { tool, byHand } of steps)
      expect(said.find((line) => line.startsWith(`${tool} `))).toContain(`npm run setup, or by hand: ${byHand}`);
    for (const { tool, optional } of steps) if (optional !== true) put("cache/bin", tool, "echo version 9.9.9");
    const again: string[] = [];
    expect(await main(["--check"], around(again))).toBe(0);
    expect(again.filter((line) => line.includes("9.9.9"))).toHaveLength(steps.length - 1);
    expect(table(steps, env).complete).toBe(true);
  });

  it("brings what only the benchmark uses when it is told to: --bench, or by name", async () => {
    const named = (line: string) => line.split(" ")[0];
    const said: string[] = [];
    await main(["--check"], around(said));
    expect(said.map(named)).not.toContain("crane");
    const all: string[] = [];
    expect(await main(["--check", "--bench"], around(all))).toBe(1);
    expect(all.map(named)).toEqual(expect.arrayContaining([...steps, ...peers].map(({ tool }) => tool)));
    expect(all.find((line) => line.startsWith("wrk "))).toContain("npm run setup -- --bench, or by hand: apt-get install -y wrk");
    put("cache/bin", "crane", "echo v0.22.1");
    const one: string[] = [];
    expect(await main(["crane"], around(one))).toBe(0);
    expect(one).toEqual([expect.stringMatching(/^crane: 0\.22\.1 is there/)]);
  });

  it("believes wrk, which ends with a failure when it says its version", () => {
    const wrk = put("path", "wrk", "echo 'wrk debian/4.1.0-3 [epoll]'; exit 1");
    expect(findTool("wrk", env)).toEqual({ path: wrk, version: "4.1.0-3" });
    put("path", "wrk", "echo 'error while loading shared libraries' >&2; exit 127");
    expect(findTool("wrk", env)).toBeUndefined();
  });

  it("refuses what it does not know", async () => {
    const said: string[] = [];
    expect(await main(["--chek", "docker"], around(said))).toBe(2);
    expect(said[0]).toMatch(/Not known: docker, --chek\. Usage/);
  });
});
