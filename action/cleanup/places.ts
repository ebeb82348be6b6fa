import { tmpdir } from "node:os";
import path from "node:path";
import type { Environment } from "../environment";

/** Where files of a run lie. Relative paths that a user gives start at the workspace. */
export interface Places {
  readonly workspace: string;
  readonly planFile: string;
  readonly reportFile: string;
}

/**
 * Two steps of a job get different files: the runner gives each a name of its own (GITHUB_ACTION). `planFile`: what the user wants; the report
 * does not go there, since the folder may be an artifact or a cache.
 */
export function places(env: Environment, planFile: string | undefined): Places {
  const workspace = path.resolve(env.GITHUB_WORKSPACE || ".");
  const step = (env.GITHUB_ACTION ?? "").replace(/[^\w.-]/g, "_").replace(/^\.+/, "") || "step";
  const folder = path.join(path.resolve(env.RUNNER_TEMP || tmpdir()), "registry-cleanup", step);
  return {
    workspace,
    planFile: planFile === undefined ? path.join(folder, "plan.jsonl") : path.resolve(workspace, planFile),
    reportFile: path.join(folder, "report.jsonl"),
  };
}
