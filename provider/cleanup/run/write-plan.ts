import type { PlanCounts, PlanEnd, PlanHeader, RepositoryPlan } from "../plan/plan";
import type { BoundsVerdict } from "./bounds";
import { type PlanFile, planFileOf } from "./plan-file";
import { PlanWriter, planLine } from "./plan-writer";
import { type PlanOptions, surveyAll } from "./survey-all";
import { PlanTotals, type RepositoryProblem } from "./totals";

export interface WritePlanOptions extends PlanOptions {
  /** Where the plan is written. Its folder is made. */
  readonly planFile: string;
}

/** What is said of a plan as a whole. */
interface PlanFindings {
  readonly header: PlanHeader;
  /** Repositories that could not be planned. The run has failed; the rest of the plan may be applied. */
  readonly problems: readonly RepositoryProblem[];
  /** What concerns no single repository: patterns that match nothing. No failure. */
  readonly warnings: readonly string[];
  /** What source control did not tell, in a sentence: the tags in question stay, and the run has failed. */
  readonly unanswered?: string;
  /** A plan that exceeds its bounds is made all the same, so that people can look at it; it cannot be applied. */
  readonly bounds: BoundsVerdict;
}

/** A plan that is in a file, without what is planned for each repository. */
export interface PlanSummary extends PlanFindings {
  readonly planFile: string;
  readonly end: PlanEnd;
  /** What was written, to be read: as `readPlan` gives it, without reading all of it again. */
  readonly plan: PlanFile;
}

/** A plan in memory: as large as the registry. */
export interface PlanData extends PlanFindings {
  readonly repositories: readonly RepositoryPlan[];
  readonly counts: PlanCounts;
}

/**
 * Makes a plan and writes it as JSON lines: a header, a line for each repository, sorted by name, and the end with totals and a checksum.
 * Repositories stream through: `concurrency` of them are held at a time. The file gets its name when it is complete.
 * Throws PolicyError before anything is asked, the registry's error if it cannot list its repositories, and Interrupted; then there is no plan.
 */
export async function writePlan(options: WritePlanOptions): Promise<PlanSummary> {
  const survey = await surveyAll(options);
  const totals = new PlanTotals(survey.header.bounds);
  const writer = await PlanWriter.create(options.planFile, survey.header);
  try {
    const line = (plan: RepositoryPlan) => ({ ...facts(plan), line: planLine(plan) });
    for await (const planned of survey.plans(line)) {
      await writer.write(planned.line, planned);
      totals.add(planned);
    }
    const end = await writer.finish(totals.end);
    const found = findings(survey, totals);
    const plan = planFileOf(options.planFile, { header: found.header, end, bounds: found.bounds, entries: writer.entries });
    return { planFile: options.planFile, end, plan, ...found };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** The same plan as data, for programs that look at it. Throws as `writePlan` does. */
export async function makePlan(options: PlanOptions): Promise<PlanData> {
  const survey = await surveyAll(options);
  const totals = new PlanTotals(survey.header.bounds);
  const repositories: RepositoryPlan[] = [];
  for await (const plan of survey.plans((whole) => whole)) {
    repositories.push(plan);
    totals.add(plan);
  }
  return { repositories, counts: totals.counts, ...findings(survey, totals) };
}

/** What is kept of a plan that waits for its turn. */
const facts = ({ repository, problem, counts, deletions }: RepositoryPlan) => ({
  repository,
  counts,
  deletions: deletions.length,
  ...(problem !== undefined && { problem }),
});

function findings(survey: Awaited<ReturnType<typeof surveyAll>>, totals: PlanTotals): PlanFindings {
  const unanswered = survey.unanswered();
  const told = unanswered === undefined ? {} : { unanswered };
  return { header: survey.header, problems: totals.problems, warnings: survey.warnings, ...told, bounds: totals.bounds };
}
