import type { Fate } from "./error";
import type { Failure } from "./failure";
import type { AnswerHeaders, Method } from "./request";

export interface RetryPolicy {
  /** Sendings of one request at the most. Default 5; 1 turns retries off. */
  readonly attempts: number;
  /** Milliseconds; the longest wait before the second attempt. It doubles with each further one. Default 250. */
  readonly baseDelay: number;
  /** Milliseconds; no own wait is longer. Default 30,000. */
  readonly maxDelay: number;
  /** Milliseconds; a longer `Retry-After` is cut to that. Default 120,000. */
  readonly maxRetryAfter: number;
}

export const defaultRetryPolicy: RetryPolicy = { attempts: 5, baseDelay: 250, maxDelay: 30_000, maxRetryAfter: 120_000 };

/**
 * Statuses that may be different the next time.
 * 500 is not always transient (docker-registry 2.8.2 gives it for malformed digests), hence the bound on attempts.
 */
const transient: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * What a failing status says about the request's fate. 401, 425 and 429 turn a request away before anything happened, and so does a 503
 * that says when to come back (a server that gave up half-way does not know). Every other 5xx and 408 can come from a proxy
 * whose backend is still at work.
 */
export function fateOf(status: number, retryAfter: number | undefined): Fate {
  if (status === 401 || status === 425 || status === 429) return "refused";
  if (status === 503 && retryAfter !== undefined) return "refused";
  if (status === 501 || status === 505) return "answered";
  return status === 408 || status >= 500 ? "unknown" : "answered";
}

/** Whether another attempt makes sense and cannot do harm. A request that may not be repeated is only if nothing can have happened. */
export function worthRetrying(failure: Failure, method: Method, repeatable: boolean): boolean {
  if (failure.permanent) return false;
  const harmless = repeatable || failure.fate === "not-sent" || failure.fate === "refused";
  switch (failure.kind) {
    case "status":
      return harmless && failure.status !== undefined && transient.has(failure.status);
    case "connection":
    case "timeout":
      return harmless;
    case "answer":
      return repeatable && (!failure.garbled || method === "GET");
    default:
      return false;
  }
}

/**
 * Milliseconds to wait before the attempt after the n-th failure: "full jitter", anything between zero and an exponentially growing bound,
 * which spreads clients best (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 * After a `Retry-After` the jitter of the first wait comes on top, so that clients that were turned away together do not come back together.
 */
export function retryDelay(policy: RetryPolicy, failures: number, retryAfter: number | undefined, random: () => number): number {
  if (retryAfter !== undefined) return Math.min(retryAfter, policy.maxRetryAfter) + Math.floor(random() * policy.baseDelay);
  return Math.floor(random() * Math.min(policy.maxDelay, policy.baseDelay * 2 ** (failures - 1)));
}

/**
 * Milliseconds until the time that `Retry-After` names: seconds, or an HTTP date (taken relative to the server's own `Date`, since clocks differ).
 * Docker Hub's API sent `X-Retry-After` as Unix time. Undefined if there is none that can be read.
 */
export function retryAfterOf(headers: AnswerHeaders, now: number): number | undefined {
  const text = headers.get("retry-after")?.trim();
  if (text !== undefined && /^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const date = headers.get("date");
  const serverNow = date === undefined ? Number.NaN : Date.parse(date);
  const current = Number.isNaN(serverNow) ? now : serverNow;
  const unix = headers.get("x-retry-after");
  const until = text !== undefined ? httpDate(text) : unix !== undefined && /^\d{9,11}$/.test(unix) ? Number(unix) * 1000 : Number.NaN;
  return Number.isNaN(until) ? undefined : Math.max(0, until - current);
}

/** All three forms begin with the name of the day; `Date.parse` alone would take "7 apples" for a date in July. */
const httpDate = (text: string): number =>
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/i.test(text) ? Date.parse(/GMT|[+-]\d{4}$/.test(text) ? text : `${text} GMT`) : Number.NaN;
