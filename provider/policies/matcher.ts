import { compilePatterns } from "../cleanup/policy/patterns";
import { type Subject, text } from "./subject";

/**
 * Whether a name is in a list of globs: `*` stays within one part of a path, `**` does not, `!` takes out again. An empty list holds nothing.
 * Throws an error that names `where`.
 */
export function inList(list: readonly string[], where: string): (name: string) => boolean {
  return list.length === 0 ? () => false : compilePatterns({ syntax: "glob", patterns: list }, where, "repositories");
}

/**
 * Acts on a resource unless it is in a list of exceptions, by the values of `keys` with slashes between them. These values are of interest only
 * where there is a list; where they are not known yet, nothing is decided. Throws an error that names `where`.
 */
export function unlessListed(list: readonly string[], where: string): (subject: Subject, keys: readonly string[], act: () => void) => void {
  const isListed = inList(list, where);
  return (subject, keys, act) => {
    if (list.length === 0) return act();
    subject.when(Object.fromEntries(keys.map((key) => [key, text])), (values) => {
      if (!isListed(keys.map((key) => values[key]).join("/"))) act();
    });
  };
}
