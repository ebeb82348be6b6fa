import type { RepositoryPlan } from "../../provider/cleanup/plan/plan";
import type { RepositoryReport } from "../../provider/cleanup/run/report";
import { CutArray } from "./cut";
import { deletionKey, reasonsOf } from "./tally";

/** The outputs `deleted` and `failed`. */
export class AppliedLists {
  readonly deleted = new CutArray();
  readonly failed = new CutArray();
  /** Roots that were to go and are still there. */
  survivors = 0;

  add(plan: RepositoryPlan, report: RepositoryReport | undefined): void {
    const { repository } = plan;
    const roots = new Set(plan.images.filter(({ role, action }) => role === "root" && action === "delete").map(({ digest }) => digest));
    if (report === undefined || report.results.length === 0) {
      this.survivors += roots.size;
      return;
    }
    const reasons = reasonsOf(plan);
    for (const { deletion, outcome, message, bytes } of report.results) {
      if (outcome !== "deleted" && deletion.kind === "manifest" && roots.has(deletion.digest)) this.survivors++;
      if (outcome !== "deleted" && outcome !== "failed") continue;
      const reason = reasons.get(deletionKey(deletion)) ?? "";
      const tags = deletion.kind === "manifest" ? deletion.tags : [deletion.tag];
      const digest = deletion.kind === "dangling" ? "" : deletion.digest;
      if (outcome === "deleted") this.deleted.add({ repository, digest, tags, reason, bytes });
      else this.failed.add({ repository, digest, tags, reason, bytes, message: message ?? "" });
    }
  }
}
