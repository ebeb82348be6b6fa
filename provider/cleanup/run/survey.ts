import { type Detail, type ImageRegistry, RepositoryUnknown } from "../../registries/image-registry";
import { noCounts } from "../plan/counts";
import type { RepositoryPlan } from "../plan/plan";
import { planRepository } from "../plan/plan-repository";
import { type Questions, questions } from "../plan/questions";
import type { CompiledPolicy } from "../policy/compile";
import type { AskedOnce } from "./asked-once";
import { problemOf } from "./problem";
import type { SelectedRepository } from "./repositories";

export interface Surveyor {
  readonly registry: ImageRegistry;
  readonly policy: CompiledPolicy;
  /** Milliseconds since 1970: the same for the whole run, so that the plan does not depend on how long it takes. */
  readonly now: number;
  readonly source: AskedOnce;
  readonly signal?: AbortSignal;
}

export interface Survey {
  readonly plan: RepositoryPlan;
  /** Tags that were read. */
  readonly tags: number;
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
    if (!(error instanceof RepositoryUnknown)) return { plan: emptyPlan(name, problemOf(error)), tags: 0 };
    // The registry lists it and does not know it: it became empty, or was removed since.
    if (!named) return { plan: emptyPlan(name), tags: 0 };
    return { plan: emptyPlan(name, `${problemOf(error)} Correct its name in repositories, or take it out.`), tags: 0 };
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

async function survey({ registry, policy, now, source, signal }: Surveyor, name: string): Promise<Survey> {
  // One variable for all stages of it: of a large repository, an earlier one would be a hundred megabytes.
  let inventory = await registry.inventory(name, signal);
  const tags = inventory.tags.size;
  let asked = questions(inventory, policy, now);
  const answers = await source.answer(asked);
  const known: Known = { dated: new Set(), named: new Set(), referrers: false };
  // What detail brings to light may raise questions of its own; nothing is asked twice, so this ends.
  for (let ask = openQuestions(asked, known); ask; ask = openQuestions(asked, known)) {
    inventory = await registry.detail(inventory, ask, signal);
    for (const digest of ask.created) known.dated.add(digest);
    for (const digest of ask.digests ?? []) known.named.add(digest);
    known.referrers ||= ask.referrers;
    asked = questions(inventory, policy, now);
  }
  const plan = planRepository({ inventory, policy, now, answers });
  if (plan.deletions.length === 0) return { plan, tags };
  // Asked only where something is to go: it takes experiments, and rights that a reader need not have.
  const deletion = await registry.deletion(name, signal);
  const all = deletion.manifest === "supported" && deletion.tag === "supported";
  return { plan: all ? plan : planRepository({ inventory, policy, now, answers, deletion }), tags };
}

/** What was asked for already. */
interface Known {
  readonly dated: Set<string>;
  readonly named: Set<string>;
  referrers: boolean;
}

function openQuestions(asked: Questions, known: Known): Detail | undefined {
  const created = new Set([...asked.created].filter((digest) => !known.dated.has(digest)));
  const digests = new Set([...asked.digests].filter((digest) => !known.named.has(digest)));
  const referrers = asked.referrers && !known.referrers;
  if (created.size === 0 && digests.size === 0 && !referrers) return undefined;
  return { created, referrers, ...(digests.size > 0 && { digests }) };
}
