import { InvalidArgumentError, Option } from "commander";
import { defaultOf } from "../environment";
import type { InputDeclarations } from "../input-declaration";
import { lists, placeholders, words } from "./words";

export interface InputOptionsSpec<Name extends string> {
  readonly declared: InputDeclarations<Name>;
  /** The inputs that are options here, in this order. */
  readonly names: readonly Name[];
  /** Where the action's text is not true on a terminal. */
  readonly texts?: Readonly<Partial<Record<Name, string>>>;
  /** The heading in `--help`. */
  readonly group: string;
}

/** Inputs of an action as options: the same names, texts and defaults. Those that are on by default have `--no-…`. */
export function inputOptions<Name extends string>({ declared, names, texts, group }: InputOptionsSpec<Name>): Option[] {
  const known = new Set<string>(names);
  return names.map((name) => {
    const usual = defaultOf(declared[name]);
    const text = plain(texts?.[name] ?? declared[name].description, known);
    if (usual === "false") return new Option(`--${name}`, text).helpGroup(group);
    if (usual === "true") return new Option(`--no-${name}`, text).helpGroup(group);
    const option = new Option(
      `--${name} <${lookUp(placeholders, name) ?? "value"}>`,
      usual === undefined ? text : `${text} (default: ${usual})`,
    );
    const choices = lookUp(words, name);
    // For completion: what else is refused is the action's to say.
    if (choices) option.argChoices = [...choices];
    return option.argParser(collected((lists as ReadonlySet<string>).has(name))).helpGroup(group);
  });
}

/** What somebody has said, by input; the values of options are texts or booleans. */
export function givenInputs<Name extends string>(
  names: readonly Name[],
  values: Readonly<Record<string, unknown>>,
): Partial<Record<Name, string>> {
  const given: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = values[new Option(`--${name}`).attributeName()];
    if (value !== undefined) given[name] = String(value);
  }
  return given;
}

/** Lists grow; anything else that is given twice is a slip that would go unnoticed. */
export const collected =
  (isList: boolean) =>
  (given: string, previous: string | undefined): string => {
    const value = notEmpty(given);
    if (previous === undefined) return value;
    if (isList) return `${previous}\n${value}`;
    throw new InvalidArgumentError("It is given twice.");
  };

/** A variable that is empty would otherwise be as good as an option that is left out: all repositories, nothing excluded, any age. */
export function notEmpty(value: string): string {
  if (value.trim() === "") throw new InvalidArgumentError("It is empty: leave it out, or give a value.");
  return value;
}

/** Markdown's code as plain words; names of inputs that are options here as such. */
const plain = (text: string, options: ReadonlySet<string>): string =>
  text.replace(/`([^`]+)`/g, (_, code: string) => (options.has(code) ? `--${code}` : code));

const lookUp = <T>(table: Readonly<Partial<Record<string, T>>>, name: string): T | undefined => table[name];
