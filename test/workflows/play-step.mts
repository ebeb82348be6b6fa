import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { type Contexts, fill } from "./expression.mjs";
import { scene } from "./scene.mjs";
import type { Step } from "./workflow.mjs";

/** Where a step is run, and with what. */
export interface Place {
  readonly temp: string;
  readonly env: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly seen: Contexts;
}

type Values = Readonly<Record<string, string>>;

export interface Result {
  readonly exitCode: number;
  readonly stdout: string;
  readonly outputs: Values;
  readonly summary: string;
  /** What it has set for the steps that follow, and saved for its second stage. */
  readonly exported: Values;
  readonly state: Values;
}

const nothing: Result = { exitCode: 0, stdout: "", outputs: {}, summary: "", exported: {}, state: {} };
const artifacts = mkdtempSync(path.join(scene.scratch, "artifacts-"));

export function playStep(step: Step, place: Place): Result {
  const action = actionOf(step);
  if (step.run !== undefined) return run("bash", ["-e", "-c", fill(step.run, place.seen)], place);
  const file = scene.actions[action]?.main;
  if (file !== undefined) return run(process.execPath, [file], withInputs(place));
  // The workspace is a checkout already.
  if (action === "actions/checkout") return nothing;
  if (action === "actions/upload-artifact") return keep(place.inputs);
  if (action === "actions/download-artifact") return fetchArtifact(place.inputs);
  throw new Error(`There is no ${action} to play.`);
}

/** The second stage of a step whose first one was run; undefined if its action has none. */
export function playPost(step: Step, place: Place, state: Values): Result | undefined {
  const file = scene.actions[actionOf(step)]?.post;
  if (file === undefined) return undefined;
  const saved = Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
  const { env, ...rest } = withInputs(place);
  return run(process.execPath, [file], { ...rest, env: { ...env, ...saved } });
}

const actionOf = ({ uses = "" }: Step): string => uses.split("@", 1)[0] ?? "";

function withInputs(place: Place): Place {
  const inputs = Object.entries(place.inputs).map(([name, value]) => [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, value]);
  return { ...place, env: { ...place.env, ...Object.fromEntries(inputs) } };
}

function keep({ name = "", path: source = "" }: Values): Result {
  if (!existsSync(source)) return { ...nothing, exitCode: 1, stdout: `no file ${source}` };
  mkdirSync(path.join(artifacts, name), { recursive: true });
  cpSync(source, path.join(artifacts, name, path.basename(source)), { recursive: true });
  return nothing;
}

function fetchArtifact({ name = "", path: target = "" }: Values): Result {
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
  const read = (kind: string) => readFileSync(files[`GITHUB_${kind}`] ?? "", "utf8");
  return {
    exitCode: status ?? 1,
    stdout: `${stdout}${stderr}`,
    outputs: valuesOf(read("OUTPUT")),
    summary: read("STEP_SUMMARY"),
    exported: valuesOf(read("ENV")),
    state: valuesOf(read("STATE")),
  };
}

/** `name<<delimiter`, lines, `delimiter`, as @actions/core writes values; `name=value`, as people do. The last one counts. */
function valuesOf(text: string): Record<string, string> {
  const form = /^(?:([^=\n]+?)<<(.+)\r?\n([\s\S]*?)\r?\n\2|([^=\n]+)=(.*))$/gm;
  return Object.fromEntries(
    [...text.matchAll(form)].map(([, name, , lines = "", short = "", value = ""]) => (name ? [name, lines] : [short, value])),
  );
}
