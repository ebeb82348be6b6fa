import { addCounts, noCounts } from "../plan/counts";
import type { PlanCounts, PlanEnd, RepositoryPlan } from "../plan/plan";
import type { Bounds } from "../policy/policy";
import { BoundsCheck, type BoundsVerdict } from "./bounds";

export interface RepositoryProblem {
  readonly repository: string;
  readonly problem: string;
}

/** What a plan comes to, summed up while its repositories stream by. */
export class PlanTotals {
  counts: PlanCounts = noCounts;
  readonly problems: RepositoryProblem[] = [];
  private repositories = 0;
  private readonly check: BoundsCheck;

  constructor(bounds: Bounds) {
    this.check = new BoundsCheck(bounds);
  }

  add({ repository, problem, counts }: Pick<RepositoryPlan, "repository" | "problem" | "counts">): void {
    this.repositories += 1;
    this.counts = addCounts(this.counts, counts);
    this.check.add({ repository, counts });
    if (problem !== undefined) this.problems.push({ repository, problem });
  }

  get end(): Omit<PlanEnd, "end" | "checksum"> {
    return { repositories: this.repositories, problems: this.problems.length, counts: this.counts };
  }

  get bounds(): BoundsVerdict {
    return this.check.verdict();
  }
}
