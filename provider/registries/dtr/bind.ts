import { type Http, type HttpAnswer, statusError } from "../../http";
import { type Call, type CallOptions, call, type Operations } from "../call";
import type { Operation } from "../operation";
import { type Page, type Paged, walk } from "./paging";
import { holdsErrors } from "./schemas/values";

/** What a list may be given beside its parameters. */
export type ListOptions = Omit<CallOptions, "find">;

/** The method that a list in pages becomes: the whole list, asked for page by page while it is read. */
export type List<P, Item> =
  Record<never, never> extends P
    ? (parameters?: P, options?: ListOptions) => AsyncIterable<Item>
    : (parameters: P, options?: ListOptions) => AsyncIterable<Item>;

/** The operations of the API as methods; lists in pages become async iterables. */
export type Methods<T> = {
  readonly [K in keyof T]: T[K] extends Paged<infer P, infer Item>
    ? List<P, Item>
    : T[K] extends Operation<infer P, infer A>
      ? Call<P, A>
      : Methods<T[K]>;
};

type Row = Operation<never, unknown>;

/** Binds a tree of operations to the HTTP client of their API. */
export function bindOperations<const T extends Operations>(operations: T, http: Http, pageSize: number): Methods<T> {
  const bind = (tree: Operations): unknown =>
    Object.fromEntries(
      Object.entries(tree).map(([name, value]) => [
        name,
        !isRow(value) ? bind(value) : isPaged(value) ? listing(http, value, pageSize) : calling(http, value),
      ]),
    );
  return bind(operations) as Methods<T>; // Object.fromEntries forgets the keys
}

type Given = Readonly<Record<string, unknown>>;

const calling =
  (http: Http, row: Row) =>
  (parameters?: Given, options?: CallOptions): Promise<unknown> =>
    call(http, row.answer || row.read ? row : { ...row, read: nothing }, parameters, options);

/** Of an answer in which nobody is interested, only whether it is none: whoever stands before a registry may answer 200 with the registry's error. */
function nothing(answer: HttpAnswer): void {
  let body: unknown;
  try {
    body = JSON.parse(answer.body.toString("utf8"));
  } catch {
    return;
  }
  if (holdsErrors(body)) throw statusError(answer);
}

const listing =
  (http: Http, row: Paged<never, unknown>, pageSize: number) =>
  (parameters?: Given, options?: ListOptions): AsyncIterable<unknown> => ({
    [Symbol.asyncIterator]: () =>
      walk({
        ...row.paging,
        of: row.route,
        pageSize,
        fetch: async (page) => (await call(http, row, { ...parameters, ...page }, options)) as Page<unknown>, // a paged row's `read` gives one
      }),
  });

const isRow = (value: Row | Operations): value is Row => typeof value.route === "string";
const isPaged = (row: Row): row is Paged<never, unknown> => "paging" in row;
