import { isDeepStrictEqual } from "node:util";
import type { Result, Stack } from "../engine";
import type { Control } from "../sandbox";
import { changesOf } from "./change";
import type { Narrator } from "./narrator";

export type Operation = "preview" | "up" | "refresh" | "destroy";

export interface Expectation {
  /** `+ oci.Tag production`: exactly what has to be done, in any order. */
  readonly changes: readonly string[];
  /** What the error has to say. Without it the operation must succeed. */
  readonly error?: RegExp;
  /** Nothing may be sent that changes a server. */
  readonly readsOnly?: boolean;
}

/** What operations are run on, and where the requests that they send arrive. */
export interface Scene {
  readonly stack: Pick<Stack, Operation | "state">;
  readonly sandbox: { readonly control: Pick<Control, "requests" | "clearRequests"> };
}

/** A step did not do what the demo says. */
export class Surprise extends Error {}

/** Somebody pressed Ctrl-C: nothing more is to be begun. */
export class Interrupted extends Error {}

/** Runs one operation after the other on a scene, tells what came of each, and insists on it. */
export class Play {
  #transcript = "";

  constructor(
    private readonly scene: Scene,
    private readonly narrator: Narrator,
    private readonly interrupted: AbortSignal,
    private readonly now: () => number,
  ) {}

  /** All that the engine printed so far. */
  get transcript(): string {
    return this.#transcript;
  }

  async run(operation: Operation, expected: Expectation): Promise<Result> {
    const { stack, sandbox } = this.scene;
    if (this.interrupted.aborted) throw new Interrupted();
    const before = await stack.state();
    sandbox.control.clearRequests();
    const begun = this.now();
    const result = await stack[operation]();
    if (this.interrupted.aborted) throw new Interrupted();
    const seconds = (this.now() - begun) / 1000;
    this.#transcript += `---- ${operation}\n${result.stdout}${result.stderr}\n`;

    const changes = changesOf(result, before, await stack.state());
    const errors = result.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
    this.narrator.changes(changes);
    for (const error of new Set(errors)) this.narrator.error(error);
    const same = result.changes.same ?? 0;
    const { reads, writes } = this.#traffic();
    const sent = reads + writes === 0 ? "nothing sent" : `${count(reads, "read")}, ${writes === 0 ? "no writes" : count(writes, "write")}`;
    this.narrator.quiet([...(same > 0 ? [`= ${same} unchanged`] : []), `${seconds.toFixed(1)} s`, sent].join(" · "));

    const done = changes.map(({ sign, type, name }) => `${sign} ${type} ${name}`).sort();
    const error = expected.error;
    insist(isDeepStrictEqual(done, [...expected.changes].sort()), `expected ${list(expected.changes)}, and there was ${list(done)}`);
    insist(result.ok === (error === undefined), error === undefined ? `it failed: ${list(errors)}` : "it was expected to be refused");
    insist(error === undefined || errors.some((text) => error.test(text)), `the error was expected to say ${error}`);
    insist(expected.readsOnly !== true || writes === 0, `${writes} requests would have changed something`);
    return result;
  }

  /** Logging in at the identity service is neither. */
  #traffic(): { reads: number; writes: number } {
    const requests = this.scene.sandbox.control.requests().filter(({ api }) => api !== "selectel-identity");
    const reads = requests.filter(({ method }) => method === "GET" || method === "HEAD").length;
    return { reads, writes: requests.length - reads };
  }
}

export function insist(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Surprise(otherwise);
}

const list = (items: readonly string[]): string => (items.length === 0 ? "nothing" : items.join("; "));
const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
