import { nearest } from "../provider/cleanup/policy/nearest";
import type { InputDeclaration, InputDeclarations } from "./input-declaration";
import type { Problem } from "./input-error";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The inputs as texts, without white space around them; the declared defaults where they are empty or absent. */
export type RawInputs<Name extends string> = Readonly<Partial<Record<Name, string>>>;

/**
 * Reads the inputs as the runner passes them: `INPUT_` and the name in upper case, with spaces replaced and dashes left (actions/toolkit, core.getInput).
 * For an input that is not declared the runner only warns, and one with a typing error would do nothing or too much: here it is a problem.
 */
export function readInputs<Name extends string>(
  env: Environment,
  declared: InputDeclarations<Name>,
): { readonly raw: RawInputs<Name>; readonly problems: readonly Problem[] } {
  const names: Name[] = [];
  for (const name in declared) names.push(name);
  const variables = new Map<string, Name>(names.map((name) => [variable(name), name]));
  const raw: Partial<Record<Name, string>> = {};
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || !name.toUpperCase().startsWith("INPUT_")) continue;
    const input = variables.get(name.toUpperCase());
    if (input === undefined) problems.push(unknown(name.slice("INPUT_".length), names));
    else if (value.trim() !== "") raw[input] = value.trim();
  }
  for (const name of names) raw[name] ??= defaultOf(declared[name]);
  problems.sort((a, b) => (a.input < b.input ? -1 : 1));
  return { raw, problems };
}

/** The default that is a value; those in expressions (`${{ … }}`) are the runner's to evaluate. */
export const defaultOf = (input: InputDeclaration): string | undefined => (input.default?.startsWith("${{") ? undefined : input.default);

const variable = (name: string): string => `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;

function unknown(name: string, names: readonly string[]): Problem {
  const given = name.toLowerCase();
  const known = nearest(given.replaceAll("_", "-"), names);
  const step = known === undefined ? "Remove it; action.yml lists the inputs there are." : `Did you mean \`${known}\`?`;
  return { input: given, text: `there is no such input. ${step}` };
}
