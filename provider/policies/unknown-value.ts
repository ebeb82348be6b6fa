import { holdsUnknown } from "../resources/unknown";

/** Stands in what {@link plainValue} gives for a value that only `up` will know. */
export const UNKNOWN: unique symbol = Symbol("not known before up");

/**
 * A property, copied to plain data with {@link UNKNOWN} in place of what is not known yet, at any depth. The policy SDK wraps properties in
 * proxies that throw when such a value is touched, which would end the whole rule: here one unknown value hides no other.
 */
export function plainValue(holder: object, key: string): unknown {
  let value: unknown;
  try {
    value = Reflect.get(holder, key);
  } catch (error) {
    if (isUnknownValueError(error)) return UNKNOWN;
    throw error;
  }
  if (typeof value === "string" && holdsUnknown(value)) return UNKNOWN;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.keys(value).map((name) => [name, plainValue(value, name)] as const);
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

/** The class is not exported by the SDK; this property is what it carries. */
const isUnknownValueError = (error: unknown): boolean => error instanceof Error && "unknownTypeSentinel" in error;
