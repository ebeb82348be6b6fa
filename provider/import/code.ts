/** Source text in the place of a value. */
export class Expression {
  constructor(readonly text: string) {}
}

const WIDTH = 120;

/** A value as TypeScript: objects and lists in one line where that is short enough. `indent` and `column`: where it begins. */
function printed(value: unknown, indent: number, column: number): string {
  const line = inline(value);
  if (column + line.length <= WIDTH || typeof value !== "object" || value === null || value instanceof Expression) return line;
  const inner = " ".repeat(indent + 2);
  const outer = " ".repeat(indent);
  if (Array.isArray(value)) return `[\n${value.map((item) => `${inner}${printed(item, indent + 2, indent + 3)},\n`).join("")}${outer}]`;
  const members = Object.entries(value).map(([name, member]) => {
    const start = `${inner}${key(name)}: `;
    return `${start}${printed(member, indent + 2, start.length + 1)},\n`;
  });
  return `{\n${members.join("")}${outer}}`;
}

/** A call as a statement: in one line, else with the last argument broken up, else with a line for each argument. */
export function called(start: string, args: readonly unknown[]): string {
  const line = `${start}(${args.map(inline).join(", ")});`;
  if (line.length <= WIDTH) return `${line}\n`;
  if (args.length > 2) return `${start}(\n${args.map((value) => `  ${printed(value, 2, 3)},\n`).join("")});\n`;
  const first = `${start}(${args
    .slice(0, -1)
    .map((value) => `${inline(value)}, `)
    .join("")}`;
  return `${first}${printed(args.at(-1), 0, first.length + 2)});\n`;
}

function inline(value: unknown): string {
  if (value instanceof Expression) return value.text;
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return spelt(JSON.stringify(value));
  const members = Object.entries(value).map(([name, member]) => `${key(name)}: ${inline(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** `__proto__` as a plain key would set the prototype. */
const key = (name: string): string =>
  name === "__proto__" ? `["__proto__"]` : /^[A-Za-z_$][\w$]*$/.test(name) ? name : spelt(JSON.stringify(name));

/**
 * Characters that nobody sees and that make a line look like another one in an editor or a terminal (CVE-2021-42574). Joiners are spared: emoji and several
 * scripts need them.
 */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A literal in JSON that means the same and shows all that is in it. */
const spelt = (json: string): string =>
  json.replace(UNSEEN, (character) =>
    Array.from({ length: character.length }, (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
  );

/** Text as comment lines; nothing in it can end the comment, or look like the end of it. */
export const comment = (text: string): string =>
  text
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => `// ${line.replace(UNSEEN, "\u{fffd}")}\n`)
    .join("");
