import { isInline } from "../../provider/cleanup/policy/resolve-policy";
import type { Log } from "../log";
import { marker, writeComment } from "./comment";
import { workflowContext } from "./event";
import { explain } from "./github";
import { githubOf } from "./github-access";
import type { ApplyJob, PlanJob } from "./inputs";
import type { Surroundings } from "./surroundings";

/** Writes or updates the comment of this step. What GitHub refuses is a warning: the cleanup itself is not worse for it. */
export async function commentOnPullRequest(job: PlanJob | ApplyJob, around: Surroundings, log: Log, text: string): Promise<void> {
  const context = workflowContext(around.env);
  const { repository, pullRequest } = context;
  const github = githubOf(job, around);
  if (!repository || pullRequest === undefined || !github) {
    log.info("No comment is written: this run is not one of a pull request.");
    return;
  }
  try {
    const done = await writeComment(await github(), { repository, pullRequest, marker: marker({ context, target: targetOf(job) }) }, text);
    log.info(`The comment on pull request #${pullRequest} was ${done === "unchanged" ? "left as it is" : done}.`);
  } catch (error) {
    log.warning(explain(`The comment on pull request #${pullRequest} could not be written`, error, "pull-requests: write"));
  }
}

/** What the legs of a matrix differ in. A policy that is given as text is a rule; the path of one is not, and two of them have two comments. */
function targetOf(job: PlanJob | ApplyJob): (string | undefined)[] {
  const { connection } = job;
  const project = connection.type === "selectel" ? [connection.accountId, connection.projectId, connection.projectName] : [];
  const where = [connection.type, connection.registry, ...project];
  if (job.mode === "apply") return where;
  const { selection, shard } = job;
  const { policy, repositories } = selection;
  const file = typeof policy === "string" && !isInline(policy) ? policy : undefined;
  return [...where, shard && `${shard.index}/${shard.count}`, JSON.stringify(repositories ?? null), file];
}
