import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Environment } from "../environment";

/** What the workflow run says about itself. */
export interface WorkflowContext {
  /** Owner and name of the repository; undefined outside of GitHub. */
  readonly repository?: { readonly owner: string; readonly name: string };
  /** The pull request that started the run. */
  readonly pullRequest?: number;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly runId?: string;
  readonly workflow: string;
  readonly job: string;
  /** The step's id, or a name that the runner makes up from the action's. */
  readonly step: string;
}

const payload = z.object({ pull_request: z.object({ number: z.int().positive() }).optional() });

/** Reads the runner's variables and the event's payload; a payload that cannot be read is one without a pull request. */
export function workflowContext(env: Environment): WorkflowContext {
  const [owner, name] = env.GITHUB_REPOSITORY?.split("/") ?? [];
  const pullRequest = pullRequestOf(env.GITHUB_EVENT_PATH);
  return {
    ...(owner && name && { repository: { owner, name } }),
    ...(pullRequest !== undefined && { pullRequest }),
    ...(env.GITHUB_RUN_ID && { runId: env.GITHUB_RUN_ID }),
    apiUrl: env.GITHUB_API_URL || "https://api.github.com",
    serverUrl: env.GITHUB_SERVER_URL || "https://github.com",
    workflow: env.GITHUB_WORKFLOW ?? "",
    job: env.GITHUB_JOB ?? "",
    step: env.GITHUB_ACTION ?? "",
  };
}

function pullRequestOf(path: string | undefined): number | undefined {
  if (!path) return undefined;
  try {
    return payload.parse(JSON.parse(readFileSync(path, "utf8"))).pull_request?.number;
  } catch {
    return undefined;
  }
}
