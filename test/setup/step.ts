/** One thing that the set-up brings, and how its outcome is told. */
import { performance } from "node:perf_hooks";
import { type FoundTool, findTool, type ToolName } from "./tools";

export interface Step {
  readonly tool: ToolName;
  readonly what: string;
  /** A shell line with which a person brings it without this script. */
  readonly byHand: string;
  /** Steps of one lane run one after the other, lanes run side by side. */
  readonly lane: "go" | "debian";
  /** The tests do without it and say so. */
  readonly optional?: boolean;
  /** Only the benchmark uses it: `npm run setup -- --bench` brings it. */
  readonly peer?: boolean;
  obtain(bin: string, run: Run): Promise<void>;
}

/** Runs a command to its end; rejects with what it printed. */
export type Run = (
  command: string,
  args: readonly string[],
  options?: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv },
) => Promise<string>;

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly bin: string;
  readonly run: Run;
  readonly say: (line: string) => void;
}

/** True when the tool is there in the end. Skips what is there already. */
export async function perform(step: Step, { env, bin, run, say }: Surroundings): Promise<boolean> {
  const before = findTool(step.tool, env);
  if (before !== undefined) {
    say(`${step.tool}: ${before.version} is there (${before.path})`);
    return true;
  }
  say(`${step.tool}: ${step.what} …`);
  const start = performance.now();
  try {
    await step.obtain(bin, run);
    const found = findTool(step.tool, env);
    if (found === undefined) throw new Error(`it was put into ${bin} but does not run there, or is too old`);
    say(`${step.tool}: ${found.version} after ${((performance.now() - start) / 1000).toFixed(0)} s (${found.path})`);
    return true;
  } catch (error) {
    say(
      `${step.tool}: could not be obtained: ${reason(error)}\n  By hand: ${step.byHand}${step.optional === true ? "\n  It is optional: what needs it is left out." : ""}`,
    );
    return false;
  }
}

/** Lines of a table: tool, version or "missing", and the line that brings it. */
export function table(steps: readonly Step[], env: NodeJS.ProcessEnv): { readonly lines: readonly string[]; readonly complete: boolean } {
  const rows = steps.map((step) => ({ step, found: findTool(step.tool, env) }));
  return {
    lines: rows.map(({ step, found }) => row(step, found)),
    complete: rows.every(({ step, found }) => found !== undefined || step.optional === true),
  };
}

function row(step: Step, found: FoundTool | undefined): string {
  const name = step.tool.padEnd(16);
  if (found !== undefined) return `${name} ${found.version.padEnd(10)} ${found.path}`;
  return `${name} ${(step.optional === true ? "missing*" : "missing").padEnd(10)} ${setUpLine(step)}, or by hand: ${step.byHand}`;
}

/** What a person types to get it. */
export function setUpLine({ peer }: Step): string {
  return peer === true ? "npm run setup -- --bench" : "npm run setup";
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
