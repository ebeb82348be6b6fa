/** Runs the stack's program through the SDK's real `cmd/run`, with the flags and variables that the language host gives it. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import * as path from "node:path";
import { EngineError, type Operation } from "./operation";
import { encodeMap, reveal, Secret } from "./values";

/** `cmd/run` ends with this code when it has told the person already what is wrong. */
const EXIT_AFTER_LOGGING = 32;

export async function runProgram(operation: Operation, monitor: string): Promise<void> {
  const { setting, dryRun } = operation;
  let script: string;
  try {
    script = createRequire(path.join(setting.dir, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    throw new EngineError(`@pulumi/pulumi is not installed for the program in ${setting.dir}: run "npm install" there`);
  }
  const flags = ["--monitor", monitor, "--engine", monitor, "--organization", "organization", "--project", setting.project];
  const where = ["--stack", setting.stack, "--root-directory", setting.dir, "--pwd", setting.dir, "--parallel", "16"];
  const child = spawn(setting.node, [...setting.nodeArgs, script, ...flags, ...where, ...(dryRun ? ["--dry-run"] : []), "."], {
    cwd: setting.dir,
    env: { ...setting.env, ...configuration(operation), PULUMI_NODEJS_TYPESCRIPT: String(setting.typescript) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  operation.processes.add(child);
  operation.program = child;
  child.stdout.setEncoding("utf8").on("data", (text: string) => operation.print("stdout", text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => operation.print("stderr", text));
  const code = await new Promise<number | string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, signal) => resolve(status ?? signal ?? "nothing"));
  });
  operation.processes.delete(child);
  if (code === 0) return;
  // A failed step ends the program by force, and a person who was told the reason needs no second one.
  const told = operation.failed || code === EXIT_AFTER_LOGGING;
  operation.failed = true;
  if (!told) operation.say("error", `Program exited with non-zero exit code: ${code}`);
}

/** `ns:name` -> `ns:config:name`, as the SDK reads it. */
function configuration({ setting }: Operation): Record<string, string> {
  const entries = Object.entries(setting.config).map(([key, value]) => [key.replace(/^([^:]+):/, "$1:config:"), value] as const);
  return {
    PULUMI_CONFIG: JSON.stringify(encodeMap(Object.fromEntries(entries), reveal)),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(entries.filter(([, value]) => value instanceof Secret).map(([key]) => key)),
  };
}
