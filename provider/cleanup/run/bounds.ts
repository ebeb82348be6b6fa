import { addCounts, noCounts } from "../plan/counts";
import type { RepositoryPlan } from "../plan/plan";
import type { Bounds } from "../policy/policy";
import { PolicyError } from "../policy/policy-error";

/** A bound that a plan exceeds. */
export interface Excess {
  readonly bound: "max-deletions" | "max-deletions-percent";
  /** For `max-deletions-percent`: where. */
  readonly repository?: string;
  /** What counts of the plan: root digests and removed tags; for the percentage, roots that have a tag. */
  readonly planned: number;
  /** All roots of the run; for the percentage, all roots of the repository that have a tag. */
  readonly total: number;
  /** Of `total`: the roots that would go. */
  readonly percent: number;
  readonly limit: number;
  /** One sentence for people. */
  readonly text: string;
}

export interface BoundsVerdict {
  /** Empty: the plan keeps within its bounds. Of many repositories the first `shown`. */
  readonly excesses: readonly Excess[];
  /** Repositories over the percentage that are not among `excesses`. */
  readonly more: number;
}

/** A plan exceeds its bounds: nothing was deleted anywhere. */
export class BoundsExceeded extends Error {
  override readonly name = "BoundsExceeded";

  constructor(readonly verdict: BoundsVerdict) {
    super(boundsMessage(verdict));
  }
}

const shown = 10;

/**
 * Holds a plan against its bounds, a repository at a time, since a plan may be larger than memory. `max-deletions` counts root digests and
 * removed tags over the whole run; what follows its root (children, referrers, signatures) does not count. `max-deletions-percent` is a
 * share of the roots with a tag in any one repository. A number that is none exceeds everything.
 */
export class BoundsCheck {
  private counts = noCounts;
  private repositories = 0;
  private readonly percentages: Excess[] = [];
  private more = 0;

  constructor(private readonly bounds: Bounds) {}

  add({ repository, counts }: Pick<RepositoryPlan, "repository" | "counts">): void {
    this.repositories += 1;
    this.counts = addCounts(this.counts, counts);
    const { doomedTaggedRoots: planned, taggedRoots: total } = counts;
    const limit = this.bounds.maxDeletionsPercent;
    // Not `>`: a comparison with NaN must not let it pass.
    if (planned === 0 || planned * 100 <= limit * total) return;
    if (this.percentages.length === shown) {
      this.more += 1;
      return;
    }
    const percent = percentage(planned, total);
    const text = `In ${repository} ${number(planned)} of ${images(total, "tagged ")} would go (${percent} %); max-deletions-percent allows ${limit} %.`;
    this.percentages.push({ bound: "max-deletions-percent", repository, planned, total, percent, limit, text });
  }

  verdict(): BoundsVerdict {
    const { roots, untagged, kept } = this.counts;
    const planned = roots + untagged;
    const limit = this.bounds.maxDeletions;
    const over = planned > 0 && !(planned <= limit);
    return {
      excesses: [...(over ? [this.tooMany(planned, roots, untagged, roots + kept, limit)] : []), ...this.percentages],
      more: this.more,
    };
  }

  private tooMany(planned: number, roots: number, untagged: number, total: number, limit: number): Excess {
    const percent = percentage(roots, total);
    const what = `${number(planned)} deletions are planned in ${count(this.repositories, "repository", "repositories")}`;
    const parts = `${number(roots)} of ${images(total)} (${percent} %) and ${count(untagged, "tag", "tags")} of images that stay`;
    const text = `${what}: ${parts}; max-deletions allows ${number(limit)}.`;
    return { bound: "max-deletions", planned, total, percent, limit, text };
  }
}

/** Throws PolicyError for bounds that are none. */
export function expectBounds({ maxDeletions, maxDeletionsPercent }: Bounds): void {
  if (!Number.isSafeInteger(maxDeletions) || maxDeletions < 0) {
    throw new PolicyError("max-deletions", `${maxDeletions} is not a number of deletions. Give a whole number from 0 on.`);
  }
  if (!(maxDeletionsPercent >= 0 && maxDeletionsPercent <= 100)) {
    throw new PolicyError("max-deletions-percent", `${maxDeletionsPercent} is not a percentage. Give a number from 0 to 100.`);
  }
}

/** The whole plan at once, where it is in memory anyway. */
export function checkBounds(bounds: Bounds, plans: Iterable<Pick<RepositoryPlan, "repository" | "counts">>): BoundsVerdict {
  const check = new BoundsCheck(bounds);
  for (const plan of plans) check.add(plan);
  return check.verdict();
}

/** What is exceeded, that nothing was deleted, and what to do. */
export function boundsMessage({ excesses, more }: BoundsVerdict): string {
  const texts = excesses.map(({ text }) => text);
  if (more > 0) texts.push(`The same holds for ${count(more, "more repository", "more repositories")}.`);
  return `More is planned than the bounds allow, so nothing is deleted anywhere. ${texts.join(" ")} Look at the plan; if it is right, raise ${[
    ...new Set(excesses.map(({ bound }) => bound)),
  ].join(" and ")}.`;
}

const number = (value: number) => value.toLocaleString("en-US");
const count = (value: number, one: string, many: string) => `${number(value)} ${value === 1 ? one : many}`;
const images = (value: number, what = "") => count(value, `${what}image`, `${what}images`);

/** Rounded to one digit, but never to the limit's side: 50.01 % is more than 50 %. */
function percentage(part: number, total: number): number {
  if (total === 0) return 0;
  return Math.ceil((part / total) * 1000) / 10;
}
