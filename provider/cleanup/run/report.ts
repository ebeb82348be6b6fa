import type { Deletion } from "../../registries/image-registry";
import type { PlanCounts, ReasonCode } from "../plan/plan";

/** What became of a plan, one for each repository that something was to go from. */
export interface RepositoryReport {
  readonly repository: string;
  /** Why its deletions were not begun or not finished; a failure. */
  readonly problem?: string;
  readonly results: readonly AppliedDeletion[];
  /** Digests deleted, tags removed from digests that stay, failures, and what was left because it had changed. */
  readonly deleted: number;
  readonly untagged: number;
  readonly failed: number;
  readonly changed: number;
  readonly bytesFreed: number;
}

export interface AppliedDeletion {
  readonly deletion: Deletion;
  /** `deleted` includes what was gone already; `kept`: it changed since the plan; `unattempted`: the run was interrupted before. */
  readonly outcome: "deleted" | "kept" | "failed" | "unattempted";
  readonly reason?: ReasonCode;
  readonly message?: string;
  readonly bytes: number;
}

/** The whole run. */
export interface RunReport {
  readonly planned: PlanCounts;
  readonly deleted: number;
  readonly untagged: number;
  readonly failed: number;
  readonly changed: number;
  readonly bytesFreed: number;
  /** Repositories that could not be planned or not finished, with the reason. */
  readonly problems: readonly { readonly repository: string; readonly problem: string }[];
  readonly garbageCollections: readonly { readonly scope: string; readonly problem?: string }[];
  readonly interrupted: boolean;
}
