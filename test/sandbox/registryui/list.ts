import { argument, type Call, natural } from "./call";
import type { RegistryUiSwitches } from "./switches";

/**
 * One page of a list by `startAfter`, `skip` and `take`. `total` counts what comes after `startAfter`, whatever `skip` and `take` say. Plays
 * the faults `short-page` (half of the entries) and `looped-link` (the first page again, as if `startAfter` and `skip` were not there).
 */
export function page<T>(
  call: Call,
  items: readonly T[],
  keyOf: (item: T) => string,
): { readonly total: number; readonly items: readonly T[] } {
  const { fault } = call.request;
  const compare = order(call.world.switches.collation);
  const first = fault === "looped-link";
  const startAfter = first ? undefined : argument(call, "startAfter");
  const skip = first ? 0 : (natural(call, "skip") ?? 0);
  const take = Math.min(natural(call, "take") ?? Number.POSITIVE_INFINITY, call.world.switches.maxTake);
  const matching = items
    .toSorted((a, b) => compare(keyOf(a), keyOf(b)))
    .filter((item) => startAfter === undefined || compare(keyOf(item), startAfter) > 0);
  const found = matching.slice(skip, skip + take);
  return { total: matching.length, items: fault === "short-page" ? found.slice(0, Math.floor(found.length / 2)) : found };
}

function order(collation: RegistryUiSwitches["collation"]): (a: string, b: string) => number {
  if (collation === "binary") return (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  return new Intl.Collator("en", { sensitivity: "accent" }).compare;
}
