import type { Interrupt } from "./interrupt";

/**
 * The number of requests in flight at a time. First come, first served.
 * It stands before undici's own queue because a request in that queue can neither be aborted at once nor be told from one that was sent.
 */
export class Slots {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Takes a slot at once if one is free: true. Otherwise false, and the caller awaits `wait`. */
  take(): boolean {
    if (this.#free === 0) return false;
    this.#free--;
    return true;
  }

  /** Waits for a slot. False if the call was interrupted before it got one. */
  wait(interrupt: Interrupt): Promise<boolean> {
    return new Promise((resolve) => {
      const go = () => {
        interrupt.unwatch();
        resolve(true);
      };
      this.#waiting.add(go);
      interrupt.watch(() => {
        this.#waiting.delete(go);
        resolve(false);
      });
    });
  }

  release(): void {
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      next(); // the slot goes over to it
      return;
    }
    this.#free++;
  }
}
