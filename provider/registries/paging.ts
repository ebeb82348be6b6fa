import { ListError } from "./list-error";

/** One page of a list that is paged by `limit` and `offset`. */
export interface OffsetPage<T> {
  readonly items: readonly T[];
  /** How many items the whole list has, where the server says it. */
  readonly total?: number;
  /** The whole list has no more items than that: a count of which it is not known whether it heeds the filter. */
  readonly bound?: number;
}

/** What a server takes `offset` for: a number of items to skip, or a number of pages. A description that says both leaves it open. */
export type OffsetReading = "items" | "pages";

/** Remembers what was found out about a server's `offset`, so that only the first long list pays for it. Key: `OffsetList.of`. */
export type OffsetReadings = Map<string, OffsetReading>;

export interface OffsetList<T> {
  /** The list, for error messages and as key of `readings`: `GET /registries`. */
  readonly of: string;
  /** Items a page, as asked for; the server may have a lower limit of its own. */
  readonly limit: number;
  readonly key: (item: T) => string;
  readonly fetch: (page: { limit: number; offset: number }) => Promise<OffsetPage<T>>;
  readonly readings: OffsetReadings;
}

const walks = 3;

/**
 * Every item of a list, once each, whichever way the server reads `offset`. Works without totals, with a server that has a lower page limit
 * than asked for, and with one that knows no paging at all. Throws ListError rather than end early, where the server gives totals.
 *
 * The reading is decided by asking for `offset=1` second: a server that skips items answers with almost the same items again, one that skips
 * pages with none of them. That answer also shows whether a first page that was not full was the last.
 * Without totals, items that move to the front while the list is read may be missed: nothing on the wire tells.
 */
export async function* offsetList<T>(list: OffsetList<T>): AsyncGenerator<T, void, undefined> {
  const seen = new Set<string>();
  for (let walk = 1; ; walk++) {
    const { total, shrunk } = yield* walkOnce(list, seen);
    const short = total !== undefined && seen.size < total;
    if (!short && !shrunk) return;
    // What was deleted meanwhile moved the rest forward, perhaps past us; or the remembered reading is wrong. Once more, from the start.
    if (short) list.readings.delete(list.of);
    if (walk === walks && short) throw new ListError(list.of, seen.size, total);
    if (walk === walks) return;
  }
}

interface Walk {
  /** The last total that the server gave. */
  readonly total?: number;
  /** The total went down on the way. */
  readonly shrunk: boolean;
}

/** Gives the items that are not in `seen`, and adds them to it. */
async function* walkOnce<T>(list: OffsetList<T>, seen: Set<string>): AsyncGenerator<T, Walk, undefined> {
  const { limit, key, readings } = list;
  const here = new Set<string>();
  let total: number | undefined;
  let bound: number | undefined;
  let shrunk = false;
  const complete = () => here.size === (total ?? bound);

  const get = async (offset: number) => {
    const page = await list.fetch({ limit, offset });
    let fresh = 0;
    const unseen: T[] = [];
    for (const item of page.items) {
      const name = key(item);
      if (!here.has(name)) fresh++;
      here.add(name);
      if (!seen.has(name)) unseen.push(item);
      seen.add(name);
    }
    if (page.total !== undefined && total !== undefined && page.total < total) shrunk = true;
    // Servers that give 0 for "not counted" do no harm: the list is only complete when it has exactly that many.
    total = page.total ?? total;
    bound = page.bound ?? bound;
    return { count: page.items.length, fresh, unseen };
  };

  const first = await get(0);
  yield* first.unseen;
  // More than asked for: the server does not page.
  if (first.count === 0 || first.count > limit || complete()) return { total, shrunk };

  let reading = readings.get(list.of);
  let nextItem = first.count;
  let nextPage = 1;
  if (reading === undefined) {
    const second = await get(1);
    yield* second.unseen;
    // Nothing new: there was one page only. (Also if the server ignores `offset`; then a total tells.)
    if (second.fresh === 0) return { total, shrunk };
    reading = "items";
    if (first.count > 1) {
      // Skipping one item, all but the last are known; skipping one page, none. Others may add or delete at the same time, hence the half.
      reading = second.fresh * 2 > second.count ? "pages" : "items";
      readings.set(list.of, reading);
    }
    nextItem = 1 + second.count;
    nextPage = 2;
  }
  while (!complete()) {
    const page = await get(reading === "pages" ? nextPage : nextItem);
    yield* page.unseen;
    if (page.fresh === 0) break;
    nextItem += page.count;
    nextPage++;
  }
  return { total, shrunk };
}
