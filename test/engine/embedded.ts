/**
 * The embedded engine: preview, up, refresh and destroy of a real program with real dynamic providers, in this process
 * and without the `pulumi` command. For tests and for a first look; it is not Pulumi and says so. Its behaviour is held
 * to the real engine's by the same scenarios. Left out: aliases, targets, hooks, transforms, invokes, other providers,
 * policy packs, state migrations.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { deleteAll, superseded } from "./deletes";
import type { ConfigValue, Deployment, Engine, PlainResource, ProjectOptions, Result, Stack } from "./engine";
import { serveMonitor } from "./monitor";
import { EngineError, Operation, type Setting } from "./operation";
import { scratchCrypter } from "./passphrase";
import { maskSecret, plainState, stackOutputs } from "./plain-state";
import { runProgram } from "./program-process";
import { configKey, isSecret, readProject } from "./project";
import { refreshAll } from "./refresh";
import { render } from "./render";
import { buildResult } from "./result";
import { readDeployment, Snapshot } from "./snapshot";
import { encodeMap, type PropertyMap, Secret } from "./values";

export const embeddedEngine: Engine = {
  kind: "embedded",
  description: "embedded test engine of this project (not Pulumi itself: it runs the SDK's program runner and dynamic-provider process)",
  open: async (options) => {
    if (options.policyPacks?.length) throw new EngineError("the embedded engine runs no policy packs");
    return new EmbeddedStack(options);
  },
};

class EmbeddedStack implements Stack {
  readonly #folder = mkdtempSync(path.join(tmpdir(), "embedded-engine-"));
  readonly #file = path.join(this.#folder, "state.json");
  readonly #crypter = scratchCrypter();
  readonly #config: PropertyMap = {};
  readonly #setting: Setting;
  #operation: Operation | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(options: ProjectOptions) {
    const { name, ...project } = readProject(
      // What belongs to Pulumi on this machine is no business of a test engine; the real one gets a scratch home, too.
      { ...options, env: { PULUMI_HOME: path.join(this.#folder, "home"), ...options.env } },
      process.env,
    );
    this.#setting = { ...project, project: name, config: this.#config, newId: randomUUID };
    for (const [key, value] of Object.entries(options.config ?? {})) this.#set(key, value);
  }

  preview(): Promise<Result> {
    return this.#run("preview", true, (operation) => deploy(operation));
  }

  up(): Promise<Result> {
    return this.#run("up", false, (operation) => deploy(operation));
  }

  refresh(): Promise<Result> {
    return this.#run("refresh", false, refreshAll);
  }

  destroy(): Promise<Result> {
    return this.#run("destroy", false, async (operation) => {
      warnOfInterrupted(operation);
      await deleteAll(operation, operation.snapshot.base);
    });
  }

  async export(): Promise<Deployment> {
    return readDeployment(this.#file);
  }

  async state(): Promise<readonly PlainResource[]> {
    return plainState(readDeployment(this.#file), this.#crypter);
  }

  async setConfig(key: string, value: ConfigValue): Promise<void> {
    this.#set(key, value);
  }

  async removeConfig(key: string): Promise<void> {
    delete this.#config[configKey(this.#setting.project, key)];
  }

  async kill(): Promise<void> {
    this.#operation?.kill();
    await this.#ended;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #set(key: string, value: ConfigValue): void {
    this.#config[configKey(this.#setting.project, key)] = isSecret(value) ? new Secret(value.secret) : value;
  }

  #run(name: "preview" | "up" | "refresh" | "destroy", dryRun: boolean, body: (operation: Operation) => Promise<void>): Promise<Result> {
    if (this.#operation !== undefined) return Promise.reject(new EngineError("another operation of this stack is running"));
    const operation = new Operation({ ...this.#setting, config: { ...this.#config } }, new Snapshot(this.#file, this.#crypter, dryRun));
    this.#operation = operation;
    const work = this.#finish(name, operation, body);
    this.#ended = work.catch(() => undefined);
    return work;
  }

  async #finish(
    name: "preview" | "up" | "refresh" | "destroy",
    operation: Operation,
    body: (operation: Operation) => Promise<void>,
  ): Promise<Result> {
    try {
      await body(operation);
    } catch (error) {
      if (!operation.killed && !(error instanceof EngineError)) throw error;
      operation.failed = true;
      if (error instanceof EngineError) operation.say("error", error.message);
    } finally {
      await operation.close();
      this.#operation = undefined;
    }
    if (!operation.killed) operation.snapshot.write();
    const ok = !operation.failed;
    const preview = name === "preview";
    const outputs = preview ? encodeMap(operation.outputs, maskSecret) : stackOutputs(readDeployment(this.#file), this.#crypter);
    const { steps, diagnostics, stdout, stderr } = operation;
    const result = buildResult({ ok, steps, changes: {}, outputs: ok ? outputs : {}, diagnostics, stdout: "", stderr });
    return { ...result, stdout: `${stdout}${render(name, result)}` };
  }
}

async function deploy(operation: Operation): Promise<void> {
  warnOfInterrupted(operation);
  await serveMonitor(operation, (address) => runProgram(operation, address));
  if (!operation.failed) await deleteAll(operation, superseded(operation));
}

function warnOfInterrupted(operation: Operation): void {
  const { interrupted } = operation.snapshot;
  if (interrupted.length === 0 || operation.dryRun) return;
  const list = interrupted.map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}`).join("\n");
  operation.say(
    "warning",
    `Attempting to deploy or update resources with ${interrupted.length} pending operations from previous deployment.\n${list}`,
  );
}
