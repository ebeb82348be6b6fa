import path from "node:path";
import type * as OpenRegistry from "../../provider/cleanup/open-registry";
import type { PlanFile } from "../../provider/cleanup/run/plan-file";
import { readPlan } from "../../provider/cleanup/run/read-plan";
import { headline } from "../cleanup/headline";
import { parseInputs } from "../cleanup/inputs";
import type * as Octokit from "../cleanup/octokit";
import { lineOf } from "../cleanup/progress-lines";
import type { Results } from "../cleanup/results";
import { run } from "../cleanup/run";
import type { Environment } from "../environment";
import { parsed } from "./action-environment";
import { askToApply } from "./ask-to-apply";
import { printDocument } from "./cleanup-document";
import { type ExitCode, exitCodes } from "./exit-codes";
import type { Terminal } from "./terminal";
import { TerminalWorkflow } from "./terminal-workflow";
import type { World } from "./world";

export interface CleanupRequest {
  readonly command: "plan" | "apply";
  /** The inputs of the action, as it takes them. */
  readonly env: Environment;
  /** The inputs that are options here: those that messages name with dashes. */
  readonly options: readonly string[];
  readonly json: boolean;
  readonly quiet: boolean;
  /** `apply`: do not ask. */
  readonly yes?: boolean;
  readonly reportFile?: string;
  /** `plan`: the command that applies the plan. */
  readonly next?: string;
}

/** Runs the cleanup as the action does, and tells a person or a program what came of it. Throws UsageError before anything is sent. */
export async function runCleanup(request: CleanupRequest, world: World, terminal: Terminal): Promise<ExitCode> {
  const { env, json, quiet, reportFile } = request;
  const { now, sleep, signal, hurry, interruption } = world;
  const job = parsed(() => parseInputs(env, now()), request.options);
  if (job.mode === "apply" && !(await askToApply(job.planFile, { yes: request.yes === true, world, terminal }))) return exitCodes.stopped;
  let results: Results | undefined;
  const failed = await run({
    workflow: new TerminalWorkflow(terminal, { silent: json, quiet }),
    env,
    now,
    sleep,
    signal,
    hurry,
    // As in ../cleanup/main.ts.
    openRegistry: (...given) => (require("../../provider/cleanup/open-registry") as typeof OpenRegistry).openImageRegistry(...given),
    openGitHub: (options) => (require("../cleanup/octokit") as typeof Octokit).openOctokit(options),
    terminal: {
      onProgress: (event) => {
        const line = lineOf(event);
        if (line !== undefined) terminal.progress(line);
      },
      ...(reportFile !== undefined && { reportFile: path.resolve(reportFile) }),
      finished: (ended) => {
        results = ended;
      },
    },
  });
  terminal.clear();
  if (results === undefined) return exitCodes.failed;
  const plan = hurry.aborted ? undefined : await planOf(results);
  const code = failed === 0 ? exitCodes.done : codeOf(results, plan);
  if (json) await printDocument({ command: request.command, exitCode: interruption() ?? code, results, plan }, terminal);
  else tell(request, results, terminal);
  return code;
}

/** The plan as it lies there; undefined if there is none. */
async function planOf({ planPath }: Results): Promise<PlanFile | undefined> {
  if (planPath === "") return undefined;
  // What is wrong with it was said by the run.
  return readPlan(planPath).catch(() => undefined);
}

function codeOf(results: Results, plan: PlanFile | undefined): ExitCode {
  const exceeds = results.run === undefined && plan !== undefined && plan.bounds.excesses.length > 0;
  // Without a failure of its own, a run fails by --fail-on only.
  return exceeds || results.failures.length === 0 ? exitCodes.stopped : exitCodes.failed;
}

/** What it all came to, and what to do next. */
function tell({ command, next }: CleanupRequest, results: Results, terminal: Terminal): void {
  const { planned, run: done, planPath, reportPath, failures } = results;
  if (planned === undefined) return;
  terminal.line(terminal.paint("bold", headline({ counts: planned, dryRun: command === "plan", run: done })));
  if (command === "apply") {
    if (done !== undefined) terminal.line(`The report: ${shortest(reportPath)}`);
    return;
  }
  terminal.line(`The plan: ${shortest(planPath)}`);
  const isEmpty = planned.digests + planned.untagged === 0;
  if (next !== undefined && !isEmpty && failures.length === 0) terminal.line(`Nothing was deleted. To apply it: ${next}`);
}

/** As one would type it. */
function shortest(file: string): string {
  const relative = path.relative(".", file);
  return relative.startsWith("..") ? file : relative;
}
