import type { PlanCounts } from "../../provider/cleanup/plan/plan";
import type { RunReport } from "../../provider/cleanup/run/report";
import { AppliedLists } from "./applied-lists";
import type { OutputName } from "./declaration";
import { partialCounts } from "./partial";
import type { Review } from "./review";

/** What is known of the run so far. Whenever it ends, the outputs say that. */
export class Results {
  planPath = "";
  reportPath = "";
  planned: PlanCounts | undefined;
  run: RunReport | undefined;
  /** On a pull request that may change the policy: how it differs from the one that it is to replace. */
  review: Review | undefined;
  readonly lists = new AppliedLists();
  /** Why the run has failed, a sentence each. */
  readonly failures: string[] = [];
  readonly warnings = new Set<string>();
  readonly #redact: (text: string) => string;

  constructor(redact: (text: string) => string) {
    this.#redact = redact;
  }

  fail(...texts: readonly string[]): void {
    this.failures.push(...texts.map(this.#redact));
  }

  warn(text: string): void {
    this.warnings.add(this.#redact(text));
  }

  outputs(): Record<OutputName, string> {
    const { planned, run } = this;
    const { deleted, untagged, failed } = run ?? partialCounts(this.reportPath);
    return {
      "deleted-count": `${deleted}`,
      "untagged-count": `${untagged}`,
      "failed-count": `${failed}`,
      "kept-count": `${(planned?.kept ?? 0) + (run ? this.lists.survivors : 0)}`,
      "would-delete-count": `${planned?.digests ?? 0}`,
      "bytes-freed": `${run?.bytesFreed ?? 0}`,
      changed: `${deleted + untagged > 0}`,
      deleted: `${this.lists.deleted}`,
      failed: `${this.lists.failed}`,
      "plan-path": this.planPath,
      "report-path": this.reportPath,
    };
  }
}
