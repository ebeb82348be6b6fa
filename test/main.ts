/**
 * `npm test`: everything that proves the project, in the order in which it fails fastest. With `CI=true` the real Pulumi engine and the real
 * registry servers are obtained first and nothing may be missing; else they take part where they are there, and what is missing is named.
 */
import { spawnSync } from "node:child_process";

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const ci = process.env.CI === "true";
const steps: readonly Step[] = [
  ...(ci ? [{ name: "set-up: real engine and registry servers", command: ["tsx", "test/setup/main.ts"] } as const] : []),
  { name: "lint and format", command: ["biome", "ci", "."] },
  { name: "types", command: ["tsc", "-p", "."] },
  { name: "build", command: ["npm", "run", "--silent", "build"] },
  { name: "tests", command: ["jest", ...process.argv.slice(2)] },
];

const started = Date.now();
for (const { name, command } of steps) {
  const begun = Date.now();
  process.stdout.write(`\n── ${name}\n`);
  const [program, ...rest] = command;
  const { status, error } = spawnSync(program, rest, { stdio: "inherit", shell: process.platform === "win32" });
  if (error || status !== 0) {
    process.stderr.write(`\n${name}: failed${error ? ` (${error.message})` : ""}\n`);
    process.exit(1);
  }
  process.stdout.write(`   ${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
}

process.stdout.write(`\nAll passed in ${((Date.now() - started) / 1000).toFixed(0)} s.\n`);
// What took no part, with the line that brings it. With CI=true the set-up and the tests have failed long before.
spawnSync("tsx", ["test/setup/main.ts", "--check"], { stdio: "inherit", shell: process.platform === "win32" });
