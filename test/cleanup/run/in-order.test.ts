import { inOrder } from "../../../provider/cleanup/run/in-order";

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const result of results) list.push(result);
  return list;
}

describe("inOrder", () => {
  it("gives results in the items' order, with no more than the limit at work or waiting", async () => {
    let held = 0;
    let most = 0;
    const work = async (n: number) => {
      held += 1;
      most = Math.max(most, held);
      for (let tick = 0; tick < (n % 3 === 0 ? 30 : 1); tick++) await null;
      return n;
    };
    const results: number[] = [];
    for await (const result of inOrder(Array(50).keys(), { limit: 4 }, work)) {
      held -= 1;
      results.push(result);
    }
    expect(results).toEqual([...Array(50).keys()]);
    // One more begins while the reader has the first.
    expect(most).toBeLessThanOrEqual(5);
    expect(most).toBeGreaterThanOrEqual(4);
  });

  it("begins nothing new after a failure, ends what runs, and throws the first error in order", async () => {
    const begun: number[] = [];
    const aborted: number[] = [];
    const work = async (n: number, signal: AbortSignal) => {
      begun.push(n);
      if (n === 1) throw new Error("one");
      if (n > 1) await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      if (signal.aborted) aborted.push(n);
      return n;
    };
    await expect(all(inOrder(Array(50).keys(), { limit: 3 }, work))).rejects.toThrow("one");
    expect(begun).toEqual([0, 1, 2, 3]);
    expect(aborted).toEqual([2, 3]);
  });

  it("ends what runs when the reader stops", async () => {
    let ended = 0;
    const work = async (n: number, signal: AbortSignal) => {
      if (n > 0) await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      ended += 1;
      return n;
    };
    for await (const _ of inOrder([0, 1, 2, 3], { limit: 2 }, work)) break;
    expect(ended).toBe(3);
  });

  it("hands the caller's signal on", async () => {
    const caller = new AbortController();
    caller.abort();
    expect(await all(inOrder([1], { limit: 1, signal: caller.signal }, async (_, signal) => signal.aborted))).toEqual([true]);
  });

  it("works on one at a time whatever nonsense the limit is", async () => {
    expect(await all(inOrder([1, 2], { limit: 0 }, async (n) => n))).toEqual([1, 2]);
  });
});
