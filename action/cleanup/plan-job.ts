import { resolvePolicy } from "../../provider/cleanup/policy/resolve-policy";
import { boundsMessage } from "../../provider/cleanup/run/bounds";
import type { PlanFile } from "../../provider/cleanup/run/plan-file";
import type { OnProgress } from "../../provider/cleanup/run/progress";
import { writePlan } from "../../provider/cleanup/run/write-plan";
import type { ImageRegistry } from "../../provider/registries/image-registry";
import type { Log } from "../log";
import { counted } from "./counted";
import { workflowContext } from "./event";
import { githubOf } from "./github-access";
import type { ApplyJob, PlanJob } from "./inputs";
import { applying, readingPlans, reviewing } from "./later";
import { open } from "./open";
import { type Places, places } from "./places";
import { progressLines } from "./progress-lines";
import type { Results } from "./results";
import { githubSourceControl } from "./source-control";
import type { Surroundings } from "./surroundings";
import { hiddenUntagged } from "./untagged";

/**
 * Plans, or reads a plan of another run, and applies it unless this is a dry run or a bound stops it. What is known goes into `results` as soon
 * as it is known. Throws where there is no plan to speak of; nothing was deleted then.
 */
export async function planAndApply(job: PlanJob | ApplyJob, around: Surroundings, log: Log, results: Results): Promise<PlanFile> {
  const { terminal } = around;
  const given = places(around.env, job.planFile);
  const where = { ...given, reportFile: terminal?.reportFile ?? given.reportFile };
  const onProgress = terminal?.onProgress ?? progressLines((line) => log.info(line), around.now);
  const registry = await open(job, around, where, warn(log, results));
  try {
    const plan =
      job.mode === "plan"
        ? await makePlan(job, around, { registry, where, log, results, onProgress })
        : await readingPlans().readPlan(where.planFile);
    if (job.mode === "apply") applying().expectRegistry(plan, registry);
    results.planPath = plan.file;
    results.planned = plan.end.counts;
    if (plan.bounds.excesses.length > 0) results.fail(boundsMessage(plan.bounds));
    else if (!job.dryRun && around.signal.aborted) results.fail("The run was interrupted before the first deletion. Nothing was deleted.");
    else if (!job.dryRun) {
      const { now, signal } = around;
      const { concurrency, runGc } = job;
      const { digests, untagged } = plan.end.counts;
      if (digests + untagged > 0) log.info(`Applying the plan: ${counted(digests, "digest")} and ${counted(untagged, "tag")} to go.`);
      else log.info("Nothing is to go.");
      results.reportPath = where.reportFile;
      const { planFile, reportFile } = where;
      results.run = await applying().applyPlan({ registry, planFile, reportFile, concurrency, runGc, now, signal, onProgress });
    }
    results.fail(...failuresOf(plan, results));
    return plan;
  } finally {
    await registry.close();
  }
}

interface Making {
  readonly registry: ImageRegistry;
  readonly where: Places;
  readonly log: Log;
  readonly results: Results;
  readonly onProgress: OnProgress;
}

async function makePlan(job: PlanJob, around: Surroundings, { registry, where, log, results, onProgress }: Making): Promise<PlanFile> {
  const { env, now, signal } = around;
  const say = warn(log, results);
  const context = { registry: registry.name, workspace: where.workspace, now: now(), spelling: "kebab-case" } as const;
  const { policy, warnings, notes } = await resolvePolicy(job.selection, context);
  for (const note of notes) log.info(note);
  const hidden = hiddenUntagged(policy, registry);
  for (const warning of hidden === undefined ? warnings : [...warnings, hidden]) say(warning);
  const { repository } = workflowContext(env);
  const github = githubOf(job, around);
  const answers = repository && github ? githubSourceControl({ open: github, repository, warn: say }) : undefined;
  if (job.comment && job.dryRun && job.selection.policy !== undefined && github)
    results.review = await reviewing().openReview(job, env, { policy, context, github, warn: say });
  const compare = results.review?.compare;
  const { concurrency, shard } = job;
  const summary = await writePlan({
    registry,
    policy,
    planFile: where.planFile,
    concurrency,
    now,
    signal,
    onProgress,
    log: say,
    ...(shard && { shard }),
    ...(answers && { answers }),
    ...(compare && { compare }),
  });
  if (summary.unanswered !== undefined) results.fail(summary.unanswered);
  return summary.plan;
}

/** Why the run has failed, beyond what stopped it. */
function failuresOf(plan: PlanFile, { run }: Results): string[] {
  const problems =
    run?.problems ?? plan.entries.flatMap(({ repository, problem }) => (problem === undefined ? [] : [{ repository, problem }]));
  const garbage = (run?.garbageCollections ?? []).filter(({ problem }) => problem !== undefined);
  return [
    ...problems.map(({ repository, problem }) => `${repository}: ${problem}`),
    ...(run && run.failed > 0 ? [`${counted(run.failed, "deletion")} failed; the report says which and why.`] : []),
    ...garbage.map(({ scope, problem }) => `Garbage collection of ${scope}: ${problem}`),
    ...(run?.interrupted ? ["The run was interrupted: what is left of the plan was not attempted. A plan can be applied again."] : []),
  ];
}

const warn =
  (log: Log, results: Results) =>
  (text: string): void => {
    log.warning(text);
    results.warn(text);
  };
