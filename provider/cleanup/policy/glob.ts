import picomatch from "picomatch";
import { expandBraces } from "./braces";
import { PolicyError } from "./policy-error";

/** What a glob is held against: a repository's path has slashes, a tag has none. */
export type PatternSubject = "repositories" | "tags";

/** A glob, taken apart: texts that match as they are, and the sources of regular expressions, without look-around, for the rest. */
export interface Glob {
  readonly literals: readonly string[];
  readonly expressions: readonly string[];
}

/** Longer globs are a mistake, or meant to hurt. */
const longest = 10_000;

/**
 * Reads a glob; case-sensitive, and the whole text must match. `*` is any number of characters but no slash, `?` is one, `[abc]`, `[a-z]` and
 * `[!a]` are one of a set, `{a,b}` is one of several texts. In repositories `**` as a whole part of the path is any number of parts, and a
 * lone `*` means all. A dot is an ordinary character. Nothing can or need be escaped, because no name has any of these characters. What cannot
 * occur in a name is an error, because such a pattern would never match and so protect nothing. Throws PolicyError; `where` names the place.
 */
export function readGlob(glob: string, subject: PatternSubject, where: string): Glob {
  const refuse = (fault: string): never => {
    throw new PolicyError(where, `the pattern ${JSON.stringify(glob)} ${fault}`);
  };
  if (glob.length > longest) refuse(`has ${glob.length} characters: at most ${longest} are read. Divide it.`);
  const fault = characterFault(glob, subject) ?? bracketFault(glob);
  if (fault !== undefined) refuse(fault);
  const alternatives = expandBraces(glob);
  if (typeof alternatives === "string") return refuse(alternatives);
  const literals: string[] = [];
  const expressions: string[] = [];
  for (const alternative of alternatives) {
    const wrong = subject === "repositories" ? pathFault(alternative) : alternative === "" ? "stands for an empty tag." : undefined;
    if (wrong !== undefined) refuse(wrong);
    if (hasWildcard(alternative))
      expressions.push(expressionOf(alternative, subject) ?? refuse("has a set of characters whose range runs backwards."));
    else literals.push(alternative);
  }
  return { literals, expressions };
}

const hasWildcard = (glob: string): boolean => /[*?[]/.test(glob);

function characterFault(glob: string, subject: PatternSubject): string | undefined {
  const odd = (subject === "tags" ? /[^A-Za-z0-9_.*?[\]{},!^-]/u : /[^A-Za-z0-9_./*?[\]{},!^-]/u).exec(glob)?.[0];
  if (odd === undefined) return undefined;
  const noun = subject === "tags" ? "tag" : "repository's path";
  return `has the character ${JSON.stringify(odd)}, which no ${noun} has, so that it would never match. ${characterAdvice(odd, subject)}`;
}

function characterAdvice(odd: string, subject: PatternSubject): string {
  if (odd === "\\")
    return "Nothing in a glob need be escaped (a dot is an ordinary character); for a regular expression set the pattern syntax to regex.";
  if ("()|+$".includes(odd)) {
    return subject === "tags"
      ? "For alternatives write {a,b}; for a regular expression set the pattern syntax to regex."
      : "For alternatives write {a,b}; repositories are always given as globs.";
  }
  if (odd === "/") return "Name repositories apart from tags.";
  if (odd === ":" || odd === "@")
    return subject === "tags" ? "Give the tag alone." : "Give the path alone, without host, port, tag or digest.";
  if (/\s/u.test(odd)) return "Separate patterns by commas or new lines.";
  return "Correct it.";
}

/** Sets of characters, and what may stand only in them or in braces. */
function bracketFault(glob: string): string | undefined {
  const outside = glob.replace(/\[[!^]?[A-Za-z0-9_.-]+\]/g, "");
  if (/[[\]]/.test(outside))
    return "has a bracket that is not closed, or empty, or with something else than characters in it: [abc], [a-z], [!a].";
  if (outside.includes("!"))
    return "has an exclamation mark in the middle: it stands first, to take the matches of the pattern out of the list, or in a set as [!a].";
  if (outside.includes("^"))
    return "has a ^, which no name has: globs always match from beginning to end. For a regular expression set the pattern syntax to regex.";
  return undefined;
}

function pathFault(glob: string): string | undefined {
  for (const part of glob.split("/")) {
    if (part === "") return "has an empty part: a path neither begins nor ends with a slash, nor has two in a row.";
    if (part === "." || part === "..") return `has the part ${JSON.stringify(part)}, which no path has.`;
    if (part.includes("**") && part !== "**")
      return "has ** beside other characters: it must be a whole part of the path, as in team/**/app; * stays within one part.";
  }
  return undefined;
}

// What picomatch puts in for names that cannot be: `.` and `..` as a part of a path, and an empty one. Linear engines have no look-ahead.
const impossible = ["(?!(?:^|\\/)\\.{1,2}(?:\\/|$))", "(?!\\.{1,2}(?:\\/|$))", "(?=.)"];

/** Undefined if picomatch makes nothing of it. */
function expressionOf(glob: string, subject: PatternSubject): string | undefined {
  if (subject === "repositories" && glob === "*") return "^.*$";
  const prepared = (subject === "tags" ? glob.replace(/\*{2,}/g, "*") : glob)
    .replaceAll("[!", "[^") // picomatch knows the other spelling in another mode only
    .replace(/\[(\^?)([^\]]*)-\]/g, "[$1-$2]"); // it puts a slash at the end of negated sets, where a dash would become a range
  try {
    const { source } = picomatch.makeRe(prepared, {
      dot: true,
      nonegate: true,
      noextglob: true,
      nobrace: true,
      strictSlashes: true,
      debug: true,
    });
    return impossible.reduce((rest, part) => rest.replaceAll(part, ""), source);
  } catch {
    return undefined;
  }
}
