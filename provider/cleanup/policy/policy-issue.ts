import type { z } from "zod";
import { nearest } from "./nearest";
import { PolicyError } from "./policy-error";
import { policySchema } from "./schema";
import type { Places } from "./yaml-places";

/** The first thing that is wrong in a policy file, for the reader: where, what, and what to do. */
export function explain(error: z.ZodError, value: unknown, places: Places): PolicyError {
  const issue = flat(error.issues)[0];
  if (issue === undefined) return new PolicyError(places.of([]), "the policy is not understood.", { cause: error });
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0] ?? "";
    return new PolicyError(places.ofKey(issue.path, key), unknownKey(key, keysAt(issue.path)), { cause: error });
  }
  const given = issue.path.reduce<unknown>((inside, key) => (isRecord(inside) ? inside[key] : undefined), value);
  return new PolicyError(places.of(issue.path), `${shown(given)}. ${expectation(issue, given)}`, { cause: error });
}

type Issue = z.core.$ZodIssue;

/** A union's own issue says nothing: the branch that got furthest does. */
function flat(issues: readonly Issue[]): Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== "invalid_union") return [issue];
    const branches = issue.errors.map((branch) => flat(branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))));
    const deepest = branches.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
    return depth(deepest) > issue.path.length ? deepest : [issue];
  });
}

const depth = (issues: readonly Issue[]): number => Math.max(0, ...issues.map(({ path }) => path.length));

function unknownKey(key: string, known: readonly string[]): string {
  const camel = key.replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const meant = nearest(camel, known);
  return `the key ${JSON.stringify(key)} is not known${meant === undefined ? "" : `; perhaps ${meant} is meant`}. Known are ${known.join(", ")}.`;
}

function expectation(issue: Issue, given: unknown): string {
  if (given === undefined) return "Give it.";
  if (typeof given === "number" && /(?:Than|Age)$/.test(String(issue.path.at(-1))))
    return `Write the unit: ${given}d for days, ${given}h for hours.`;
  if (issue.code === "invalid_type" && issue.expected === "string") {
    return typeof given === "number" || typeof given === "boolean" || given === null
      ? "YAML reads it as something else than text: put it in quotes."
      : "A text is expected.";
  }
  if (issue.code === "invalid_value") return `Possible ${issue.values.length === 1 ? "is" : "are"} ${issue.values.map(String).join(", ")}.`;
  if (issue.code === "invalid_union") {
    return typeof given === "number" || typeof given === "boolean" || given === null
      ? "A text or a list of texts is expected: put it in quotes."
      : "A text or a list of texts is expected.";
  }
  if (issue.code === "invalid_type") return `Expected is ${expectedTypes[issue.expected] ?? issue.expected}.`;
  if (issue.code === "too_small")
    return issue.origin === "string" || issue.origin === "array"
      ? "It must not be empty; leave it out."
      : `It must be at least ${String(issue.minimum)}.`;
  if (issue.code === "too_big") return `It must be at most ${String(issue.maximum)}.`;
  return `${issue.message}.`;
}

const expectedTypes: Readonly<Record<string, string>> = {
  object: "a mapping (keys with values)",
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
};

function shown(given: unknown): string {
  if (given === undefined) return "it is missing";
  const text = JSON.stringify(given) ?? String(given);
  return `${text.length > 60 ? `${text.slice(0, 57)}…` : text} cannot stand here`;
}

const isRecord = (value: unknown): value is Record<PropertyKey, unknown> => typeof value === "object" && value !== null;

/** The keys that may stand at a path, by the published schema. */
function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = policySchema();
  for (const part of path) {
    if (!isRecord(schema)) return [];
    schema = typeof part === "number" ? schema.items : isRecord(schema.properties) ? schema.properties[part] : undefined;
  }
  return isRecord(schema) && isRecord(schema.properties) ? Object.keys(schema.properties).filter((key) => key !== "$schema") : [];
}
