import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noCounts } from "../../../provider/cleanup/plan/counts";
import { type ImagePlan, type PlanEnd, type PlanHeader, planVersion, type RepositoryPlan } from "../../../provider/cleanup/plan/plan";
import { PlanWriter, planLine } from "../../../provider/cleanup/run/plan-writer";
import { PlanTotals } from "../../../provider/cleanup/run/totals";
import { digestOf } from "../model";

/** A folder for a test file's files, which goes with it. */
export function folder(): (name: string) => string {
  const path = mkdtempSync(join(tmpdir(), "cleanup-run-"));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return (name) => join(path, name);
}

export const header = (changes: Partial<PlanHeader> = {}): PlanHeader => ({
  plan: planVersion,
  registry: { type: "simulated", name: "registry.example.com" },
  createdAt: "2026-11-15T12:00:00.000Z",
  bounds: { maxDeletions: 1000, maxDeletionsPercent: 50 },
  minKeep: 1,
  minAge: 0,
  allowPlaceholderUntag: false,
  ...changes,
});

/** A plan in which these tagged images go, out of so many. */
export function goes(repository: string, names: readonly string[], taggedRoots = 2 * names.length): RepositoryPlan {
  const images = names.map((name): ImagePlan => {
    const reason = { code: "selected", text: "selected by rule" } as const;
    const tags = [{ tag: name, action: "delete", reason }] as const;
    return { digest: digestOf(name), role: "root", kind: "image", action: "delete", reason, tags, bytes: 10 };
  });
  const roots = names.length;
  return {
    repository,
    warnings: [],
    images,
    dangling: [],
    deletions: names.map((name) => ({ kind: "manifest", digest: digestOf(name), tags: [name] })),
    counts: {
      ...noCounts,
      taggedRoots,
      doomedTaggedRoots: roots,
      roots,
      digests: roots,
      kept: taggedRoots - roots,
      bytesFreed: 10 * roots,
    },
  };
}

/** Writes a plan as a run does. */
export async function write(file: string, plans: readonly RepositoryPlan[], head = header()): Promise<PlanEnd> {
  const writer = await PlanWriter.create(file, head);
  const totals = new PlanTotals(head.bounds);
  for (const plan of plans) {
    await writer.write(planLine(plan), { ...plan, deletions: plan.deletions.length });
    totals.add(plan);
  }
  return writer.finish(totals.end);
}
