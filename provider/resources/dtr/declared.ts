/**
 * What a read tells of optional inputs: those that the program declared (they stand in `last`), whatever they are now. What it left out is not managed and
 * never drifts. Where there is no state yet (`.get`, an adoption), all of them.
 */
export function declared<T extends object>(found: T, last: object, stateful: boolean): Partial<T> {
  const declares = (name: string) => (last as Readonly<Record<string, unknown>>)[name] !== undefined;
  const kept = Object.entries(found).filter(([name, value]) => declares(name) || (!stateful && value !== undefined));
  return Object.fromEntries(kept) as Partial<T>; // some of T's own entries
}

/** Of what a program declares, what is not as it was: all that an update sends. */
export function changes<T extends object>(now: T, last: object): Partial<T> {
  const changed = Object.entries(now).filter(
    ([name, value]) => value !== undefined && (last as Readonly<Record<string, unknown>>)[name] !== value,
  );
  return Object.fromEntries(changed) as Partial<T>; // some of T's own entries
}
