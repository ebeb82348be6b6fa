import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { packOnce } from "../engine";

jest.setTimeout(600_000);

const managers: readonly { name: string; command: readonly [string, ...string[]] }[] = [
  { name: "npm", command: ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"] },
  { name: "pnpm", command: ["npx", "--yes", "pnpm@10", "add"] },
];

// Downloads @pulumi/pulumi and what it needs: minutes on a slow line, so not on every machine.
const online = Boolean(process.env.CI);

describe(`an empty project${online ? "" : " (only with CI=true: it downloads packages)"}`, () => {
  const rule = online ? it : it.skip;

  rule.each(managers)("installs the tarball with $name, and the state's text finds it", async ({ command: [program, ...args] }) => {
    const dir = mkdtempSync(path.join(tmpdir(), "install-"));
    try {
      writeFileSync(
        path.join(dir, "package.json"),
        JSON.stringify({ name: "empty", private: true, dependencies: { "@pulumi/pulumi": "^3.216.0" } }),
      );
      run(dir, program, [...args, await packOnce()]);
      const text =
        'console.log(typeof require("registry-as-code/dynamic").provider("oci:Tag").create, Object.keys(require("registry-as-code")).join())';
      expect(execFileSync(process.execPath, ["--eval", text], { cwd: dir, encoding: "utf8" }).trim()).toBe(
        "function dtr,oci,registryui,selectel",
      );
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

function run(cwd: string, program: string, args: readonly string[]): void {
  // npm's own settings of the surrounding `npm test` are not this project's; where packages come from is the machine's affair.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle|command|config_(prefix|local_prefix|global_prefix))/.test(name),
    ),
  );
  execFileSync(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], shell: process.platform === "win32" });
}
