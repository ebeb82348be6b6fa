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
  const { connection } = job;
  const selection = job.mode === "plan" ? job.selection : undefined;
  const shard = job.mode === "plan" && job.shard ? `${job.shard.index}/${job.shard.count}` : undefined;
  const target = [connection.type, connection.registry, shard, JSON.stringify(selection?.repositories ?? null)];
  try {
    const done = await writeComment(await github(), { repository, pullRequest, marker: marker({ context, target }) }, text);
    log.info(`The comment on pull request #${pullRequest} was ${done === "unchanged" ? "left as it is" : done}.`);
  } catch (error) {
    log.warning(explain(`The comment on pull request #${pullRequest} could not be written`, error, "pull-requests: write"));
  }
}
