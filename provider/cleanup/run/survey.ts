import { type ImageRegistry, RepositoryUnknown } from "../../registries/image-registry";
import { noCounts } from "../plan/counts";
import type { RepositoryDifference } from "../plan/difference";
import type { RepositoryPlan } from "../plan/plan";
import type { CompiledPolicy } from "../policy/compile";
import type { AskedOnce } from "./asked-once";
import { beside } from "./beside";
import type { Comparison } from "./comparison";
import { problemOf } from "./problem";
import { Reading } from "./reading";
import type { SelectedRepository } from "./repositories";

export interface Surveyor {
  readonly registry: ImageRegistry;
  readonly policy: CompiledPolicy;
  /** Milliseconds since 1970: the same for the whole run, so that the plan does not depend on how long it takes. */
  readonly now: number;
  readonly source: AskedOnce;
  /** A second policy. The plan does not depend on it, nor on what goes wrong with it. */
  readonly comparison?: Comparison;
  readonly signal?: AbortSignal;
}

export interface Survey {
  readonly plan: RepositoryPlan;
  /** Tags that were read. */
  readonly tags: number;
  /** What a comparison has to tell. */
  readonly difference?: RepositoryDifference;
}

/**
 * Reads a repository as far as the policy needs it, and plans it. What cannot be read is a plan with a problem, in which nothing goes, so that
 * other repositories go on. Throws only when the signal has ended the run.
 */
export async function surveyRepository(surveyor: Surveyor, { name, named }: SelectedRepository): Promise<Survey> {
  try {
    return await survey(surveyor, name);
  } catch (error) {
    if (surveyor.signal?.aborted) throw error;
    if (!(error instanceof RepositoryUnknown)) return unread(surveyor, name, problemOf(error));
    // The registry lists it and does not know it: it became empty, or was removed since.
    if (!named) return { plan: emptyPlan(name), tags: 0 };
    return unread(surveyor, name, `${problemOf(error)} Correct its name in repositories, or take it out.`);
  }
}

/** Nothing in it. */
export const emptyPlan = (repository: string, problem?: string): RepositoryPlan => ({
  repository,
  ...(problem !== undefined && { problem }),
  warnings: [],
  images: [],
  dangling: [],
  deletions: [],
  counts: noCounts,
});

const unread = ({ comparison }: Surveyor, name: string, problem: string): Survey => ({
  plan: emptyPlan(name, problem),
  tags: 0,
  ...(comparison && { difference: comparison.unread(name, problem) }),
});

async function survey({ registry, policy, now, source, comparison, signal }: Surveyor, name: string): Promise<Survey> {
  const reading = await Reading.begin(registry, name, signal);
  const { tags } = reading;
  const rules = { policy, now };
  const answers = await reading.answers(rules, source);
  const pruning = tags > 0 ? await registry.pruning?.(name, signal) : undefined;
  const plan = await reading.plan(rules, answers);
  const difference = await comparison?.ofPlanned(reading, plan);
  return { plan: beside(plan, pruning), tags, ...(difference && { difference }) };
}
