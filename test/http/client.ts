import { HttpClient, type HttpClientOptions, type HttpClock, RegistryError } from "../../provider/http";
import type { TestServer } from "./server";

const cleanups: (() => Promise<unknown>)[] = [];

/** To be called by `afterEach`: closes what the test opened. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

export async function opened(server: Promise<TestServer>): Promise<TestServer> {
  const result = await server;
  cleanups.push(() => result.close());
  return result;
}

/** A clock that never waits and remembers how long it was asked to. */
export function fakeClock(
  start = Date.UTC(2026, 0, 1),
): HttpClock & { readonly sleeps: number[]; now(): number; advance(milliseconds: number): void } {
  let time = start;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds;
    },
    sleep: async (milliseconds) => {
      sleeps.push(milliseconds);
      time += milliseconds;
    },
  };
}

/** No proxies from the developer's environment, no real waiting, no jitter. */
export function client(server: TestServer | string, options: Partial<HttpClientOptions> = {}): HttpClient {
  const baseUrl = typeof server === "string" ? server : server.url;
  const result = new HttpClient({ baseUrl, env: {}, clock: fakeClock(), random: () => 0.5, ...options });
  cleanups.push(() => result.close());
  return result;
}

/** The RegistryError that a promise ends in; anything else fails the test. */
export async function failure(promise: Promise<unknown>): Promise<RegistryError> {
  const result = await promise.then(
    () => new Error("nothing was thrown"),
    (error: unknown) => error,
  );
  if (result instanceof RegistryError) return result;
  throw result;
}
