import { PolicyError } from "./policy-error";

/** What a tag has in the place of the placeholder; undefined if it is not made from the template. */
export type Template = (tag: string) => string | undefined;

/** Compiles a template for tags, such as `pr-{number}`. Throws PolicyError; `where` names it there. */
export function compileTemplate(template: string, placeholder: string, where: string): Template {
  const mark = `{${placeholder}}`;
  const [prefix, suffix, ...more] = template.split(mark);
  if (prefix === undefined || suffix === undefined || more.length > 0) {
    throw new PolicyError(
      where,
      `the template ${JSON.stringify(template)} must hold ${mark} exactly once, as in ${example[placeholder] ?? mark}.`,
    );
  }
  const rest = prefix + suffix;
  if (!/^[A-Za-z0-9_.-]*$/.test(rest)) {
    throw new PolicyError(
      where,
      `the template ${JSON.stringify(template)} holds characters that no tag has: letters, digits, _, . and - are left beside ${mark}.`,
    );
  }
  return (tag) => {
    if (tag.length <= rest.length || !tag.startsWith(prefix) || !tag.endsWith(suffix)) return undefined;
    return tag.slice(prefix.length, tag.length - suffix.length);
  };
}

const example: Readonly<Record<string, string>> = { number: "pr-{number}", branch: "branch-{branch}" };

/** The number of a pull request as it is written in a tag. */
export function parseNumber(text: string): number | undefined {
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}
