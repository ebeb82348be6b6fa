import type { PlanCounts } from "../../provider/cleanup/plan/plan";
import type { RunReport } from "../../provider/cleanup/run/report";
import { bytes } from "./bytes";
import { counted } from "./counted";

export interface Facts {
  readonly counts: PlanCounts;
  readonly dryRun: boolean;
  /** What became of the plan, if it was applied. */
  readonly run: RunReport | undefined;
}

/** What it all came to, in one line. No text of a registry is in it. */
export function headline({ counts, dryRun, run }: Facts): string {
  if (run) return `Cleanup: ${done(run)}`;
  const { digests, untagged, bytesFreed } = counts;
  const start = dryRun ? "Dry run" : "Cleanup stopped before the first deletion";
  if (digests + untagged === 0) return `${start}: nothing would be deleted`;
  return `${start}: ${went({ deleted: "would delete", untagged: "would remove" }, { deleted: digests, untagged })}, ${bytes(bytesFreed)} freed`;
}

function done(run: RunReport): string {
  const what =
    run.deleted + run.untagged === 0
      ? "nothing was deleted"
      : `${went({ deleted: "deleted", untagged: "removed" }, run)}, ${bytes(run.bytesFreed)} freed`;
  const rest = [
    ...(run.failed > 0 ? [`${counted(run.failed, "deletion")} failed`] : []),
    ...(run.changed > 0 ? [`${counted(run.changed, "deletion")} left out because of changes since the plan`] : []),
    ...(run.interrupted ? ["interrupted"] : []),
  ];
  return [what, ...rest].join("; ");
}

/** `deleted 3 digests and removed 1 tag`. */
function went(
  words: { readonly deleted: string; readonly untagged: string },
  { deleted, untagged }: Pick<RunReport, "deleted" | "untagged">,
): string {
  const parts = [
    ...(deleted > 0 ? [`${words.deleted} ${counted(deleted, "digest")}`] : []),
    ...(untagged > 0 ? [`${words.untagged} ${counted(untagged, "tag")}`] : []),
  ];
  return parts.join(" and ");
}
