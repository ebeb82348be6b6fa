/**
 * Plays a workflow as GitHub would, as far as the examples need it: jobs in their order, matrix legs one after the other, expressions by
 * GitHub's own evaluator, our actions as processes, artifacts as folders. The scene comes as JSON on stdin, the outcome goes to stdout.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { type Contexts, fill, holds } from "./expression.mjs";
import { type Job, legs, readWorkflow, type Step } from "./workflow.mjs";

const texts = z.record(z.string(), z.string()).default({});
const Scene = z.object({
  workflow: z.string(),
  /** `pull_request` and what the event says. */
  eventName: z.string(),
  event: z.record(z.string(), z.unknown()).default({}),
  /** More of the context `github`. */
  github: texts,
  secrets: texts,
  vars: texts,
  inputs: z.record(z.string(), z.unknown()).default({}),
  /** The action's file by what stands behind `uses` before `@`. */
  actions: texts,
  /** Environment that the runner's machine has. */
  env: texts,
  /** A folder: the checkout, and everything that is written. */
  workspace: z.string(),
  scratch: z.string(),
});

export interface PlayedStep {
  readonly job: string;
  readonly step: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

const scene = Scene.parse(JSON.parse(readFileSync(0, "utf8")));
const workflow = readWorkflow(scene.workflow);
const artifacts = mkdtempSync(path.join(scene.scratch, "artifacts-"));
const played: PlayedStep[] = [];
const finished = new Map<string, { result: "success" | "failure" | "skipped"; outputs: Record<string, string> }>();

function playJob(name: string, job: Job): void {
  const needs = Object.fromEntries(job.needs.map((need) => [need, finished.get(need)]));
  const failed = Object.values(needs).some((need) => need?.result !== "success");
  const base = contexts({ needs });
  if (!holds(job.if, base, { failed, cancelled: false })) {
    finished.set(name, { result: "skipped", outputs: {} });
    return;
  }
  const results = legs(job).map((matrix) => playLeg(name, job, contexts({ needs, matrix })));
  const outputs = Object.assign({}, ...results.map((result) => result.outputs));
  finished.set(name, { result: results.every(({ ok }) => ok) ? "success" : "failure", outputs });
}

function contexts(more: Contexts): Contexts {
  return {
    github: { ...scene.github, event_name: scene.eventName, event: scene.event, workspace: scene.workspace },
    secrets: scene.secrets,
    vars: scene.vars,
    inputs: scene.inputs,
    env: {},
    needs: {},
    matrix: {},
    steps: {},
    runner: { temp: "" },
    ...more,
  };
}

function playLeg(name: string, job: Job, given: Contexts): { ok: boolean; outputs: Record<string, string> } {
  const temp = mkdtempSync(path.join(scene.scratch, `${name}-`));
  const steps: Record<string, { outputs: Record<string, string> }> = {};
  let failed = false;
  const within = { ...given, runner: { temp }, steps };
  const filled = (values: Readonly<Record<string, string>>, seen: Contexts) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fill(value, seen)]));
  const jobEnv = { ...filled(workflow.env, within), ...filled(job.env, within) };
  for (const [index, step] of job.steps.entries()) {
    const seen = { ...within, env: jobEnv };
    if (!holds(step.if, seen, { failed, cancelled: false })) continue;
    const env = { ...jobEnv, ...filled(step.env, seen) };
    const inputs = filled(step.with, { ...seen, env });
    const result = playStep(step, { temp, env, inputs, seen: { ...seen, env } });
    played.push({ job: name, step: step.name ?? step.id ?? step.uses ?? `step ${index + 1}`, ...result });
    if (step.id) steps[step.id] = { outputs: result.outputs };
    if (result.exitCode !== 0 && !step["continue-on-error"]) failed = true;
  }
  return { ok: !failed, outputs: filled(job.outputs, within) };
}

interface Place {
  readonly temp: string;
  readonly env: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly seen: Contexts;
}

type Result = Omit<PlayedStep, "job" | "step">;
const nothing: Result = { exitCode: 0, stdout: "", outputs: {}, summary: "" };

function playStep(step: Step, place: Place): Result {
  const [action = ""] = (step.uses ?? "").split("@");
  if (step.run !== undefined) return run("bash", ["-e", "-c", fill(step.run, place.seen)], place);
  const file = scene.actions[action];
  if (file !== undefined) {
    const inputs = Object.entries(place.inputs).map(([name, value]) => [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, value]);
    return run(process.execPath, [file], { ...place, env: { ...place.env, ...Object.fromEntries(inputs) } });
  }
  // The workspace is a checkout already.
  if (action === "actions/checkout") return nothing;
  if (action === "actions/upload-artifact") return keep(place.inputs);
  if (action === "actions/download-artifact") return fetchArtifact(place.inputs);
  throw new Error(`There is no ${action} to play.`);
}

function keep({ name = "", path: source = "" }: Readonly<Record<string, string>>): Result {
  if (!existsSync(source)) return { ...nothing, exitCode: 1, stdout: `no file ${source}` };
  mkdirSync(path.join(artifacts, name), { recursive: true });
  cpSync(source, path.join(artifacts, name, path.basename(source)), { recursive: true });
  return nothing;
}

function fetchArtifact({ name = "", path: target = "" }: Readonly<Record<string, string>>): Result {
  if (!existsSync(path.join(artifacts, name))) return { ...nothing, exitCode: 1, stdout: `no artifact ${name}` };
  cpSync(path.join(artifacts, name), target, { recursive: true });
  return nothing;
}

function run(program: string, args: readonly string[], { temp, env }: Place): Result {
  const files = Object.fromEntries(
    ["OUTPUT", "STEP_SUMMARY", "ENV", "STATE"].map((kind) => [`GITHUB_${kind}`, path.join(mkdtempSync(path.join(temp, ".files-")), kind)]),
  );
  for (const file of Object.values(files)) writeFileSync(file, "");
  const event = path.join(temp, ".event.json");
  writeFileSync(event, JSON.stringify(scene.event));
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: scene.workspace,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
    env: {
      PATH: process.env.PATH,
      HOME: temp,
      GITHUB_ACTIONS: "true",
      GITHUB_EVENT_NAME: scene.eventName,
      GITHUB_EVENT_PATH: event,
      GITHUB_WORKSPACE: scene.workspace,
      RUNNER_TEMP: temp,
      ...scene.env,
      ...files,
      ...env,
    },
  });
  return {
    exitCode: status ?? 1,
    stdout: `${stdout}${stderr}`,
    outputs: readOutputs(readFileSync(files.GITHUB_OUTPUT ?? "", "utf8")),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY ?? "", "utf8"),
  };
}

/** `name<<delimiter`, lines, `delimiter`, as @actions/core writes outputs. */
function readOutputs(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^(.+?)<<(.+)\r?\n([\s\S]*?)\r?\n\2$/gm)].map(([, name = "", , value = ""]) => [name, value]),
  );
}

for (const [name, job] of Object.entries(workflow.jobs)) playJob(name, job);
process.stdout.write(JSON.stringify({ steps: played, jobs: Object.fromEntries([...finished].map(([job, { result }]) => [job, result])) }));
