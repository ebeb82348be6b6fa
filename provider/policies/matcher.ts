import { compilePatterns } from "../cleanup/policy/patterns";
import { type Subject, text } from "./subject";

/**
 * Whether a name is in a list of globs: `*` stays within one part of a path, `**` does not, `!` takes out again. An empty list holds nothing.
 * Throws an error that names `where`.
 */
export function inList(list: readonly string[], where: string): (name: string) => boolean {
  return list.length === 0 ? () => false : compilePatterns({ syntax: "glob", patterns: list }, where, "repositories");
}

/** The same for names of tokens, which may hold any character: blanks, brackets, other scripts. */
function inNames(list: readonly string[], where: string): (name: string) => boolean {
  if (!list.some((pattern) => ODD.test(pattern))) return inList(list, where);
  const isListed = inList(list.map(spelled), where);
  return (name) => isListed(spelled(name));
}

/** What globs of repositories cannot hold. */
const ODD = /[^A-Za-z0-9_./*?[\]{},!^-]/u;
const spelled = (text: string): string => text.replace(new RegExp(ODD, "gu"), (odd) => `_x${odd.codePointAt(0)?.toString(16)}_`);

/** Acts on a repository or a team unless it is in a list of exceptions; see {@link unless}. Throws an error that names `where`. */
export const unlessListed = (list: readonly string[], where: string): Unless => unless(list, inList(list, where));

/** Acts on a token unless it is in a list of exceptions; see {@link unless}. Throws an error that names `where`. */
export const unlessNamed = (list: readonly string[], where: string): Unless => unless(list, inNames(list, where));

type Unless = (subject: Subject, keys: readonly string[], act: () => void) => void;

/**
 * Acts on a resource unless it is in a list of exceptions, by the values of `keys` with slashes between them. These values are of interest only
 * where there is a list; where they are not known yet, nothing is decided.
 */
const unless =
  (list: readonly string[], isListed: (name: string) => boolean): Unless =>
  (subject, keys, act) => {
    if (list.length === 0) return act();
    subject.when(Object.fromEntries(keys.map((key) => [key, text])), (values) => {
      if (!isListed(keys.map((key) => values[key]).join("/"))) act();
    });
  };
