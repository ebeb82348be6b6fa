import type { ImageRegistry } from "../../registries/image-registry";
import { type PlanHeader, planVersion, type RepositoryPlan } from "../plan/plan";
import type { SourceControl } from "../plan/source-control";
import { compilePolicy } from "../policy/compile";
import type { Policy } from "../policy/policy";
import { AskedOnce } from "./asked-once";
import { expectBounds } from "./bounds";
import { readOnce } from "./catalog";
import type * as Comparisons from "./comparison";
import { inOrder } from "./in-order";
import { Interrupted, problemOf } from "./problem";
import type { OnProgress } from "./progress";
import { type SelectedRepository, selectRepositories } from "./repositories";
import { formatShard, type Shard } from "./shard";
import { emptyPlan, type Survey, surveyRepository } from "./survey";

export interface PlanOptions {
  readonly registry: ImageRegistry;
  readonly policy: Policy;
  /** This job's share of the repositories. Default: all. */
  readonly shard?: Shard;
  /** Repositories that are read at a time. Default 8. */
  readonly concurrency?: number;
  /** Milliseconds since 1970. Asked once: the whole plan is made for that moment. */
  readonly now: () => number;
  /** For pull-request-tags and branch-tags. Without it their tags stay, and the plan says so. */
  readonly answers?: SourceControl;
  /**
   * A second policy, for reviews: what the first one would delete and it keeps, and the reverse. Both are planned on the same inventories.
   * The plan does not depend on it, nor on what goes wrong with it.
   */
  readonly compare?: Comparisons.CompareOptions;
  /** Ends the run after the requests in flight: Interrupted is thrown. */
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Warnings, one line each. They may hold what a registry says: escape them for the place where they are shown. */
  readonly log?: (line: string) => void;
}

/** The plan of a registry while it is being made. */
export interface SurveyOfAll {
  readonly header: PlanHeader;
  /** What concerns no single repository: patterns that match nothing. */
  readonly warnings: readonly string[];
  /** What source control did not tell; final when all plans have come. */
  readonly unanswered: () => string | undefined;
  /** The plans in the repositories' order, each brought into its form as soon as it is made: what waits for its turn should be small. */
  plans<T>(form: (plan: RepositoryPlan) => T): AsyncGenerator<T, void, undefined>;
}

/** Selects the repositories. Throws PolicyError before anything is asked, and the registry's error if it cannot list its repositories. */
export async function surveyAll(options: PlanOptions): Promise<SurveyOfAll> {
  const { registry, shard, signal, log = () => {}, onProgress = () => {} } = options;
  const policy = compilePolicy(options.policy);
  expectBounds(options.policy.bounds);
  const now = options.now();
  const source = new AskedOnce(options.answers, log);
  const comparison = options.compare && comparing().open(options.compare, { registry, now, source, shard, signal, log });
  const catalog = comparison ? readOnce(registry) : registry;
  const { repositories, warnings } = await interruptible(signal, selectRepositories(catalog, options.policy.repositories, options));
  for (const warning of warnings) log(warning);
  const others = (await interruptible(signal, comparison?.others(repositories, catalog))) ?? [];
  onProgress({ kind: "selected", repositories: repositories.length + others.length });
  const survey = async (selected: Selected, own: AbortSignal): Promise<Partial<Survey>> =>
    selected.comparison
      ? selected.comparison.ofOther(selected, own).then((difference) => (difference ? { difference } : {}))
      : surveyRepository({ registry, policy, now, source, ...(comparison && { comparison }), signal: own }, selected);
  const selected = comparison ? merged(repositories, others, comparison) : repositories;
  return {
    header: headerOf(options, now),
    warnings,
    unanswered: () => source.unanswered,
    plans: (form) => plansOf(options, selected, survey, form),
  };
}

/** Loaded only where policies are compared. */
const comparing = (): typeof Comparisons => require("./comparison") as typeof Comparisons;

interface Selected extends SelectedRepository {
  /** Only the second policy is about it. */
  readonly comparison?: Comparisons.Comparison;
}

/** Sorted by name, as both lists are. */
function merged(
  repositories: readonly SelectedRepository[],
  others: readonly SelectedRepository[],
  comparison: Comparisons.Comparison,
): readonly Selected[] {
  const all = [...repositories, ...others.map((other) => ({ ...other, comparison }))];
  return others.length === 0 ? repositories : all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function* plansOf<T>(
  { compare, signal, concurrency = 8, onProgress = () => {} }: PlanOptions,
  repositories: readonly Selected[],
  survey: (selected: Selected, signal: AbortSignal) => Promise<Partial<Survey>>,
  form: (plan: RepositoryPlan) => T,
): AsyncGenerator<T, void, undefined> {
  let done = 0;
  let tags = 0;
  const work = async (selected: Selected, own: AbortSignal) => {
    own.throwIfAborted();
    const { plan, tags: read = 0, difference } = await survey(selected, own);
    done += 1;
    tags += read;
    const told = plan?.problem === undefined ? {} : { problem: plan.problem };
    const progress = { repository: selected.name, done, total: repositories.length, tags, deletions: plan?.deletions.length ?? 0 };
    onProgress({ kind: "planned", ...progress, ...told });
    return { planned: plan && { form: formed(plan, form) }, difference };
  };
  try {
    for await (const { planned, difference } of inOrder(repositories, { limit: concurrency, signal }, work)) {
      if (difference) compare?.onDifference(difference);
      if (planned) yield planned.form;
    }
  } catch (error) {
    throw signal?.aborted ? interrupted(error) : error;
  }
}

/** A plan that does not fit into a line (V8 holds 512 MB of text) is a problem of its repository alone. */
function formed<T>(plan: RepositoryPlan, form: (plan: RepositoryPlan) => T): T {
  try {
    return form(plan);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return form(emptyPlan(plan.repository, `The plan of this repository is too large to be written: ${problemOf(error)}.`));
  }
}

function headerOf({ registry, policy, shard }: PlanOptions, now: number): PlanHeader {
  const { bounds, minKeep, minAge, allowPlaceholderUntag } = policy;
  return {
    plan: planVersion,
    registry: { type: registry.type, name: registry.name },
    createdAt: new Date(now).toISOString(),
    bounds,
    minKeep,
    minAge,
    allowPlaceholderUntag,
    ...(shard && { shard: formatShard(shard) }),
  };
}

async function interruptible<T>(signal: AbortSignal | undefined, work: Promise<T> | T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw signal?.aborted ? interrupted(error) : error;
  }
}

const interrupted = (cause: unknown) =>
  new Interrupted("The run was interrupted before the plan was complete: there is no plan.", { cause });
