import type { Environment } from "../environment";
import { InputError, type Problem } from "../input-error";
import { UsageError } from "./usage-error";

/** What a runner says of itself and of the step: nothing of it is meant for this program. */
const runners = /^(?:INPUT|GITHUB|RUNNER|STATE)_/i;

/** The environment as an action takes it: inputs as `INPUT_…`, and of what GitHub sets only `kept`. */
export function actionEnvironment(
  env: Environment,
  inputs: Readonly<Record<string, string | undefined>>,
  kept: readonly string[] = [],
): Environment {
  const others = Object.entries(env).filter(([name]) => !runners.test(name) || kept.includes(name));
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  return Object.fromEntries([...others, ...given]);
}

/** Runs what parses inputs; what is wrong with them is said of the options that they were. */
export function parsed<T>(parse: () => T, options: readonly string[]): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InputError) throw new UsageError(error.problems.map((problem) => asOption(problem, options)));
    throw error;
  }
}

const asOption = ({ input, text }: Problem, options: readonly string[]): string =>
  input === "" ? text : `${options.includes(input) ? "--" : ""}${input}: ${text}`;
