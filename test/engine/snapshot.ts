/**
 * The state of a stack during one operation, written to its file before and after each step, as the real engine
 * checkpoints: what an engine that is killed leaves behind is what the next operation starts from.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Deployment, PendingOperation } from "./engine";
import type { Crypter } from "./passphrase";
import { fromDeployment, type State, toDeployment } from "./state";

export type OperationType = PendingOperation["type"];

export class Snapshot {
  /** What the last operation left, in the order in which it was registered: dependencies first. */
  readonly base: readonly State[];
  /** What this operation has registered, in order. */
  readonly news: State[] = [];
  readonly #done = new Set<State>();
  readonly #running = new Map<State, OperationType>();
  #interrupted: readonly PendingOperation[];
  #frozen = false;

  constructor(
    readonly file: string,
    readonly crypter: Crypter,
    readonly dryRun: boolean,
  ) {
    const deployment = readDeployment(file);
    this.base = deployment.resources.map((resource) => fromDeployment(resource, crypter));
    this.#interrupted = deployment.pending_operations ?? [];
  }

  /** Operations that an earlier, killed engine had begun. */
  get interrupted(): readonly PendingOperation[] {
    return this.#interrupted;
  }

  /** Whether a resource of the base still stands as it was. */
  standing(state: State): boolean {
    return !this.#done.has(state);
  }

  begin(type: OperationType, state: State): void {
    this.#running.set(state, type);
    this.write();
  }

  /** The operation on `state` has ended; `old` is superseded by it or, without `kept`, gone. */
  end(state: State, change: { readonly old?: State | undefined; readonly kept?: State | undefined } = {}): void {
    this.#running.delete(state);
    this.put(change.kept, change.old);
    this.write();
  }

  /** A change that needs no file write of its own: the next one carries it. */
  put(kept: State | undefined, old: State | undefined): void {
    if (old !== undefined) this.#done.add(old);
    if (kept !== undefined && !this.news.includes(kept)) this.news.push(kept);
  }

  clearInterrupted(): void {
    this.#interrupted = [];
  }

  /** From here on nothing reaches the file: the engine has been killed. */
  freeze(): void {
    this.#frozen = true;
  }

  deployment(): Deployment {
    const resources = [...this.news, ...this.base.filter((state) => !this.#done.has(state))];
    const running = [...this.#running].map(([resource, type]) => ({ type, resource: toDeployment(resource, this.crypter) }));
    // Pulumi keeps interrupted creations until a person has dealt with them, and forgets the rest (backend/snapshot.go).
    const pending = [...running, ...this.#interrupted.filter((operation) => operation.type === "creating")];
    return {
      secrets_providers: { type: "passphrase", state: { salt: this.crypter.salt } },
      resources: resources.map((state) => toDeployment(state, this.crypter)),
      ...(pending.length > 0 ? { pending_operations: pending } : {}),
    };
  }

  write(): void {
    if (this.dryRun || this.#frozen) return;
    writeFileSync(`${this.file}.new`, JSON.stringify(this.deployment()));
    renameSync(`${this.file}.new`, this.file);
  }
}

/** An absent file is an empty stack. */
export function readDeployment(file: string): Deployment {
  // Written by Snapshot.write and by nobody else.
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Deployment) : { resources: [] };
}
