import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import "../../provider";
import type { HttpClock } from "../../provider/http";
import { Attempts } from "../../provider/resources/attempts";
import type { Raw } from "../../provider/resources/declaration";
import { IDENTITY, type Lifecycle } from "../../provider/resources/lifecycle";
import { managedType, providerText } from "../../provider/resources/resource";
import type { Clock } from "../sandbox/contract";

export interface State {
  readonly id: string;
  readonly inputs: Raw;
  readonly outputs: Raw;
  /** Why the last create or update was not complete. */
  readonly reasons?: readonly string[];
}

export type Step = "create" | "same" | "update" | "replace";

/** Secrets as the engine hands them to a dynamic provider: plain. */
export const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if ("4dabf18193072939515e22adb298388d" in value && "value" in value) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
};

const isRecord = (value: unknown): value is Raw => typeof value === "object" && value !== null;
const record = (value: unknown): Raw => (isRecord(value) ? value : {});

/** What the engine does with one resource, without an engine: enough for lifecycles. The real ones run in `test/engine` and `test/e2e`. */
export class OneResource {
  readonly lines: string[] = [];
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "registry-as-code-"));
  private provider: Lifecycle;

  constructor(
    private readonly type: string,
    private readonly config: Readonly<Record<string, string>>,
    private readonly clock: Clock,
    private readonly identity = "org/project/dev/it",
  ) {
    this.provider = this.start();
  }

  /** A new provider process, as after a crash. */
  start(): Lifecycle {
    const managed = managedType(this.type);
    if (!managed) throw new Error(`no resource ${this.type}`);
    const provider = managed.provider({
      env: {},
      clock: this.time(),
      attempts: new Attempts(this.folder, () => this.clock.now().getTime()),
      log: (line) => this.lines.push(line),
    });
    void provider.configure({ config: { get: (key) => this.config[key], require: (key) => this.config[key] ?? "" } });
    this.provider = provider;
    return provider;
  }

  /** Time passes when somebody waits. */
  private time(): HttpClock {
    return {
      now: () => this.clock.now().getTime(),
      sleep: async (milliseconds) => {
        this.clock.advance(milliseconds);
        await new Promise(setImmediate);
      },
    };
  }

  async failures(inputs: object) {
    return (await this.check(inputs, {})).failures ?? [];
  }

  private check(inputs: object, olds: Raw) {
    return this.provider.check(olds, { ...inputs, __provider: providerText(this.type), [IDENTITY]: this.identity });
  }

  async up(inputs: object, state?: State): Promise<{ step: Step; state: State; replaces?: readonly string[] }> {
    const { inputs: checked, failures = [] } = await this.check(inputs, state?.inputs ?? {});
    if (failures.length > 0) throw new Error(failures.map(({ property, reason }) => `${property} ${reason}`.trim()).join("; "));
    if (!state) return { step: "create", state: await this.create(record(checked)) };
    const diff = await this.provider.diff(state.id, record(plain(state.outputs)), checked);
    if (diff.replaces && diff.replaces.length > 0) {
      if (diff.deleteBeforeReplace) await this.destroy(state);
      const made = await this.create(record(checked));
      if (!diff.deleteBeforeReplace) await this.destroy(state);
      return { step: "replace", state: made, replaces: diff.replaces };
    }
    if (diff.changes === false && !state.reasons) return { step: "same", state: { ...state, inputs: record(checked) } };
    return {
      step: "update",
      state: await this.half(record(checked), state.id, async () => ({
        id: state.id,
        ...(await this.provider.update(state.id, record(plain(state.outputs)), checked)),
      })),
    };
  }

  private create(inputs: Raw): Promise<State> {
    return this.half(inputs, undefined, () => this.provider.create(inputs));
  }

  /** Keeps what is half-made, as the engine does. */
  private async half(inputs: Raw, id: string | undefined, run: () => Promise<{ id: string; outs?: unknown }>): Promise<State> {
    try {
      const made = await run();
      return { id: made.id, inputs, outputs: record(made.outs) };
    } catch (error) {
      if (isRecord(error) && typeof error.id === "string" && Array.isArray(error.reasons)) {
        return { id: id ?? error.id, inputs, outputs: record(error.properties), reasons: error.reasons.map(String) };
      }
      throw error;
    }
  }

  /** Undefined: the object is gone. */
  async refresh(state: State): Promise<State | undefined> {
    const found = await this.provider.read(state.id, record(plain(state.outputs)));
    if (!found.id) return undefined;
    return { id: found.id, inputs: record(found.inputs), outputs: record(found.props) };
  }

  async get(id: string, given: object = {}): Promise<Raw | undefined> {
    const found = await this.provider.read(id, { ...given, __provider: providerText(this.type) });
    return found.id ? record(found.props) : undefined;
  }

  destroy(state: State): Promise<void> {
    return this.provider.delete(state.id, record(plain(state.outputs)));
  }

  close(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
