/** Runs a built action as the runner does: one process, inputs and paths in its environment. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { InputDeclaration } from "../../action/input-declaration";
import { actions, root } from "./manifests";

export interface Step {
  readonly inputs: Readonly<Record<string, string>>;
  /** More of the environment: what a runner sets, or a user. */
  readonly env?: Readonly<Record<string, string>>;
  /** What an earlier stage of the same step has saved, for `post`. */
  readonly state?: Readonly<Record<string, string>>;
  /** Payload of the event that started the workflow. */
  readonly event?: object;
  /** Called with the process while it runs. */
  readonly during?: (child: ChildProcess) => void;
}

export interface Done {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Saved for `post`; the last value counts, as it does for outputs and variables. */
  readonly state: Readonly<Record<string, string>>;
  /** Environment for the steps that follow. */
  readonly exported: Readonly<Record<string, string>>;
}

export interface Prepared {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the process has left so far where the runner looks. */
  left(): Pick<Done, "outputs" | "summary" | "state" | "exported">;
}

/** The file that `action.yml` names. */
export const bundle = path.join(root, "action/cleanup/dist/index.cjs");

/** An action as its `action.yml` has it. */
export interface BuiltAction {
  readonly inputs: Readonly<Record<string, InputDeclaration>>;
  /** The file that is run. */
  readonly main: string;
}

const cleanup: BuiltAction = { inputs: actions.cleanup.inputs, main: bundle };

/** A runner with a workspace, a temporary folder and a home of its own. */
export class Runner {
  readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), "action-")));
  #steps = 0;

  constructor(readonly action: BuiltAction = cleanup) {}

  file(name: string, text?: string): string {
    const file = path.join(this.folder, "workspace", name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (text !== undefined) writeFileSync(file, text);
    return file;
  }

  /** What the runner gives to the process of a step. */
  prepare({ inputs: given, env = {}, state = {}, event }: Step): Prepared {
    const files = path.join(this.folder, `step-${++this.#steps}`);
    const workspace = path.dirname(this.file("x"));
    for (const folder of [files, path.join(this.folder, "temp"), path.join(this.folder, "home")]) mkdirSync(folder, { recursive: true });
    const at = (name: string) => path.join(files, name);
    for (const name of ["output", "summary", "state", "env"]) writeFileSync(at(name), "");
    if (event) writeFileSync(at("event.json"), JSON.stringify(event));
    return {
      cwd: workspace,
      env: {
        PATH: process.env.PATH,
        HOME: path.join(this.folder, "home"),
        GITHUB_ACTIONS: "true",
        GITHUB_ACTION: "__cleanup",
        GITHUB_JOB: "clean",
        GITHUB_WORKFLOW: "Cleanup",
        GITHUB_REPOSITORY: "octo/app",
        GITHUB_RUN_ID: "4711",
        GITHUB_SERVER_URL: "https://github.example.com",
        GITHUB_API_URL: "http://127.0.0.1:1", // nobody is there
        GITHUB_WORKSPACE: workspace,
        RUNNER_TEMP: path.join(this.folder, "temp"),
        GITHUB_OUTPUT: at("output"),
        GITHUB_STEP_SUMMARY: at("summary"),
        GITHUB_STATE: at("state"),
        GITHUB_ENV: at("env"),
        ...(event && { GITHUB_EVENT_PATH: at("event.json") }),
        ...inputEnvironment(this.action, given),
        ...Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value])),
        ...env,
      },
      left: () => {
        const read = (name: string) => readFileSync(at(name), "utf8");
        return {
          outputs: valuesOf(read("output")),
          summary: read("summary"),
          state: valuesOf(read("state")),
          exported: valuesOf(read("env")),
        };
      },
    };
  }

  /** `file`: another of the action's files than `main`. */
  async run(step: Step, file = this.action.main): Promise<Done> {
    const { cwd, env, left } = this.prepare(step);
    const child = spawn(process.execPath, [file], { cwd, env });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const)
      child[stream].setEncoding("utf8").on("data", (text: string) => (output[stream] += text));
    step.during?.(child);
    const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
    return { code, ...output, ...left() };
  }

  /** Everything that a run has left in files, for searching. */
  read(file: string): string {
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** As the runner does it: declared defaults, then what the workflow says; upper case, dashes stay. */
function inputEnvironment({ inputs }: BuiltAction, given: Readonly<Record<string, string>>): Record<string, string> {
  const defaults = Object.fromEntries(
    Object.entries(inputs).flatMap(([name, input]) =>
      input.default === undefined ? [] : [[name, name === "github-token" ? "ghs_default" : input.default]],
    ),
  );
  const all: Record<string, string> = { ...defaults, ...given };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, value]));
}

/** `name<<delimiter`, lines, `delimiter`. */
function valuesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^([^\n]+?)<<(ghadelimiter_[\w-]+)\n([\s\S]*?)\n\2$/gm)].map(([, name = "", , value = ""]) => [name, value]),
  );
}

/** What differs from run to run, replaced; `names` are addresses and folders. What only the runner sees is one line. */
export function steady(
  { code, stdout, stderr, outputs, summary }: Omit<Done, "state" | "exported">,
  names: Readonly<Record<string, string>>,
): string {
  const plain = (text: string) =>
    Object.entries(names)
      .reduce((rest, [name, value]) => rest.replaceAll(value, `<${name}>`).replaceAll(value.replaceAll(":", "&#58;"), `<${name}>`), text)
      .replace(/^(::add-mask::.*\n)+/gm, "::add-mask::…\n")
      .replace(/<!-- registry-as-code\/cleanup [0-9a-f]+ -->/, "<!-- marker -->") // made of the registry's address
      .replace(/planned \d{4}-\d\d-\d\d \d\d:\d\d UTC/g, "planned <time> UTC");
  const listed = Object.entries(outputs).map(([name, value]) => `${name}: ${value}`);
  const parts = { "exit code": `${code}`, stdout, stderr, outputs: listed.join("\n"), summary };
  return Object.entries(parts)
    .map(([title, text]) => `--- ${title}\n${plain(text).trimEnd()}\n`)
    .join("");
}
