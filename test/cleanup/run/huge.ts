/**
 * Plans and applies a cleanup of a registry of any size, in this process: `tsx huge.ts <folder> <repositories> <tags of each>`.
 * Half of all goes. Prints one line of JSON: what it took.
 */
import { join } from "node:path";
import { applyPlan } from "../../../provider/cleanup/run/apply-plan";
import { writePlan } from "../../../provider/cleanup/run/write-plan";
import { emptyPolicy, ruleOf } from "../arbitraries";
import { HugeRegistry } from "../huge-registry";
import { modelNow } from "../model";

export interface Huge {
  readonly planned: number;
  readonly deleted: number;
  readonly failed: number;
  /** Bytes. */
  readonly peak: number;
  /** Milliseconds. */
  readonly planning: number;
  readonly applying: number;
}

async function main([folder = "", repositories = "", tags = ""]: readonly string[]): Promise<void> {
  const registry = new HugeRegistry({ repositories: Number(repositories), tags: Number(tags) });
  const policy = {
    ...emptyPolicy,
    rules: [ruleOf({ keepNewest: Number(tags) / 2 })],
    bounds: { maxDeletions: Number.MAX_SAFE_INTEGER, maxDeletionsPercent: 50 },
  };
  const planFile = join(folder, "plan.jsonl");
  const now = () => modelNow;
  const begun = performance.now();
  const { end } = await writePlan({ registry, policy, planFile, now });
  const planned = performance.now();
  const { deleted, failed } = await applyPlan({ registry, planFile, reportFile: join(folder, "report.jsonl"), now });
  const result: Huge = {
    planned: end.counts.digests,
    deleted,
    failed,
    // Kilobytes on every system that Node runs on.
    peak: process.resourceUsage().maxRSS * 1024,
    planning: Math.round(planned - begun),
    applying: Math.round(performance.now() - planned),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

void main(process.argv.slice(2));
