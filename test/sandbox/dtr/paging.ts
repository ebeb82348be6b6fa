import { argument, type Call, flag, natural } from "./call";

export interface Page<T> {
  readonly items: readonly T[];
  readonly headers: Readonly<Record<string, string>>;
}

/** Where `pageSize` is not given. */
const DEFAULT_SIZE = 10;

/**
 * One page of a list of `/api/v0` by `pageSize` and `pageStart`, the key of its first record; `X-Next-Page-Start` says where it goes on, and
 * with `count=true` `X-Resource-Count` how many there are. Records come in the order of their keys, or in the one given (`ordered`), of which the
 * keys are the only thing known. Plays the faults `short-page` (half of the records) and `looped-link` (the next page begins where this one did).
 */
export function page<T>(call: Call, records: readonly T[], keyOf: (record: T) => string, order: "by-key" | "given" = "by-key"): Page<T> {
  const { world, request } = call;
  const size = Math.max(1, Math.min(natural(call, "pageSize", DEFAULT_SIZE), world.switches.maxPageSize));
  const start = argument(call, "pageStart");
  const all = order === "given" ? records : sortedBy(records, keyOf);
  const from = start === undefined ? 0 : placeOf(all.map(keyOf), start, order);
  const count: Record<string, string> = flag(call, "count", false) ? { "x-resource-count": String(all.length) } : {};
  const taken = Math.min(size, all.length - from);
  const items = all.slice(from, from + (request.fault === "short-page" ? Math.ceil(taken / 2) : taken));
  const nextRecord = all[from + items.length];
  const first = items[0];
  const next = request.fault === "looped-link" && first !== undefined ? keyOf(first) : nextRecord && keyOf(nextRecord);
  if (next !== undefined) return { items, headers: { ...count, "x-next-page-start": next } };
  return { items, headers: { ...count, ...(world.switches.lastPage === "empty" && { "x-next-page-start": "" }) } };
}

/** One page by `start`, the number of records before it, and `limit`, as jobs have it. */
export function offsetPage<T>(call: Call, records: readonly T[]): readonly T[] {
  const start = call.request.fault === "looped-link" ? 0 : natural(call, "start", 0);
  const items = records.slice(start, start + natural(call, "limit", DEFAULT_SIZE));
  return call.request.fault === "short-page" ? items.slice(0, Math.ceil(items.length / 2)) : items;
}

/** One page of `/enzi/v0` by `start`, the key of its first record, and `limit`. `next` is empty on the last page, and so is the header there. */
export function accountPage<T>(call: Call, records: readonly T[], keyOf: (record: T) => string): Page<T> & { readonly next: string } {
  const limit = Math.max(1, natural(call, "limit", DEFAULT_SIZE));
  const start = argument(call, "start");
  const from = start === undefined ? 0 : Math.max(0, placeOf(records.map(keyOf), start, "given"));
  const taken = Math.min(limit, records.length - from);
  const items = records.slice(from, from + (call.request.fault === "short-page" ? Math.ceil(taken / 2) : taken));
  const following = call.request.fault === "looped-link" ? items[0] : records[from + items.length];
  const next = following === undefined ? "" : keyOf(following);
  return { items, next, headers: next === "" && call.world.switches.lastPage === "absent" ? {} : { "x-next-page-start": next } };
}

export function sortedBy<T>(records: readonly T[], keyOf: (record: T) => string): readonly T[] {
  return records.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
}

/** Where the record with that key is, or, when it went meanwhile, the one after it; where nothing tells, the end. */
function placeOf(keys: readonly string[], start: string, order: "by-key" | "given"): number {
  const at = keys.indexOf(start);
  if (at >= 0) return at;
  const after = order === "by-key" ? keys.findIndex((key) => key > start) : -1;
  return after < 0 ? keys.length : after;
}
