import { RE2JS, RE2JSException } from "re2js";
import { type PatternSubject, readGlob } from "./glob";
import type { Patterns } from "./policy";
import { PolicyError } from "./policy-error";
import { compileRegex } from "./regex";

/**
 * Compiles a list of patterns, once for many texts. A text is in the list if one of the patterns matches it as a whole and none that begins
 * with `!` does. In lists of repositories, `!` patterns alone mean all but those; in lists of tags they are an error, as they could be meant
 * both ways. Throws PolicyError; `where` names the list in it: `delete-tags`, `rules[0].tags`.
 */
export function compilePatterns(list: Patterns, where: string, subject: PatternSubject = "tags"): (text: string) => boolean {
  if (list.patterns.length === 0) {
    throw new PolicyError(where, `the list has no pattern. Leave it out, or write ${subject === "tags" ? "*" : "**"} for all.`);
  }
  const { wanted, unwanted } = divide(list.patterns, where);
  if (wanted.length === 0 && subject === "tags") {
    throw new PolicyError(
      where,
      "every pattern of the list begins with !, so that there is nothing to take their matches out of. Put * before them if all but those are meant.",
    );
  }
  const isWanted = wanted.length === 0 ? always : compileSome(wanted, list.syntax, where, subject);
  if (unwanted.length === 0) return isWanted;
  const isUnwanted = compileSome(unwanted, list.syntax, where, subject);
  return (text) => isWanted(text) && !isUnwanted(text);
}

/** Which repositories are meant, and whether the registry has to be asked for all its repositories to find them. */
export interface RepositoryMatcher {
  matches(repository: string): boolean;
  /** Repositories that are named without a wildcard, `{a,b}` being no wildcard: each must exist. Without those that a `!` pattern takes out. */
  readonly literals: readonly string[];
  /** Whether a pattern has a wildcard, or there are `!` patterns only. */
  readonly needsCatalog: boolean;
}

/** Compiles globs over repository paths; see readGlob. Throws PolicyError. */
export function repositoryMatcher(patterns: readonly string[], where = "repositories"): RepositoryMatcher {
  const matches = compilePatterns({ syntax: "glob", patterns }, where, "repositories");
  const globs = divide(patterns, where).wanted.map((pattern) => readGlob(pattern, "repositories", where));
  const literals = [...new Set(globs.flatMap((glob) => glob.literals))].filter(matches);
  const needsCatalog = globs.length === 0 || globs.some((glob) => glob.expressions.length > 0);
  if (!needsCatalog && literals.length === 0) {
    throw new PolicyError(where, "every repository that is named is taken out again by a pattern with !, so that none is left.");
  }
  return { matches, literals, needsCatalog };
}

/**
 * Divides a text into patterns: by new lines and, for globs, by commas outside braces. Blank lines and lines that begin with `#` are left out,
 * as no name begins so. Regular expressions may hold commas and are divided by new lines only.
 */
export function splitPatterns(text: string, syntax: Patterns["syntax"] = "glob"): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .filter((line) => !line.trimStart().startsWith("#"))
    .flatMap((line) => (syntax === "glob" ? splitAtCommas(line) : [line]))
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== "");
}

const always = (): boolean => true;

function divide(patterns: readonly string[], where: string): { wanted: readonly string[]; unwanted: readonly string[] } {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  for (const pattern of patterns) {
    // No name holds an exclamation mark, so that it can begin no pattern of its own, an expression neither.
    const negated = pattern.startsWith("!");
    const rest = (negated ? pattern.slice(1) : pattern).trim();
    if (rest === "")
      throw new PolicyError(where, `the pattern ${JSON.stringify(pattern)} is empty. Remove it, or write what it shall match.`);
    (negated ? unwanted : wanted).push(rest);
  }
  return { wanted, unwanted };
}

function compileSome(
  patterns: readonly string[],
  syntax: Patterns["syntax"],
  where: string,
  subject: PatternSubject,
): (text: string) => boolean {
  if (syntax === "regex") {
    for (const pattern of patterns) compileRegex(pattern, where); // each by itself, so that an error names it
    return linear(patterns);
  }
  const globs = patterns.map((pattern) => readGlob(pattern, subject, where));
  const literals = new Set(globs.flatMap((glob) => glob.literals));
  const expressions = [...new Set(globs.flatMap((glob) => glob.expressions))];
  if (expressions.length === 0) return (text) => literals.has(text);
  const isMatch = expressions.length <= 8 && expressions.every(isCheap) ? builtIn(expressions) : linear(expressions);
  return literals.size === 0 ? isMatch : (text) => literals.has(text) || isMatch(text);
}

/** The built-in engine takes a power of the text's length that grows with the wildcards: two of them take 128 x 128 steps at most. */
const isCheap = (expression: string): boolean => (expression.match(/\*\?/g)?.length ?? 0) <= 2;

/** Twenty times as fast as the linear engine where it cannot blow up. */
function builtIn(expressions: readonly string[]): (text: string) => boolean {
  const compiled = expressions.map((expression) => new RegExp(expression));
  return (text) => compiled.some((expression) => expression.test(text));
}

/** One pass over the text, whatever the expressions. */
function linear(expressions: readonly string[]): (text: string) => boolean {
  const compiled = together(expressions) ?? expressions.map((expression) => RE2JS.compile(expression));
  return (text) => compiled.some((expression) => expression.testExact(text));
}

/** Undefined if the expressions cannot be one: two of them name a group alike, or all are too large together. */
function together(expressions: readonly string[]): readonly RE2JS[] | undefined {
  try {
    return [RE2JS.compile(expressions.map((expression) => `(?:${expression})`).join("|"))];
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}

function splitAtCommas(line: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of line) {
    if (character === "{") depth++;
    else if (character === "}") depth--;
    if (character === "," && depth <= 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}
