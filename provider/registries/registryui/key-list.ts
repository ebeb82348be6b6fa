import { ListError } from "../list-error";
import type { Page } from "./schemas";

export interface KeyList<T> {
  /** The list, for error messages: `GET /tags`. */
  readonly of: string;
  /** Entries a page, as asked for. */
  readonly take: number;
  /** What `startAfter` takes. */
  readonly key: (entry: T) => string;
  readonly fetch: (page: { readonly take: number; readonly startAfter?: string }) => Promise<Page<T>>;
  /** Where to begin: after this key. */
  readonly from?: string;
}

const walks = 3;

/**
 * Every entry of a list, once each, by `startAfter`: `skip` would lose entries while others are deleted. Ends on an empty page, or on one that is
 * shorter than asked for and holds all that its `total` counts; never because a page is short. Throws ListError rather than end early.
 *
 * Whether `total` heeds `startAfter` does not matter: at worst one more page is asked for. The last key of a page is the server's own, in
 * the server's own order, so its collation does not matter either, but for keys that it takes for equal (`Latest`, `latest`): these get lost where
 * a page ends between them. Then fewer came than the first `total` said, and the list is walked again with pages that end elsewhere.
 */
export async function* keyList<T>(list: KeyList<T>): AsyncGenerator<T, void, undefined> {
  const seen = new Set<string>();
  let total: number | undefined;
  for (let walk = 0; walk < walks; walk++) {
    const end = yield* walkOnce(list, Math.max(1, list.take - walk), seen);
    total = end.total;
    if (!end.circle && (total === undefined || seen.size >= total)) return;
  }
  throw new ListError(list.of, seen.size, total ?? seen.size);
}

interface Walk {
  /** What the first page said. */
  readonly total?: number;
  /** The server gave a page that it had given before. */
  readonly circle: boolean;
}

async function* walkOnce<T>(list: KeyList<T>, take: number, seen: Set<string>): AsyncGenerator<T, Walk, undefined> {
  const ends = new Set<string>();
  let total: number | undefined;
  for (let startAfter = list.from; ; ) {
    const page = await list.fetch({ take, ...(startAfter !== undefined && { startAfter }) });
    if (ends.size === 0) total = page.total;
    for (const entry of page.entries) {
      const key = list.key(entry);
      if (seen.has(key)) continue;
      seen.add(key);
      yield entry;
    }
    const last = page.entries.at(-1);
    if (last === undefined) return { total, circle: false };
    const { length } = page.entries;
    if (page.total !== undefined && page.total > 0 && length >= page.total && length < take) return { total, circle: false };
    startAfter = list.key(last);
    if (ends.has(startAfter)) return { total, circle: true };
    ends.add(startAfter);
  }
}
