import { RE2JS, RE2JSException } from "re2js";
import { PolicyError } from "./policy-error";

/** Longer expressions are a mistake, or meant to hurt. */
const longest = 10_000;

/** Compiles an expression of RE2's syntax, which runs in linear time. Throws PolicyError; `where` names the place in it. */
export function compileRegex(expression: string, where: string): RE2JS {
  if (expression.length > longest) {
    throw new PolicyError(where, `an expression of ${expression.length} characters is too long: at most ${longest} are read. Divide it.`);
  }
  try {
    return RE2JS.compile(expression);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const problem = error.message.replace(/^error parsing regexp: /, "");
    throw new PolicyError(
      where,
      `${JSON.stringify(expression)} is no regular expression that can be used: ${problem}. ${advice(problem)}`,
      {
        cause: error,
      },
    );
  }
}

function advice(problem: string): string {
  if (/Perl syntax|escape sequence: `\\[1-9]/.test(problem)) {
    return "Expressions are RE2's, which always end quickly and therefore have no look-ahead, look-behind or back-references: use exclude patterns in place of them.";
  }
  if (/repetition operator/.test(problem)) return "If it is meant as a glob (`*` for anything), set the pattern syntax to glob.";
  if (/repeat count/.test(problem)) return "A repetition may count to 1000, with all that it is nested in.";
  return "Correct it; the syntax is RE2's.";
}
