import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { buildSync } from "esbuild";
import type { Huge } from "../../cleanup/run/huge";
import { costOf } from "./cost";
import type { PlannerRun } from "./planner-run";

export interface Planner {
  readonly registry: string;
  /** Digests that go by the plan. */
  readonly planned: number;
  /** Digests that went, where the plan was applied. */
  readonly deleted?: number;
  /** Milliseconds of processor time without the registry's. Undefined where they cannot be told apart: it is asked several things at a time. */
  readonly cpu?: number;
  /** Milliseconds of processor time before it began: Node's start, and making the simulated registry's contents. */
  readonly before?: number;
  /** Bytes that the process held at most, the simulated registry included. */
  readonly peak: number;
  /** Milliseconds, bytes. */
  readonly goal: { readonly cpu?: number; readonly peak?: number };
  readonly met: boolean;
}

type Case = Pick<Planner, "registry" | "goal"> & ({ readonly tags: number } | { readonly repositories: number; readonly each: number });

const MB = 1_000_000;

const CASES: readonly Case[] = [
  { registry: "one repository, 10,000 tags", tags: 10_000, goal: { cpu: 150 } },
  { registry: "one repository, 100,000 tags", tags: 100_000, goal: { cpu: 2_000, peak: 500 * MB } },
  { registry: "2,000 repositories of 500 tags, applied too", repositories: 2_000, each: 500, goal: { peak: 600 * MB } },
];
const QUICK: readonly Case[] = [
  { registry: "one repository, 1,000 tags", tags: 1_000, goal: {} },
  { registry: "50 repositories of 20 tags, applied too", repositories: 50, each: 20, goal: {} },
];

/** The planner alone, each time in a new process that has never planned before. */
export async function measurePlanner(quick: boolean): Promise<Planner[]> {
  const scratch = mkdtempSync(path.join(tmpdir(), "planner-"));
  try {
    const one = build(path.join(__dirname, "planner-run.ts"), scratch);
    const huge = build(path.join(__dirname, "..", "..", "cleanup", "run", "huge.ts"), scratch);
    const found: Planner[] = [];
    for (const { registry, goal, ...size } of quick ? QUICK : CASES) {
      // The processes are ours: they print what these types say.
      if ("tags" in size) {
        const run: PlannerRun = JSON.parse(await printed([one, scratch, String(size.tags)]));
        found.push({ registry, ...run, goal, met: isWithin(run.cpu, goal.cpu) && isWithin(run.peak, goal.peak) });
      } else {
        const run: Huge = JSON.parse(await printed([huge, scratch, String(size.repositories), String(size.each)]));
        const { planned, deleted, peak } = run;
        found.push({ registry, planned, deleted, peak, goal, met: isWithin(peak, goal.peak) && deleted === planned });
      }
    }
    return found;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const isWithin = (value: number, goal = Number.POSITIVE_INFINITY): boolean => value <= goal;

/** As one file that Node runs as it is: a loader would take memory of its own. */
function build(entry: string, folder: string): string {
  const outfile = path.join(folder, `${path.basename(entry, ".ts")}.js`);
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: "node", target: "node22", logLevel: "error" });
  return outfile;
}

const printed = async (args: readonly string[]): Promise<string> => (await costOf([process.execPath, ...args], process.env)).stdout;
