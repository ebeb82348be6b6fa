import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import { root } from "./manifests";

const bundle = path.join(root, "action/cleanup/dist/index.cjs");

describe("the committed bundle", () => {
  it("is what the source gives", () => {
    const { status, stderr } = spawnSync(process.execPath, [path.join(root, "action/bundle.mjs"), "--check"], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("is smaller than 1.3 MB, with one undici in it", () => {
    const text = readFileSync(bundle, "utf8");
    expect(statSync(bundle).size).toBeLessThan(1_300_000);
    // A symbol that each copy makes once.
    expect(text.match(/Symbol\.for\("undici\.globalDispatcher\.1"\)/g)).toHaveLength(1);
  });

  it("is one file that needs nothing but Node", () => {
    const required = [...readFileSync(bundle, "utf8").matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name);
    const builtIn: string[] = JSON.parse(
      execFileSync(process.execPath, ["-p", "JSON.stringify(require('module').builtinModules)"], { encoding: "utf8" }),
    );
    expect(required.length).toBeGreaterThan(10);
    expect(required.filter((name) => !name.startsWith("node:") && !builtIn.includes(name))).toEqual([]);
  });

  it("names the licences of what is in it", () => {
    const licenses = readFileSync(path.join(root, "action/cleanup/dist/licenses.txt"), "utf8");
    for (const name of ["@actions/core", "@octokit/core", "undici", "zod", "re2js", "yaml", "picomatch"])
      expect(licenses).toContain(`${name}\n`);
  });
});
