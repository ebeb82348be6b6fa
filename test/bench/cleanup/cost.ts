import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { findTool } from "../../setup/tools";
import { on } from "./processors";

/** What a process took, with all that it started. */
export interface Cost {
  readonly seconds: number;
  /** Seconds of processor time, user and system. Undefined without GNU time. */
  readonly cpu?: number;
  /** Bytes: the most that any one of the processes held. Undefined without GNU time. */
  readonly peak?: number;
  readonly stdout: string;
}

/** Runs a program to its end, on these processors. Throws with what it said unless it ends with 0. */
export async function costOf(command: readonly [string, ...string[]], env: NodeJS.ProcessEnv, processors?: string): Promise<Cost> {
  const scratch = mkdtempSync(path.join(tmpdir(), "cost-"));
  const report = path.join(scratch, "time");
  const time = findTool("time");
  const timed = time ? [time.path, "-o", report, "-f", "%U %S %M", ...command] : command;
  const [program, ...rest] = on(processors, timed);
  try {
    const begun = performance.now();
    const { status, stdout, stderr } = await run(program ?? "", rest, env);
    const seconds = (performance.now() - begun) / 1000;
    if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}:\n${stderr.slice(-2000)}\n${stdout.slice(-2000)}`);
    if (!time) return { seconds, stdout };
    const [user = 0, system = 0, kilobytes = 0] = readFileSync(report, "utf8").trim().split(" ").map(Number);
    return { seconds, cpu: user + system, peak: kilobytes * 1024, stdout };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.once("error", reject).once("close", (status) => resolve({ status, stdout, stderr }));
  });
}
