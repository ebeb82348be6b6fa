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
 * One listener and one timer a call, no AbortController: those cost more than the rest of a small GET together.
 */
export class Interrupt {
  reason?: InterruptReason;
  #cancel?: (reason: InterruptReason) => void;
  #timer?: NodeJS.Timeout;
  readonly #onAbort = () => this.#trip("aborted");

  constructor(
    readonly signal: AbortSignal | undefined,
    milliseconds: number,
  ) {
    if (signal?.aborted) this.reason = "aborted";
    else signal?.addEventListener("abort", this.#onAbort, { once: true });
    // Node's timers overflow to 1 ms beyond 2^31-1.
    if (milliseconds < 2 ** 31) this.#timer = setTimeout(() => this.#trip("timeout"), milliseconds);
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
    clearTimeout(this.#timer);
    this.signal?.removeEventListener("abort", this.#onAbort);
    this.#cancel = undefined;
  }

  #trip(reason: InterruptReason): void {
    this.reason ??= reason;
    const cancel = this.#cancel;
    this.#cancel = undefined;
    cancel?.(this.reason);
  }
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
