import { createHash } from "node:crypto";

/** What is to be named, apart from all others of its type. */
export interface Named {
  readonly kind: string;
  readonly id: string;
  readonly label: string;
}

/** The two names of a resource in a program. */
export interface Names {
  /** Pulumi's: unique among the resources of one kind, also where case is not looked at. */
  readonly resource: string;
  /** The variable's: unique in the program. */
  readonly variable: string;
}

/**
 * Names for all resources of a program: readable, and the same whatever the order in which the server lists them. Those that would be called alike
 * (`A/b` and `a/b`, identical webhooks) carry a few digits of a hash of their ids.
 */
export function nameAll(objects: readonly Named[]): Names[] {
  const resources = distinct(
    objects,
    (object) => resourceName(object),
    (object, name) => `${object.kind} ${name.toLowerCase()}`,
    "-",
  );
  const named = objects.map((object, index) => ({ ...object, resource: resources[index] ?? "" }));
  const variables = distinct(
    named,
    (object) => variableName(object.resource, object.kind),
    (_object, name) => name,
    "_",
  );
  return objects.map((_object, index) => ({ resource: resources[index] ?? "", variable: variables[index] ?? "" }));
}

function distinct<T extends Named>(
  objects: readonly T[],
  nameOf: (object: T) => string,
  identity: (object: T, name: string) => string,
  separator: string,
): string[] {
  const counts = new Map<string, number>();
  const count = (text: string) => counts.set(text, (counts.get(text) ?? 0) + 1);
  for (const object of objects) count(identity(object, nameOf(object)));
  const taken = new Set<string>();
  return objects.map((object) => {
    const name = nameOf(object);
    const alone = counts.get(identity(object, name)) === 1;
    const digest = createHash("sha256")
      .update(JSON.stringify([object.kind, object.id]))
      .digest("hex");
    for (let length = alone ? 0 : 6; ; length += 2) {
      const candidate = length === 0 ? name : `${name}${separator}${digest.slice(0, length)}`;
      const mark = identity(object, candidate);
      // What carries digits must not be what another one is called without them.
      if (taken.has(mark) || (length > 0 && counts.has(mark))) continue;
      taken.add(mark);
      return candidate;
    }
  });
}

/** Letters and digits of any script, `/`, `.`, `_` and `-`; everything else is a hyphen. */
function resourceName({ label, kind }: Named): string {
  const name = label
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}._/-]+/gu, "-")
    .replace(/^[-/]+|[-/]+$/g, "");
  return name === "" ? kind.toLowerCase() : name;
}

/** `acme/api-server` of a Repository is `acmeApiServerRepository`: the kind at its end keeps it from being a reserved word. */
function variableName(name: string, kind: string): string {
  const words = name.split(/[^\p{ID_Continue}]+|_/u).filter(Boolean);
  const camel = words.map((word, index) => (index === 0 ? lower(word) : upper(word))).join("");
  return /^\p{ID_Start}/u.test(camel) ? `${camel}${kind}` : `${lower(kind)}${camel}`;
}

const lower = (word: string): string => word.charAt(0).toLowerCase() + word.slice(1);
const upper = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
