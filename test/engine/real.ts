/**
 * The real engine: the `pulumi` command, run in the program's folder as a person does, with a `file://` backend and a
 * home of its own in a scratch folder. Nothing is fetched from anywhere.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { ConfigValue, Deployment, Engine, PlainResource, ProjectOptions, Result, Stack } from "./engine";
import { readEventLog } from "./event-log";
import { killTree } from "./kill-tree";
import { SCRATCH_PASSPHRASE, scratchCrypter } from "./passphrase";
import { plainState, stackOutputs } from "./plain-state";
import { configKey, isSecret, type Project, readProject } from "./project";
import { enginePath } from "./real-path";
import { AMBIENT_PLUGIN, buildResult } from "./result";

const NO_QUESTIONS = ["--yes", "--skip-preview"];

export function realEngine(pulumi: { readonly path: string; readonly version: string }): Engine {
  return {
    kind: "real",
    description: `Pulumi ${pulumi.version} (${pulumi.path})`,
    open: async (options) => new RealStack(pulumi.path, options),
  };
}

class RealStack implements Stack {
  readonly #folder = mkdtempSync(path.join(tmpdir(), "real-engine-"));
  readonly #crypter = scratchCrypter();
  readonly #config = new Map<string, ConfigValue>();
  readonly #project: Project;
  readonly #env: NodeJS.ProcessEnv;
  readonly #cwd: string;
  readonly #log: readonly string[];
  readonly #policies: readonly string[];
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(
    readonly pulumi: string,
    options: ProjectOptions,
  ) {
    const project = readProject(options, process.env);
    this.#project = project;
    this.#log = options.verbosity === undefined ? [] : ["--logtostderr", `-v=${options.verbosity}`];
    this.#policies = (options.policyPacks ?? []).flatMap(({ dir, config }) => ["--policy-pack", dir, "--policy-pack-config", config]);
    this.#cwd = project.asWritten ? project.dir : this.#writeProject();
    this.#env = {
      ...project.env,
      PATH: enginePath(pulumi, project.dir, path.join(this.#folder, "bin"), process.execPath, project.env.PATH ?? ""),
      PULUMI_BACKEND_URL: `file://${this.#folder}`,
      PULUMI_HOME: path.join(this.#folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: SCRATCH_PASSPHRASE,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_DEBUG_COMMANDS: "true", // without it there is no --event-log
    };
    this.#createStack();
    for (const [key, value] of Object.entries(options.config ?? {})) this.#config.set(configKey(project.name, key), value);
  }

  preview(): Promise<Result> {
    return this.#run("preview", this.#policies);
  }

  up(): Promise<Result> {
    return this.#run("up", [...NO_QUESTIONS, ...this.#policies]);
  }

  refresh(): Promise<Result> {
    return this.#run("refresh", [...NO_QUESTIONS, "--clear-pending-creates"]);
  }

  destroy(): Promise<Result> {
    return this.#run("destroy", NO_QUESTIONS);
  }

  importFile(file: string): Promise<Result> {
    return this.#run("import", [...NO_QUESTIONS, "--generate-code=false", "--file", file]);
  }

  async export(): Promise<Deployment> {
    // Written by the engine, in the format that engine.ts describes.
    const file = JSON.parse(readFileSync(this.#stateFile, "utf8")) as { checkpoint: { latest?: Deployment } };
    return { ...file.checkpoint.latest, resources: file.checkpoint.latest?.resources ?? [] };
  }

  async state(): Promise<readonly PlainResource[]> {
    return plainState(await this.export(), this.#crypter);
  }

  async setConfig(key: string, value: ConfigValue): Promise<void> {
    this.#config.set(configKey(this.#project.name, key), value);
  }

  async removeConfig(key: string): Promise<void> {
    this.#config.delete(configKey(this.#project.name, key));
  }

  async kill(): Promise<void> {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    killTree(pid);
    await this.#ended;
    // The engine holds a lock while it works and cannot give it back any more; a person lifts it the same way.
    await this.#pulumi(["cancel", "--yes", "--stack", this.#project.stack]);
  }

  async close(): Promise<void> {
    if (this.#child?.pid !== undefined) killTree(this.#child.pid);
    await this.#ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #stateFile(): string {
    return path.join(this.#folder, ".pulumi", "stacks", this.#project.name, `${this.#project.stack}.json`);
  }

  /** A project whose program lies elsewhere, for folders without a Pulumi.yaml and for other names and options. */
  #writeProject(): string {
    const { name, typescript, nodeArgs, dir } = this.#project;
    const options = { typescript, ...(nodeArgs.length > 0 ? { nodeargs: nodeArgs.join(" ") } : {}) };
    const folder = path.join(this.#folder, "project");
    mkdirSync(folder);
    // JSON is YAML.
    writeFileSync(path.join(folder, "Pulumi.yaml"), JSON.stringify({ name, runtime: { name: "nodejs", options }, main: dir }));
    return folder;
  }

  /** What `pulumi stack init` leaves in a file backend, without its half second and without a file in the program's folder. */
  #createStack(): void {
    mkdirSync(path.dirname(this.#stateFile), { recursive: true });
    writeFileSync(path.join(this.#folder, ".pulumi", "meta.yaml"), "version: 1\n");
    const stack = `organization/${this.#project.name}/${this.#project.stack}`;
    writeFileSync(this.#stateFile, JSON.stringify({ version: 3, checkpoint: { stack } }));
  }

  #writeConfig(): string {
    const file = path.join(this.#folder, "config.yaml");
    const config = [...this.#config].map(([key, value]) => [
      key,
      isSecret(value) ? { secure: this.#crypter.encrypt(value.secret) } : value,
    ]);
    writeFileSync(file, JSON.stringify({ encryptionsalt: this.#crypter.salt, config: Object.fromEntries(config) }));
    return file;
  }

  async #run(command: "preview" | "up" | "refresh" | "destroy" | "import", flags: readonly string[]): Promise<Result> {
    if (this.#child !== undefined) throw new Error("another operation of this stack is running");
    const log = path.join(this.#folder, "events.json");
    rmSync(log, { force: true });
    const where = ["--stack", this.#project.stack, "--config-file", this.#writeConfig(), "--event-log", log];
    const { code, stdout, stderr } = await this.#pulumi([
      command,
      "--non-interactive",
      "--color",
      "never",
      ...this.#log,
      ...flags,
      ...where,
    ]);
    const ok = code === 0;
    const { steps, diagnostics, outputs } = readEventLog(log, command === "refresh");
    const known = command === "preview" ? outputs : stackOutputs(await this.export(), this.#crypter);
    // What went wrong before there were events (a flag, a broken Pulumi.yaml) stands on stderr alone.
    const failure = stderr.split("\n").filter((line) => !AMBIENT_PLUGIN.test(line.replace(/^warning: /, "")));
    const silent = code !== null && !ok && !diagnostics.some(({ severity }) => severity === "error");
    const told = silent ? [...diagnostics, { severity: "error" as const, message: failure.join("\n") }] : diagnostics;
    return buildResult({ ok, steps, changes: {}, outputs: ok ? known : {}, diagnostics: told, stdout, stderr });
  }

  #pulumi(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    if (!existsSync(this.#folder)) throw new Error("the stack is closed");
    const child = spawn(this.pulumi, args, { cwd: this.#cwd, env: this.#env, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const work = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    }).finally(() => {
      this.#child = undefined;
    });
    this.#ended = work.catch(() => undefined);
    return work.then((code) => ({ code, stdout, stderr }));
  }
}
