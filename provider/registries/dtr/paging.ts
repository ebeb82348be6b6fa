import { z } from "zod";
import { type HttpAnswer, readJson } from "../../http";
import { ListError } from "../list-error";
import { type Operation, operation, type ParametersOf, type Route, type Spec } from "../operation";

/**
 * How a list is paged:
 * - `cursor`: `pageSize` and `pageStart`; the next start is in the header `X-Next-Page-Start`, which is absent or empty on the last page (`/api/v0`);
 * - `start`: `limit` and `start`; the next start is in that header or in the answer's `nextPageStart` (`/enzi/v0`);
 * - `offset`: `limit` and `start`, which counts items; nothing says which page is the last (jobs).
 */
export type PagedBy = "cursor" | "start" | "offset";

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next one starts; undefined on the last. */
  readonly next?: string;
}

/** An operation that gives one page. The client makes a method of it that gives the whole list. `Parameters` are those of the list, without page. */
export interface Paged<Parameters, Item> extends Operation<Parameters, Page<Item>> {
  readonly paging: { readonly by: PagedBy; readonly key: (item: Item) => string };
}

type Fields = z.ZodRawShape;

export interface PagedSpec<R extends string, Query, Body, Item>
  extends Pick<Spec<R, never, never, never>, "path" | "wire" | "rule" | "repeatable" | "timeouts" | "secret" | "errors"> {
  readonly query?: Query;
  readonly body?: Body;
  /** The schema of the page's items in the answer: `within("repositories", Repository)`, or `array(Tag)` for a bare array. */
  readonly items: z.ZodType<readonly Item[]>;
  /** Items with the same key are one. */
  readonly key: (item: Item) => string;
  /** Default `cursor`. */
  readonly by?: PagedBy;
}

/** Declares an operation that is a list in pages; all else as with `operation`. */
export function paged<
  const R extends Route,
  Item,
  Query extends Fields = Record<never, z.ZodType>,
  Body extends Fields | z.ZodType = Record<never, z.ZodType>,
>(route: R, { items, key, by = "cursor", ...spec }: PagedSpec<R, Query, Body, Item>): Paged<ParametersOf<R, Query, Body>, Item> {
  const row = operation<R, Fields, Body, Page<Item>>(route, {
    ...spec,
    query: { ...spec.query, ...queries[by] },
    headers: { accept: "application/json" },
    read: (answer) => ({ items: readJson(answer, items), ...nextOf(answer, by) }),
  });
  // The page's parameters are the client's business: callers do not see them.
  return { ...row, paging: { by, key } } as unknown as Paged<ParametersOf<R, Query, Body>, Item>;
}

const size = z.number().int().positive().optional();
const queries: Readonly<Record<PagedBy, Fields>> = {
  cursor: { pageSize: size, pageStart: z.string().optional() },
  start: { limit: size, start: z.string().optional() },
  offset: { limit: size, start: z.number().int().nonnegative().optional() },
};

function nextOf(answer: HttpAnswer, by: PagedBy): { next?: string } {
  if (by === "offset") return {};
  // The answer's own word first: headers hold no names beyond ASCII.
  const next = (by === "start" && readJson(answer, Next)) || answer.headers.get("x-next-page-start");
  return next ? { next } : {};
}

const Next = z
  .object({ nextPageStart: z.string().nullish().catch(undefined) })
  .optional()
  .transform((body) => body?.nextPageStart ?? undefined);

export interface Walk<Item> {
  /** The list, for error messages: `GET /api/v0/repositories`. */
  readonly of: string;
  readonly by: PagedBy;
  readonly key: (item: Item) => string;
  /** Items a page, as asked for; the server may have a limit of its own. */
  readonly pageSize: number;
  /** Gives a page; `query` are its parameters. */
  readonly fetch: (query: Readonly<Record<string, string | number>>) => Promise<Page<Item>>;
}

/** Pages in a row without a new item after which a server is taken to go round in circles. */
const patience = 50;

/** Every item of a list, once each, to the end, however short the pages are. Throws ListError for a server that goes round in circles. */
export async function* walk<Item>({ of, by, key, pageSize, fetch }: Walk<Item>): AsyncGenerator<Item, void, undefined> {
  const seen = new Set<string>();
  const starts = new Set<string>();
  const names = by === "cursor" ? { size: "pageSize", start: "pageStart" } : { size: "limit", start: "start" };
  for (let start: string | number | undefined, received = 0, idle = 0; ; ) {
    const page = await fetch({ [names.size]: pageSize, ...(start !== undefined && { [names.start]: start }) });
    const before = seen.size;
    for (const item of page.items) {
      if (seen.has(key(item))) continue;
      seen.add(key(item));
      yield item;
    }
    received += page.items.length;
    if (by === "offset") {
      // More than asked for: the server does not page. Nothing new: it is over, or the server knows no `start`.
      if (seen.size === before || page.items.length > pageSize) return;
      start = received;
      continue;
    }
    if (page.next === undefined) return;
    idle = seen.size === before ? idle + 1 : 0;
    if (starts.has(page.next) || idle > patience) throw new ListError(of, seen.size, undefined, circle);
    starts.add(page.next);
    start = page.next;
  }
}

const circle = "the server's pages go round in a circle (X-Next-Page-Start), so the list is incomplete and nothing was decided on it.";
