import type { PlanCounts } from "../../provider/cleanup/plan/plan";

/** `error`: something failed. `blocked`: or something was protected against its rule. `changes`: or the plan is not empty. `never`. */
export type FailOn = "error" | "blocked" | "changes" | "never";

/** Whether the step fails, and why if nothing failed by itself. An interruption and inputs that cannot be meant fail it always. */
export function verdict(
  failOn: FailOn,
  facts: {
    readonly failed: boolean;
    readonly changed: number;
    readonly planned: Pick<PlanCounts, "digests" | "untagged" | "blocked"> | undefined;
  },
): { readonly fails: boolean; readonly reason?: string } {
  if (failOn === "never") return { fails: false };
  if (facts.failed) return { fails: true };
  const blocked = (facts.planned?.blocked ?? 0) + facts.changed;
  const changes = (facts.planned?.digests ?? 0) + (facts.planned?.untagged ?? 0);
  if (failOn === "blocked" && blocked > 0)
    return { fails: true, reason: `${blocked} were protected against their rule, and fail-on is blocked.` };
  if (failOn === "changes" && changes > 0)
    return { fails: true, reason: `The plan is not empty (${changes} deletions), and fail-on is changes.` };
  return { fails: false };
}
