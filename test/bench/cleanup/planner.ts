import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { buildSync } from "esbuild";
import { costOf } from "./cost";

/** What a process that plans says of itself. */
export interface PlannerRun {
  /** Milliseconds of processor time for the plan, without that of the registry's answers. */
  readonly cpu: number;
  /** Digests that go by the plan, and that went. */
  readonly planned: number;
  readonly deleted: number;
  /** Bytes that the process held at most, the simulated registry included. */
  readonly peak: number;
}

export interface Planner extends Partial<PlannerRun> {
  readonly what: string;
  readonly cpu?: number;
  readonly peak: number;
  /** Milliseconds, bytes. */
  readonly goal: { readonly cpu?: number; readonly peak?: number };
  readonly met: boolean;
}

interface Case {
  readonly what: string;
  readonly args: readonly string[];
  readonly goal: Planner["goal"];
}

const MB = 1_000_000;

const CASES: readonly Case[] = [
  { what: "one repository, 10,000 tags", args: ["plan", "10000"], goal: { cpu: 150 } },
  { what: "one repository, 100,000 tags", args: ["plan", "100000"], goal: { cpu: 2_000, peak: 500 * MB } },
  { what: "2,000 repositories of 500 tags, applied too", args: ["registry", "2000", "500"], goal: { peak: 600 * MB } },
];
const QUICK: readonly Case[] = [
  { what: "one repository, 1,000 tags", args: ["plan", "1000"], goal: {} },
  { what: "50 repositories of 60 tags, applied too", args: ["registry", "50", "60"], goal: {} },
];

/** The planner alone, each time in a new process that has never planned before. */
export async function measurePlanner(quick: boolean): Promise<Planner[]> {
  const scratch = mkdtempSync(path.join(tmpdir(), "planner-"));
  try {
    // Node runs it as it is: a loader would take memory of its own.
    const script = path.join(scratch, "planner-run.js");
    buildSync({
      entryPoints: [path.join(__dirname, "planner-run.ts")],
      outfile: script,
      bundle: true,
      platform: "node",
      target: "node22",
      logLevel: "error",
    });
    const found: Planner[] = [];
    for (const { what, args, goal } of quick ? QUICK : CASES) {
      const { stdout } = await costOf([process.execPath, script, ...args, scratch], process.env);
      // The process is ours: it prints what PlannerRun says.
      const run = JSON.parse(stdout) as PlannerRun;
      if (run.planned === 0 || (args[0] === "registry" && run.deleted !== run.planned)) throw new Error(`${what}: ${stdout}`);
      // Many at a time: their processor time cannot be told from that of the registry's answers.
      const { cpu, ...rest } = run;
      const single = args[0] === "plan";
      const met = (!single || cpu <= (goal.cpu ?? Number.POSITIVE_INFINITY)) && run.peak <= (goal.peak ?? Number.POSITIVE_INFINITY);
      found.push({ what, ...rest, ...(single && { cpu }), goal, met });
    }
    return found;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
