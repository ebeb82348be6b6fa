import { ConnectionError } from "../../provider/cleanup/connection";
import { PolicyError } from "../../provider/cleanup/policy/policy-error";
import { PlanError } from "../../provider/cleanup/run/plan-error";
import { Interrupted, problemOf } from "../../provider/cleanup/run/problem";
import { redactor } from "../../provider/http";
import type { Environment } from "../environment";
import { InputError } from "../input-error";
import { Log } from "../log";
import { maskedForms } from "../secrets";
import { outputNames } from "./declaration";
import { verdict } from "./failures";
import { headline } from "./headline";
import { type CollectJob, type Job, parseInputs } from "./inputs";
import { collectJob, planJob, presenting, pullRequests } from "./later";
import { readRaw } from "./raw-inputs";
import { Results } from "./results";
import { failureSummary } from "./summary";
import type { Surroundings } from "./surroundings";
import { writeSummary } from "./write-summary";

/** Runs the action to its end, whatever happens: outputs are set and the summary is written in each case. Gives the exit code. */
export async function run(around: Surroundings): Promise<number> {
  const { workflow, env } = around;
  for (const secret of secretsOf(env)) workflow.setSecret(secret);
  const redact = redactor(secretsOf(env));
  const log = new Log(workflow, redact);
  const results = new Results(redact);
  let failed = true;
  try {
    failed = await Promise.race([work(around, log, results), noTimeLeft(around.hurry)]);
  } catch (error) {
    // A mistake in this program: what is known must get out all the same.
    log.error(problemOf(error));
  } finally {
    const outputs = results.outputs();
    for (const name of outputNames) workflow.setOutput(name, outputs[name]);
    around.terminal?.finished(results);
  }
  return failed ? 1 : 0;
}

/** Whether the step fails: it does, when it has to end at once. */
const noTimeLeft = (hurry: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => hurry.addEventListener("abort", () => resolve(true), { once: true }));

/** Whether the step fails. */
async function work(around: Surroundings, log: Log, results: Results): Promise<boolean> {
  const { env, now, signal } = around;
  let job: Job;
  try {
    job = parseInputs(env, now());
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const texts = error.problems.map(({ input, text }) => (input === "" ? text : `${input}: ${text}`));
    results.fail(...texts);
    await refuse(around, log, results.failures);
    return true;
  }
  try {
    if (job.mode === "gc") await collectOnly(job, around, log, results);
    else {
      const plan = await planJob().planAndApply(job, around, log, results);
      await presenting().present(job, plan, around, log, results);
    }
  } catch (error) {
    await giveUp(job, error, around, log, results);
    if (isMistake(error)) return true;
  }
  if (signal.aborted) return true;
  const { fails, reason } = verdict(job.failOn, {
    failed: results.failures.length > 0,
    changed: results.run?.changed ?? 0,
    planned: results.planned,
  });
  if (reason !== undefined) log.error(reason);
  return fails;
}

async function collectOnly(job: CollectJob, around: Surroundings, log: Log, results: Results): Promise<void> {
  const title = await collectJob().collect(job, around, log, results);
  for (const failure of results.failures) log.error(failure);
  await writeSummary(around.env, failureSummary(title, results.failures), log);
}

/** There is no plan, or what became of it cannot be shown. */
async function giveUp(job: Job, error: unknown, around: Surroundings, log: Log, results: Results): Promise<void> {
  const interrupted = "The run was interrupted before its plan was complete. Nothing was deleted.";
  results.fail(error instanceof Interrupted ? interrupted : problemOf(error));
  const text = await refuse(
    around,
    log,
    results.failures,
    results.run && headline({ counts: results.run.planned, dryRun: false, run: results.run }),
  );
  if (job.mode !== "gc" && job.comment && !around.signal.aborted) await pullRequests().commentOnPullRequest(job, around, log, text);
}

/** Says why there is nothing else to say. */
async function refuse(
  around: Surroundings,
  log: Log,
  problems: readonly string[],
  title = "Cleanup: nothing was deleted",
): Promise<string> {
  for (const problem of problems) log.error(problem);
  const text = failureSummary(title, problems);
  await writeSummary(around.env, text, log);
  return text;
}

/** What the user has to put right: no fail-on makes a success of it. */
const isMistake = (error: unknown): boolean =>
  error instanceof PolicyError || error instanceof ConnectionError || error instanceof PlanError;

/** The secrets as the runner passes them, before anything is parsed. */
function secretsOf(env: Environment): string[] {
  const { raw } = readRaw(env);
  return [...maskedForms(raw), ...maskedForms({ token: raw["github-token"] })];
}
