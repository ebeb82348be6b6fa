/** Plans and reports as plain data, for what is shown of them. */
import { createHash } from "node:crypto";
import { noCounts } from "../../provider/cleanup/plan/counts";
import type { ImagePlan, PlanCounts, PlanEnd, PlanHeader, RepositoryPlan } from "../../provider/cleanup/plan/plan";
import type { RepositoryReport, RunReport } from "../../provider/cleanup/run/report";

export const digestOf = (name: string): string => `sha256:${createHash("sha256").update(name).digest("hex")}`;

export const header: PlanHeader = {
  plan: 1,
  registry: { type: "oci", name: "registry.example.com" },
  createdAt: "2026-11-15T12:00:00.000Z",
  bounds: { maxDeletions: 1_000, maxDeletionsPercent: 50 },
  minKeep: 1,
  minAge: 86_400_000,
  allowPlaceholderUntag: false,
};

export interface Given {
  readonly repository?: string;
  /** Tags of images that go, and of images that stay. */
  readonly gone?: readonly string[];
  readonly kept?: readonly string[];
  readonly reason?: string;
}

/** A plan in which each tag is an image of its own, of 1,000 bytes. */
export function repositoryPlan({ repository = "team/app", gone = [], kept = [], reason = "because" }: Given = {}): RepositoryPlan {
  const image = (tag: string, action: ImagePlan["action"]): ImagePlan => ({
    digest: digestOf(tag),
    role: "root",
    kind: "image",
    action,
    reason: { code: action === "keep" ? "newest" : "selected", text: reason },
    tags: [{ tag, action, reason: { code: "selected", text: reason } }],
    created: "2026-01-02T03:04:05.000Z",
    bytes: 1_000,
  });
  return {
    repository,
    warnings: [],
    images: [...gone.map((tag) => image(tag, "delete")), ...kept.map((tag) => image(tag, "keep"))],
    dangling: [],
    deletions: gone.map((tag) => ({ kind: "manifest", digest: digestOf(tag), tags: [tag] })),
    counts: {
      ...noCounts,
      taggedRoots: gone.length + kept.length,
      doomedTaggedRoots: gone.length,
      roots: gone.length,
      digests: gone.length,
      kept: kept.length,
      bytesKept: kept.length * 1_000,
      bytesFreed: gone.length * 1_000,
    },
  };
}

export function endOf(plans: readonly RepositoryPlan[]): PlanEnd {
  const counts = { ...noCounts };
  for (const plan of plans) for (const key of Object.keys(counts) as (keyof PlanCounts)[]) counts[key] += plan.counts[key]; // its keys
  return { end: true, repositories: plans.length, problems: 0, counts, checksum: digestOf("end") };
}

/** What became of a plan: everything went but what `fates` says. */
export function reportOf(
  plan: RepositoryPlan,
  fates: Readonly<Record<string, RepositoryReport["results"][number]["outcome"]>> = {},
): RepositoryReport {
  const results = plan.deletions.map((deletion) => {
    const outcome = fates[deletion.kind === "manifest" ? (deletion.tags[0] ?? "") : deletion.tag] ?? "deleted";
    const message = outcome === "failed" ? { message: "the server said no" } : {};
    return { deletion, outcome, ...message, bytes: outcome === "deleted" ? 1_000 : 0 };
  });
  const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
  return {
    repository: plan.repository,
    results,
    deleted: count("deleted"),
    untagged: 0,
    failed: count("failed"),
    changed: count("kept"),
    bytesFreed: count("deleted") * 1_000,
  };
}

export function runOf(plans: readonly RepositoryPlan[], reports: readonly RepositoryReport[]): RunReport {
  const sum = (key: "deleted" | "untagged" | "failed" | "changed" | "bytesFreed") =>
    reports.reduce((total, report) => total + report[key], 0);
  return {
    planned: endOf(plans).counts,
    deleted: sum("deleted"),
    untagged: sum("untagged"),
    failed: sum("failed"),
    changed: sum("changed"),
    bytesFreed: sum("bytesFreed"),
    problems: [],
    garbageCollections: [],
    interrupted: false,
  };
}
