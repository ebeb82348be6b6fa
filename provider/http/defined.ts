/** Without the properties that are undefined, so that a default survives `{ total: undefined }`. */
export function defined<T extends object>(values: T | undefined): Partial<T> {
  // The entries are T's own, only fewer, which Object.fromEntries cannot say.
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;
}
