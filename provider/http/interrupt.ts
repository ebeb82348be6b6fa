import { clearDeadline, type Deadline, setDeadline } from "./deadlines";

/** Time and chance for tests to replace. */
export interface HttpClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after that many milliseconds, or rejects when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export type InterruptReason = "aborted" | "timeout";

/**
 * What may end a call from outside: the caller's signal, or the time for the whole call.
 * One deadline a call and one listener for all calls with the same signal, no AbortController: those cost more than the rest of a small GET together.
 */
export class Interrupt implements Deadline {
  due = 0;
  reason?: InterruptReason;
  #cancel?: (reason: InterruptReason) => void;

  constructor(
    readonly signal: AbortSignal | undefined,
    milliseconds: number,
  ) {
    if (signal?.aborted) this.reason = "aborted";
    else if (signal) listen(signal, this);
    // Node's timers overflow to 1 ms beyond 2^31-1.
    if (milliseconds < 2 ** 31) setDeadline(this, milliseconds);
  }

  expire(): void {
    this.trip("timeout");
  }

  /** Sets what is to be cancelled: the one thing that the call is waiting for. Called at once if the call is over already. */
  watch(cancel: (reason: InterruptReason) => void): void {
    if (this.reason !== undefined) cancel(this.reason);
    else this.#cancel = cancel;
  }

  unwatch(): void {
    this.#cancel = undefined;
  }

  /** Gives the promise's value, or the reason as soon as the call is interrupted; the promise's own end is then ignored. */
  race<T>(promise: Promise<T>): Promise<{ readonly value: T } | InterruptReason> {
    const first = new Promise<{ readonly value: T } | InterruptReason>((resolve, reject) => {
      this.watch(resolve);
      promise.then((value) => resolve({ value }), reject);
    });
    return first.finally(() => this.unwatch());
  }

  /** Sleeps; gives the reason if it was interrupted. */
  async sleep(clock: HttpClock, milliseconds: number): Promise<InterruptReason | undefined> {
    const controller = new AbortController();
    this.watch(() => controller.abort());
    try {
      await clock.sleep(milliseconds, controller.signal);
    } catch (error) {
      if (this.reason === undefined) throw error;
    } finally {
      this.unwatch();
    }
    return this.reason;
  }

  /** Leaves the signal and the timer alone; must be called when the call ends. */
  end(): void {
    clearDeadline(this);
    if (this.signal) leave(this.signal, this);
    this.#cancel = undefined;
  }

  trip(reason: InterruptReason): void {
    this.reason ??= reason;
    const cancel = this.#cancel;
    this.#cancel = undefined;
    cancel?.(this.reason);
  }
}

interface Listeners {
  readonly calls: Set<Interrupt>;
  readonly onAbort: () => void;
}

const listening = new WeakMap<AbortSignal, Listeners>();

function listen(signal: AbortSignal, call: Interrupt): void {
  const known = listening.get(signal);
  if (known) {
    known.calls.add(call);
    return;
  }
  const calls = new Set([call]);
  const onAbort = () => {
    for (const each of [...calls]) each.trip("aborted");
  };
  listening.set(signal, { calls, onAbort });
  signal.addEventListener("abort", onAbort, { once: true });
}

function leave(signal: AbortSignal, call: Interrupt): void {
  const known = listening.get(signal);
  if (!known?.calls.delete(call) || known.calls.size > 0) return;
  listening.delete(signal);
  signal.removeEventListener("abort", known.onAbort);
}

/** The real time. */
export const systemClock: HttpClock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      const onAbort = () => {
        clearTimeout(timer);
        reject(new Error("the wait was interrupted"));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, milliseconds);
      if (signal?.aborted) onAbort();
      else signal?.addEventListener("abort", onAbort, { once: true });
    }),
};
