import type { PlanCounts } from "../../provider/cleanup/plan/plan";
import type { PlanFile } from "../../provider/cleanup/run/plan-file";
import { readReport } from "../../provider/cleanup/run/report-file";
import type { Log } from "../log";
import { type WorkflowContext, workflowContext } from "./event";
import type { ApplyJob, PlanJob } from "./inputs";
import { code } from "./markdown";
import { PlanLog } from "./plan-log";
import { commentOnPullRequest } from "./pull-request";
import { Reports } from "./reports";
import type { Results } from "./results";
import { commentForm, Summary, type SummaryForm, summaryForm } from "./summary";
import type { Surroundings } from "./surroundings";
import { writeSummary } from "./write-summary";

/** Tells people what the plan is and what became of it: log, summary, comment, and the lists of the outputs. Reads the plan once more. */
export async function present(job: PlanJob | ApplyJob, plan: PlanFile, around: Surroundings, log: Log, results: Results): Promise<void> {
  const context = workflowContext(around.env);
  const { run, review, failures, warnings } = results;
  const reports = run ? new Reports(readReport(results.reportPath)) : undefined;
  const facts = { header: plan.header, end: plan.end, dryRun: job.dryRun, ...(run && { run }), failures, warnings };
  const page = (form: SummaryForm, more: string) => new Summary({ ...facts, more, ...(review && { compared: review.render(form) }) }, form);
  const summary = page(summaryForm, `The plan: ${code(plan.file)}`);
  const comment = job.comment ? page(commentForm, runLink(context)) : undefined;
  const planLog = new PlanLog(log, run !== undefined);
  try {
    for await (const repository of plan.repositories()) {
      const report = await reports?.of(repository.repository);
      planLog.add(repository, report);
      summary.add(repository, report);
      comment?.add(repository, report);
      results.lists.add(repository, report);
    }
  } finally {
    await reports?.close();
  }
  planLog.finish(plan.end.counts, run);
  if (review) log.info(review.sentence());
  if (job.dryRun && !around.terminal) sayDryRun(plan.end.counts, log);
  for (const failure of failures) log.error(failure);
  await writeSummary(around.env, summary.render(), log);
  if (comment && !around.signal.aborted) await commentOnPullRequest(job, around, log, comment.render());
}

/** What a dry run is must not be overlooked; where nothing would go there is nothing to overlook. */
function sayDryRun({ digests, untagged }: PlanCounts, log: Log): void {
  const text = "Nothing was deleted; set dry-run: false.";
  if (digests + untagged > 0) log.warning(text);
  else log.info(text);
}

const runLink = ({ serverUrl, repository, runId }: WorkflowContext): string =>
  repository && runId ? `[The run, with the whole plan](${serverUrl}/${repository.owner}/${repository.name}/actions/runs/${runId})` : "";
