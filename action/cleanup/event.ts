import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Environment } from "../environment";

/** What the workflow run says about itself. */
export interface WorkflowContext {
  /** Owner and name of the repository; undefined outside of GitHub. */
  readonly repository?: { readonly owner: string; readonly name: string };
  /** The pull request that started the run. */
  readonly pullRequest?: number;
  /**
   * What the pull request is to be merged into, as it was when the run started. Only of the event `pull_request`: in others, such as
   * `pull_request_target`, the workspace has the files of the base branch, and there is nothing to compare.
   */
  readonly base?: Base;
  /** Owner and name of the repository that the pull request comes from: a fork, or the same. */
  readonly head?: string;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly runId?: string;
  readonly workflow: string;
  readonly job: string;
  /** The step's id, or a name that the runner makes up from the action's. */
  readonly step: string;
}

/** A commit of the base branch. */
export interface Base {
  readonly sha: string;
  readonly branch: string;
}

const base = z.object({ sha: z.string().regex(/^[0-9a-f]{40,64}$/), ref: z.string().min(1) });
const head = z.object({ repo: z.object({ full_name: z.string() }) });
const payload = z.object({
  pull_request: z
    .object({ number: z.int().positive(), base: base.optional().catch(undefined), head: head.optional().catch(undefined) })
    .optional(),
});

/** Reads the runner's variables and the event's payload; a payload that cannot be read is one without a pull request. */
export function workflowContext(env: Environment): WorkflowContext {
  const [owner, name] = env.GITHUB_REPOSITORY?.split("/") ?? [];
  const pullRequest = pullRequestOf(env.GITHUB_EVENT_PATH);
  const target = env.GITHUB_EVENT_NAME === "pull_request" ? pullRequest?.base : undefined;
  return {
    ...(owner && name && { repository: { owner, name } }),
    ...(pullRequest && { pullRequest: pullRequest.number }),
    ...(target && { base: { sha: target.sha, branch: target.ref } }),
    ...(pullRequest?.head && { head: pullRequest.head.repo.full_name }),
    ...(env.GITHUB_RUN_ID && { runId: env.GITHUB_RUN_ID }),
    apiUrl: env.GITHUB_API_URL || "https://api.github.com",
    serverUrl: env.GITHUB_SERVER_URL || "https://github.com",
    workflow: env.GITHUB_WORKFLOW ?? "",
    job: env.GITHUB_JOB ?? "",
    step: env.GITHUB_ACTION ?? "",
  };
}

function pullRequestOf(path: string | undefined): z.infer<typeof payload>["pull_request"] {
  if (!path) return undefined;
  try {
    return payload.parse(JSON.parse(readFileSync(path, "utf8"))).pull_request;
  } catch {
    return undefined;
  }
}
