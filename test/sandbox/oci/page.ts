import type { SandboxRequest } from "../contract";

export interface PageRules {
  /** Most entries of a page, whatever `n` says. */
  readonly max: number;
  /** True: a full page has a `Link` even when nothing follows, as distribution's catalog. */
  readonly linkAfterFullPage?: boolean;
}

export interface Page {
  readonly items: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * One page of a list by `n` and `last` as OCI distribution 1.1 describes: entries after `last`, at most `n`, `Link` to what remains. Plays the
 * faults `short-page` (half of the entries, and a `Link` to the rest) and `looped-link` (a `Link` to the page itself).
 */
export function pageOf(all: readonly string[], request: SandboxRequest, rules: PageRules): Page {
  const last = request.query.get("last");
  const wanted = numberOf(request) ?? rules.max;
  const remaining = all.slice(firstAfter(all, last));
  const full = Math.min(wanted, rules.max);
  const items = remaining.slice(0, request.fault === "short-page" ? Math.floor(Math.min(full, remaining.length) / 2) : full);
  if (request.fault === "looped-link") return { items, headers: link(request, request.query) };
  const more = items.length < remaining.length || (rules.linkAfterFullPage === true && items.length === full);
  if (wanted === 0 || !more) return { items, headers: {} };
  const query = new URLSearchParams(request.query);
  query.set("n", String(full));
  query.set("last", items.at(-1) ?? last ?? "");
  return { items, headers: link(request, query) };
}

/** `n` of the request; undefined when it is absent or no number that counts. */
export function numberOf({ query }: SandboxRequest): number | undefined {
  const text = query.get("n");
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Sorted as the specification says: by ASCII. */
export function sorted(items: Iterable<string>): string[] {
  return [...items].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Where the list goes on after `last`: behind its place, or where it would be by the alphabet if it is gone. */
function firstAfter(all: readonly string[], last: string | null): number {
  if (last === null || last === "") return 0;
  const at = all.indexOf(last);
  if (at >= 0) return at + 1;
  const next = all.findIndex((item) => item > last);
  return next < 0 ? all.length : next;
}

function link(request: SandboxRequest, query: URLSearchParams): Record<string, string> {
  return { link: `<${request.rawPath}?${query}>; rel="next"` };
}
