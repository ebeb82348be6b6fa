import { Expression } from "./code";

/** Finds resources of the program that stand before the one that is being written. */
export interface Lookup {
  /** The variable of a resource, by its kind and by what others refer to it by. Asking for it makes it a variable. */
  variable(kind: string, key: string): string | undefined;
}

/** `acmeOrganization.name`, if there is such a resource. */
export function property(lookup: Lookup, kind: string, key: unknown, name: string): Expression | undefined {
  const variable = typeof key === "string" ? lookup.variable(kind, key) : undefined;
  return variable === undefined ? undefined : new Expression(`${variable}.${name}`);
}
