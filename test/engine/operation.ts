/** One operation of the embedded engine: its providers, what it did, what it has to say. */
import type { ChildProcess } from "node:child_process";
import type { Diagnostic, Step } from "./engine";
import { ProviderError } from "./provider-error";
import { ProviderProcess } from "./provider-process";
import type { Snapshot } from "./snapshot";
import { newState, PROVIDER_TYPE, referredUrn, type State } from "./state";
import { containsUnknowns, encodeMap, type PropertyMap, Secret, same } from "./values";

/** What stays the same from operation to operation of one stack. */
export interface Setting {
  readonly dir: string;
  readonly project: string;
  readonly stack: string;
  readonly env: NodeJS.ProcessEnv;
  readonly node: string;
  readonly nodeArgs: readonly string[];
  readonly typescript: boolean;
  /** Keys with their namespace; secrets are marked. */
  readonly config: PropertyMap;
  /** Ids of provider resources. */
  readonly newId: () => string;
}

/** Ends a registration whose reason has been reported already. */
export class Bail extends Error {}

export interface Provider {
  readonly process: ProviderProcess;
  /** False in a preview in which the provider's own inputs depend on what is still to be created: it is not asked then. */
  readonly known: boolean;
}

export class Operation {
  readonly steps: Step[] = [];
  readonly diagnostics: Diagnostic[] = [];
  /** Registered or read by the program, by URN. */
  readonly seen = new Map<string, State>();
  /** Deleted ahead of their turn, because what they depend on is deleted before it is replaced: URN -> reasons. */
  readonly condemned = new Map<string, readonly string[]>();
  readonly deletedEarly = new Set<State>();
  readonly processes = new Set<ChildProcess>();
  /** The running program; a failed step ends it, as the real engine cancels it. */
  program: ChildProcess | undefined;
  outputs: PropertyMap = {};
  stdout = "";
  stderr = "";
  failed = false;
  killed = false;
  readonly #providers = new Map<string, Promise<Provider>>();
  #decisions: Promise<unknown> = Promise.resolve();

  constructor(
    readonly setting: Setting,
    readonly snapshot: Snapshot,
  ) {}

  get dryRun(): boolean {
    return this.snapshot.dryRun;
  }

  step(op: Step["op"], state: State, detail: { keys?: readonly string[]; diffs?: readonly string[] } = {}): void {
    const sorted = Object.entries(detail).filter(([, keys]) => keys.length > 0);
    const name = state.urn.split("::").slice(3).join("::");
    this.steps.push({
      op,
      urn: state.urn,
      type: state.type,
      name,
      ...Object.fromEntries(sorted.map(([key, keys]) => [key, [...keys].sort()])),
    });
  }

  say(severity: Diagnostic["severity"], message: string, urn?: string): void {
    if (severity === "error") this.failed = true;
    this.diagnostics.push(urn === undefined ? { severity, message } : { severity, message, urn });
  }

  /** Reports an error once; {@link Bail} was reported where it was thrown. Anything but a provider's own error is passed on. */
  report(error: unknown, urn: string): void {
    this.failed = true;
    if (error instanceof Bail || this.killed) return;
    this.say("error", error instanceof Error ? error.message : String(error), urn);
    if (!(error instanceof ProviderError) && !(error instanceof EngineError)) throw error;
  }

  /** One after the other: decisions on registrations see each other's outcome, whereas their execution runs in parallel. */
  decide<T>(decision: () => Promise<T>): Promise<T> {
    const turn = this.#decisions.then(decision);
    this.#decisions = turn.catch(() => undefined);
    return turn;
  }

  print(stream: "stdout" | "stderr", text: string): void {
    this[stream] += text;
    this.say("info", text);
  }

  /** The default provider's reference, registered when the first resource asks for it. */
  defaultProvider(): string {
    const urn = `urn:pulumi:${this.setting.stack}::${this.setting.project}::${PROVIDER_TYPE}::default`;
    const state = this.seen.get(urn) ?? this.registerProvider(newState({ urn, type: PROVIDER_TYPE, inputs: this.setting.config }));
    return `${urn}::${state.id}`;
  }

  /** CheckConfig and DiffConfig are not implemented by dynamic providers: any change of the inputs is an update. */
  registerProvider(state: State): State {
    const old = this.old(state.urn);
    state.id = old?.id ?? (this.dryRun ? "04da6b54-80e4-46f7-96ec-b56ff0331ba9" : this.setting.newId());
    state.outputs = { ...state.inputs };
    this.seen.set(state.urn, state);
    this.step(old === undefined ? "create" : same(old.inputs, state.inputs) ? "same" : "update", state);
    this.snapshot.put(state, old);
    return state;
  }

  /** What the last operation left of this resource. */
  old(urn: string): State | undefined {
    return this.snapshot.base.find((state) => state.urn === urn && !state.delete);
  }

  /** The process behind a provider reference `<urn>::<id>`, started and configured on first use. */
  provider(reference: string): Promise<Provider> {
    const urn = referredUrn(reference);
    const started = this.#providers.get(urn) ?? this.#start(urn);
    this.#providers.set(urn, started);
    return started;
  }

  async #start(urn: string): Promise<Provider> {
    const state = this.seen.get(urn) ?? this.snapshot.base.find((candidate) => candidate.urn === urn);
    if (state === undefined) throw new EngineError(`unknown provider ${urn}`);
    const { dir, env, project, node } = this.setting;
    const process = await ProviderProcess.start({ cwd: dir, env, project, node, onOutput: (stream, text) => this.print(stream, text) });
    this.processes.add(process.child);
    if (this.killed) await process.close("SIGKILL");
    const known = !containsUnknowns(state.inputs);
    if (known) await process.configure(state.inputs);
    return { process, known };
  }

  async close(): Promise<void> {
    for (const started of this.#providers.values()) {
      await started.then(
        ({ process }) => process.close(this.killed ? "SIGKILL" : "SIGTERM"),
        () => undefined, // it never came up: reported by whom needed it
      );
    }
  }

  /** SIGKILL for everything; the snapshot keeps what it holds on disk. */
  kill(): void {
    this.killed = true;
    this.failed = true;
    this.snapshot.freeze();
    for (const process of this.processes) process.kill("SIGKILL");
  }
}

/** An error of the engine itself that the program's author can act on. */
export class EngineError extends Error {}

/** Marks outputs as secret: what the class demands, then what came in as a secret (step_executor.go). */
export function markSecrets(state: State): void {
  const named = Object.entries(state.inputs).filter(([, value]) => value instanceof Secret);
  for (const key of [...state.additionalSecretOutputs, ...named.map(([name]) => name)]) {
    const value = state.outputs[key];
    if (value !== undefined && !(value instanceof Secret)) state.outputs[key] = new Secret(value);
  }
}

/** For messages: a value as people read it, never a secret. */
export function shown(map: PropertyMap, key: string): string {
  return JSON.stringify(encodeMap(map, () => "[secret]")[key] ?? null);
}
