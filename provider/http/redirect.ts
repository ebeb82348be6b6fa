import type { Failure } from "./failure";
import { forbiddenStep, parse } from "./origin";
import type { Method } from "./request";

/** Of GET and HEAD only; 300 and 305 name alternatives and proxies, 304 is no redirect. */
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export const isRedirect = (status: number): boolean => redirects.has(status);

/** What is known when an answer redirects. */
export interface Redirect {
  readonly method: Method;
  readonly status: number;
  readonly from: URL;
  readonly location: string | undefined;
  /** URLs of this attempt so far, the first included. */
  readonly visited: readonly string[];
  readonly limit: number;
  /** How a URL may be shown. */
  readonly shown: (url: URL) => string;
}

/** Where a redirect leads, or why it is not followed. */
export function redirectTarget({ method, status, from, location, visited, limit, shown }: Redirect): URL | Failure {
  const to = location === undefined ? undefined : parse(location, from.href);
  if (to === undefined) return refusal(status, location === undefined ? "a redirect without Location" : "a redirect to an invalid address");
  to.hash = "";
  const where = shown(to);
  if (method !== "GET" && method !== "HEAD")
    return refusal(status, `a ${method} is not redirected (to ${where})`, "Use the address that the server redirects to");
  const reason = forbiddenStep(from, to);
  if (reason !== undefined) return refusal(status, `the redirect to ${where} is not followed: ${reason}`);
  if (visited.includes(to.href)) return refusal(status, `the redirects go in a circle (${where})`);
  if (visited.length > limit)
    return refusal(
      status,
      limit === 0 ? `a redirect (to ${where}), and none is to be followed` : `more than ${limit} redirects (the last to ${where})`,
    );
  return to;
}

const refusal = (status: number, problem: string, hint?: string): Failure => ({
  kind: "redirect",
  fate: "answered",
  status,
  problem,
  hint,
  permanent: true,
});

/** All that goes to another origin: a list of what is harmless, since any header may be somebody's credential. */
const harmless: ReadonlySet<string> = new Set([
  "accept",
  "accept-language",
  "user-agent",
  "range",
  "if-range",
  "if-match",
  "if-none-match",
  "if-modified-since",
  "if-unmodified-since",
]);

export function harmlessHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => harmless.has(name)));
}
