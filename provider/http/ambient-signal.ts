import { AsyncLocalStorage } from "node:async_hooks";
import type { HttpRequest } from "./request";

const ambient = new AsyncLocalStorage<AbortSignal | undefined>();

/**
 * Runs something whose requests all end with a signal, whichever client sends them and however deep: an operation with a deadline need not hand
 * its signal through every function. A request's own signal comes first.
 */
export const withSignal = <T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> => ambient.run(signal, run);

/** For work that others wait for, too, such as a login that requests share: it must not end with the one that happened to begin it. */
export const withoutSignal = <T>(run: () => T): T => (ambient.getStore() === undefined ? run() : ambient.run(undefined, run));

export function underSignal(request: HttpRequest): HttpRequest {
  const signal = request.signal === undefined ? ambient.getStore() : undefined;
  return signal === undefined ? request : { ...request, signal };
}
