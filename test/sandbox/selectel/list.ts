import type { SandboxResponse } from "../contract";
import type { Call } from "./call";
import { Refusal } from "./refusal";

const defaultLimit = 10;

export interface Listing<T> {
  readonly items: readonly T[];
  /** Milliseconds at which an item came into being. */
  readonly at: (item: T) => number;
  /** The item last removed, for the fault `stale-list`. */
  readonly removed: T | undefined;
  /** Whether an item answers to `search`, which comes in lower case. */
  readonly matches?: (item: T, search: string) => boolean;
  /** What may be sorted by, the default first. */
  readonly sort?: Readonly<Record<string, (item: T) => string | number>>;
  /** False for a list without `limit` and `offset`. Default true. */
  readonly paged?: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** How many there are. */
  readonly total: number;
  /** How many answer to `search`. */
  readonly filtered: number;
}

/** One page of a list as the query asks for it: `search`, `sort_field`, `sort_type`, `limit`, `offset`. */
export function page<T>(call: Call, listing: Listing<T>): Page<T> {
  const items = call.request.fault === "stale-list" ? stale(listing) : listing.items;
  const found = sorted(call, listing, searched(call, listing, items));
  const slice = listing.paged === false ? found : cut(call, found);
  const short = call.request.fault === "short-page" && slice.length > 1;
  return { items: short ? slice.slice(0, Math.floor(slice.length / 2)) : slice, total: items.length, filtered: found.length };
}

/** A bare array, or 204 for an empty one where the service does so. */
export function arrayOrNothing(call: Call, items: readonly unknown[]): SandboxResponse {
  if (items.length === 0 && call.world.switches.emptyList === "204") return { status: 204 };
  return { status: 200, json: items };
}

/** The list as it was before its last change: with what was removed, else without the newest. */
function stale<T>({ items, at, removed }: Listing<T>): readonly T[] {
  if (removed !== undefined) return [...items, removed];
  const newest = items.reduce<T | undefined>((best, item) => (best === undefined || at(item) >= at(best) ? item : best), undefined);
  return items.filter((item) => item !== newest);
}

function searched<T>(call: Call, { matches }: Listing<T>, items: readonly T[]): readonly T[] {
  const search = call.request.query.get("search")?.toLowerCase();
  return search && matches ? items.filter((item) => matches(item, search)) : items;
}

function sorted<T>(call: Call, { sort }: Listing<T>, items: readonly T[]): readonly T[] {
  if (!sort) return items;
  const field = call.request.query.get("sort_field") ?? Object.keys(sort)[0] ?? "";
  const type = call.request.query.get("sort_type") ?? "asc";
  const key = Object.hasOwn(sort, field) ? sort[field] : undefined;
  if (!key) throw new Refusal(400, "sort_field value is invalid");
  if (type !== "asc" && type !== "desc") throw new Refusal(400, "sort_type value is invalid");
  const sign = type === "asc" ? 1 : -1;
  return items.toSorted((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function cut<T>(call: Call, items: readonly T[]): readonly T[] {
  const limit = Math.min(natural(call, "limit", defaultLimit, 1), call.world.switches.maxLimit);
  const offset = natural(call, "offset", 0, 0);
  const start = call.world.switches.offset === "items" ? offset : offset * limit;
  return items.slice(start, start + limit);
}

function natural(call: Call, name: string, byDefault: number, least: number): number {
  const text = call.request.query.get(name);
  if (text === null) return byDefault;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least)) throw new Refusal(400, `${name} value is invalid`);
  return value;
}
