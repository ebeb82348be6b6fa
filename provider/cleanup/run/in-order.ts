/**
 * Works on items at most `limit` at a time and gives the results in the items' order. No more than `limit` results wait for an earlier one,
 * so memory does not grow with the number of items. After a failure, or when the reader stops, no new work begins, the signal that the work
 * was given is aborted, and what runs is waited for.
 */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  { limit, signal: outer }: { readonly limit: number; readonly signal?: AbortSignal },
  work: (item: T, signal: AbortSignal) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const stopped = new AbortController();
  const signal = outer ? AbortSignal.any([outer, stopped.signal]) : stopped.signal;
  const iterator = items[Symbol.iterator]();
  const begun: Promise<R>[] = [];
  const begin = (): boolean => {
    const next = iterator.next();
    if (next.done) return false;
    const result = work(next.value, signal);
    // It is awaited below, perhaps only after an earlier one has failed.
    result.catch(() => {});
    begun.push(result);
    return true;
  };
  try {
    while (begun.length < Math.max(1, limit) && begin());
    for (let first = begun[0]; first !== undefined; first = begun[0]) {
      const result = await first;
      begun.shift();
      begin();
      yield result;
    }
  } finally {
    stopped.abort();
    await Promise.allSettled(begun);
  }
}
