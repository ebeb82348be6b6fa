/**
 * Plays a workflow as GitHub would, as far as the examples need it: jobs in their order, matrix legs one after the other, called workflows,
 * expressions by GitHub's own evaluator, our actions as processes with both their stages, artifacts as folders. The scene comes as JSON on
 * stdin, the outcome goes to stdout.
 */
import { mkdtempSync } from "node:fs";
import * as path from "node:path";
import { type Contexts, fill, holds } from "./expression.mjs";
import { type Place, playPost, playStep, type Result } from "./play-step.mjs";
import { scene } from "./scene.mjs";
import { type CallJob, type Job, legs, readWorkflow, type Step, type StepsJob, type Workflow } from "./workflow.mjs";

export interface PlayedStep {
  readonly job: string;
  readonly step: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

type Values = Readonly<Record<string, string>>;
interface Finished {
  readonly result: "success" | "failure" | "skipped";
  readonly outputs: Values;
}

/** A workflow that is played: the one of the scene, or one that a job of it calls. */
interface Play {
  readonly workflow: Workflow;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly secrets: Values;
  /** Before the names of its jobs. */
  readonly prefix: string;
  readonly finished: Map<string, Finished>;
}

const played: PlayedStep[] = [];

function playWorkflow(given: Omit<Play, "finished">): ReadonlyMap<string, Finished> {
  const play: Play = { ...given, finished: new Map() };
  for (const [name, job] of Object.entries(play.workflow.jobs)) play.finished.set(name, playJob(name, job, play));
  return play.finished;
}

function playJob(name: string, job: Job, play: Play): Finished {
  const needs = Object.fromEntries(job.needs.map((need) => [need, play.finished.get(need)]));
  const failed = Object.values(needs).some((need) => need?.result !== "success");
  const given = contexts(play, { needs });
  if (!holds(job.if, given, { failed, cancelled: false })) return { result: "skipped", outputs: {} };
  if ("uses" in job) return playCall(name, job, play, given);
  const results = legs(job).map((matrix) => playLeg(name, job, play, contexts(play, { needs, matrix })));
  const outputs = Object.assign({}, ...results.map((result) => result.outputs));
  return { result: results.every(({ ok }) => ok) ? "success" : "failure", outputs };
}

function contexts({ inputs, secrets }: Play, more: Contexts): Contexts {
  return {
    github: { ...scene.github, event_name: scene.eventName, event: scene.event, workspace: scene.workspace },
    secrets,
    vars: scene.vars,
    inputs,
    env: {},
    needs: {},
    matrix: {},
    steps: {},
    runner: { temp: "" },
    ...more,
  };
}

/** A job that is another workflow: it sees the inputs and secrets that are given to it, and no others. */
function playCall(name: string, job: CallJob, play: Play, given: Contexts): Finished {
  const workflow = readWorkflow(path.join(path.dirname(scene.workflow), path.basename(job.uses)));
  const call = workflow.on.workflow_call;
  if (call === undefined) throw new Error(`${job.uses} cannot be called.`);
  const finished = playWorkflow({
    workflow,
    inputs: filled(job.with, given),
    secrets: filled(job.secrets, given),
    prefix: `${play.prefix}${name} / `,
  });
  const jobs = Object.fromEntries([...finished].map(([id, { outputs }]) => [id, { outputs }]));
  const values = Object.fromEntries(Object.entries(call.outputs).map(([id, { value }]) => [id, value]));
  const ok = [...finished.values()].every(({ result }) => result !== "failure");
  return { result: ok ? "success" : "failure", outputs: filled(values, { ...given, jobs }) };
}

const filled = (values: Values, seen: Contexts): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fill(value, seen)]));

function playLeg(name: string, job: StepsJob, { workflow, prefix }: Play, given: Contexts): { ok: boolean; outputs: Values } {
  const temp = mkdtempSync(path.join(scene.scratch, `${name}-`));
  const steps: Record<string, { outputs: Values }> = {};
  const within = { ...given, runner: { temp }, steps };
  const note = (title: string, { exitCode, stdout, outputs, summary }: Result) =>
    played.push({ job: `${prefix}${name}`, step: title, exitCode, stdout, outputs, summary });
  // What steps set with GITHUB_ENV comes on top.
  let jobEnv = { ...filled(workflow.env, within), ...filled(job.env, within) };
  const place = (step: Step): Place => {
    const seen = { ...within, env: jobEnv };
    const env = { ...jobEnv, ...filled(step.env, seen) };
    return { temp, env, inputs: filled(step.with, { ...seen, env }), seen: { ...seen, env } };
  };
  const ends: (() => void)[] = [];
  let failed = false;
  for (const [index, step] of job.steps.entries()) {
    if (!holds(step.if, { ...within, env: jobEnv }, { failed, cancelled: false })) continue;
    const title = step.name ?? step.id ?? step.uses ?? `step ${index + 1}`;
    const result = playStep(step, place(step));
    note(title, result);
    if (step.id) steps[step.id] = { outputs: result.outputs };
    if (result.exitCode !== 0 && !step["continue-on-error"]) failed = true;
    jobEnv = { ...jobEnv, ...result.exported };
    ends.unshift(() => {
      const end = playPost(step, place(step), result.state);
      if (end) note(`Post ${title}`, end);
      if (end && end.exitCode !== 0) failed = true;
    });
  }
  // In the reverse order, whatever became of the job.
  for (const end of ends) end();
  return { ok: !failed, outputs: filled(job.outputs, within) };
}

const { secrets, inputs } = scene;
const finished = playWorkflow({ workflow: readWorkflow(scene.workflow), inputs, secrets, prefix: "" });
process.stdout.write(JSON.stringify({ steps: played, jobs: Object.fromEntries([...finished].map(([job, { result }]) => [job, result])) }));
