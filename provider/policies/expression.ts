import { compileRegex } from "../cleanup/policy/regex";

/** Whether a text has a match of a regular expression of RE2's syntax. Throws an error that names `where`. */
export function matches(expression: string, where: string): (text: string) => boolean {
  const compiled = compileRegex(expression, where);
  return (text) => compiled.matcher(text).find();
}
