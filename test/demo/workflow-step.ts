import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Interrupted } from "./play";

const BUNDLES = { cleanup: "cleanup/dist/index.cjs", token: "token/dist/main.cjs", "token after the job": "token/dist/post.cjs" } as const;

export interface StepOptions {
  readonly action: keyof typeof BUNDLES;
  readonly inputs: Readonly<Record<string, string>>;
  /** What the step's first stage left for the one after the job. */
  readonly state?: Readonly<Record<string, string>>;
}

/** What a workflow step printed and left behind. */
export interface WorkflowStep {
  readonly exitCode: number | null;
  readonly log: string;
  /** The table at the end of the log, a line each. */
  readonly table: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly plan: string;
}

/** Runs the built action as a workflow step does, with nothing of the person's own environment. Throws Interrupted. */
export async function workflowStep({ action, inputs, state = {} }: StepOptions, interrupted: AbortSignal): Promise<WorkflowStep> {
  const folder = mkdtempSync(path.join(tmpdir(), "demo-step-"));
  try {
    const file = (name: string) => path.join(folder, name);
    for (const name of ["output", "summary", "state"]) writeFileSync(file(name), "");
    mkdirSync(file("home"));
    const child = spawn(process.execPath, [path.join(__dirname, "..", "..", "action", BUNDLES[action])], {
      cwd: folder,
      signal: interrupted,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        HOME: file("home"),
        NO_PROXY: process.env.NO_PROXY,
        RUNNER_TEMP: folder,
        GITHUB_WORKSPACE: folder,
        GITHUB_OUTPUT: file("output"),
        GITHUB_STEP_SUMMARY: file("summary"),
        GITHUB_STATE: file("state"),
        GITHUB_REPOSITORY: "octo/shop",
        GITHUB_RUN_ID: "1",
        GITHUB_RUN_ATTEMPT: "1",
        GITHUB_JOB: "build",
        ...Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value])),
        ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      },
    });
    let log = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        log += text;
      });
    }
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const outputs = outputsOf(readFileSync(file("output"), "utf8"));
    const table = log.split(/\r?\n/).filter((line) => /^\S+ +(stay|\d+) +(go|deleted|\d+) /.test(line));
    const plan = outputs["plan-path"] ? readFileSync(outputs["plan-path"], "utf8") : "";
    return {
      exitCode,
      log,
      table,
      outputs,
      state: outputsOf(readFileSync(file("state"), "utf8")),
      summary: readFileSync(file("summary"), "utf8"),
      plan,
    };
  } catch (error) {
    if (interrupted.aborted) throw new Interrupted();
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `name<<delimiter`, lines, `delimiter`. */
function outputsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^(.+?)<<(.+)\r?\n([\s\S]*?)\r?\n\2$/gm)].map(([, name = "", , value = ""]) => [name, value]),
  );
}
