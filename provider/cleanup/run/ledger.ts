import type { Deletion } from "../../registries/image-registry";
import type { RepositoryPlan } from "../plan/plan";
import type { AppliedDeletion, RepositoryReport } from "./report";

/** What became of a deletion. */
export type Fate = Pick<AppliedDeletion, "outcome" | "reason" | "message">;

/** What names a deletion, whoever made the object. */
export function keyOf(deletion: Deletion): string {
  if (deletion.kind === "manifest") return deletion.digest;
  return deletion.kind === "tag" ? `${deletion.tag} ${deletion.digest}` : deletion.tag;
}

/** The deletions of a repository's plan and what became of each. */
export class Ledger {
  private readonly fates = new Map<string, Fate>();
  private readonly planned: ReadonlyMap<string, Deletion>;

  constructor(private readonly plan: RepositoryPlan) {
    this.planned = new Map(plan.deletions.map((deletion) => [keyOf(deletion), deletion]));
  }

  /** What nothing has become of yet, in the plan's order. */
  pending(): Deletion[] {
    return this.plan.deletions.filter((deletion) => !this.fates.has(keyOf(deletion)));
  }

  isPending(deletion: Deletion): boolean {
    const key = keyOf(deletion);
    return this.planned.has(key) && !this.fates.has(key);
  }

  /** Those of a list that are pending at the moment when they are asked for. Each is passed over once only, however often one asks. */
  open(deletions: readonly Deletion[]): Iterable<Deletion> {
    let first = 0;
    const isPending = (deletion: Deletion | undefined) => deletion !== undefined && this.isPending(deletion);
    return {
      *[Symbol.iterator]() {
        while (first < deletions.length && !isPending(deletions[first])) first += 1;
        for (let next = first; next < deletions.length; next += 1) {
          const deletion = deletions[next];
          if (deletion !== undefined && isPending(deletion)) yield deletion;
        }
      },
    };
  }

  /** The last word counts: what was thought to be deleted may turn out to be there. */
  settle(deletion: Deletion, fate: Fate): void {
    const key = keyOf(deletion);
    if (this.planned.has(key)) this.fates.set(key, fate);
  }

  settleAll(deletions: readonly Deletion[], fate: Fate): void {
    for (const deletion of deletions) this.settle(deletion, fate);
  }

  with(outcome: Fate["outcome"]): Deletion[] {
    return this.plan.deletions.filter((deletion) => this.fates.get(keyOf(deletion))?.outcome === outcome);
  }

  /** How many have a fate. */
  get settled(): number {
    return this.fates.size;
  }

  get complete(): boolean {
    return this.fates.size >= this.planned.size;
  }

  report(problem?: string): RepositoryReport {
    const bytes = new Map(this.plan.images.map((image) => [image.digest, image.bytes]));
    const results = this.plan.deletions.map((deletion): AppliedDeletion => {
      const fate = this.fates.get(keyOf(deletion)) ?? { outcome: "unattempted" as const };
      const freed = fate.outcome === "deleted" && deletion.kind === "manifest" ? (bytes.get(deletion.digest) ?? 0) : 0;
      return { deletion, ...fate, bytes: freed };
    });
    const count = (is: (result: AppliedDeletion) => boolean) => results.filter(is).length;
    return {
      repository: this.plan.repository,
      ...(problem !== undefined && { problem }),
      results,
      deleted: count(({ outcome, deletion }) => outcome === "deleted" && deletion.kind === "manifest"),
      untagged: count(({ outcome, deletion }) => outcome === "deleted" && deletion.kind !== "manifest"),
      failed: count(({ outcome }) => outcome === "failed"),
      changed: count(({ outcome, reason }) => outcome === "kept" && reason === "changed-since-plan"),
      bytesFreed: results.reduce((sum, result) => sum + result.bytes, 0),
    };
  }
}
