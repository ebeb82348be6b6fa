import type { PlanCounts, RepositoryPlan } from "../../provider/cleanup/plan/plan";
import type { RepositoryReport } from "../../provider/cleanup/run/report";
import { bytes } from "./bytes";
import { grouped } from "./counted";
import { code, tableHead, tableRow } from "./markdown";

/** The table that has a row for each repository. */
export interface RepositoryTable {
  readonly head: string;
  row(plan: RepositoryPlan, report: RepositoryReport | undefined): string;
  total(counts: PlanCounts, report: Pick<RepositoryReport, "deleted" | "untagged" | "failed" | "bytesFreed"> | undefined): string;
}

const right = (count: number) => Array.from({ length: count }, () => "right" as const);

/** What would go. */
export const plannedTable: RepositoryTable = {
  head: tableHead(["repository", "stay", "go", "digests", "tags removed", "protected", "bytes kept", "bytes freed"], ["left", ...right(7)]),
  row: (plan) => tableRow([name(plan), ...planned(plan.counts)]),
  total: (counts) => tableRow(["**all**", ...planned(counts)]),
};

/** What went. */
export const appliedTable: RepositoryTable = {
  head: tableHead(
    ["repository", "stay", "digests deleted", "tags removed", "failed", "protected", "bytes kept", "bytes freed"],
    ["left", ...right(7)],
  ),
  row: (plan, report) => tableRow([name(plan, report), ...applied(plan.counts, report)]),
  total: (counts, report) => tableRow(["**all**", ...applied(counts, report)]),
};

const planned = (counts: PlanCounts): string[] => [
  grouped(counts.kept),
  grouped(counts.roots),
  grouped(counts.digests),
  grouped(counts.untagged),
  grouped(counts.blocked),
  bytes(counts.bytesKept),
  bytes(counts.bytesFreed),
];

const applied = (counts: PlanCounts, report: Parameters<RepositoryTable["total"]>[1]): string[] => [
  grouped(counts.kept),
  grouped(report?.deleted ?? 0),
  grouped(report?.untagged ?? 0),
  grouped(report?.failed ?? 0),
  grouped(counts.blocked),
  bytes(counts.bytesKept),
  bytes(report?.bytesFreed ?? 0),
];

const name = (plan: RepositoryPlan, report?: RepositoryReport): string =>
  plan.problem === undefined && report?.problem === undefined ? code(plan.repository) : `❌ ${code(plan.repository)}`;
