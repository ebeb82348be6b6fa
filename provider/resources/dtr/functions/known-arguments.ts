/**
 * Throws where a program without types gave what is no argument. Where an argument only narrows down what is asked for, a misspelt one would give
 * everything; elsewhere the client says so.
 */
export function expectKnown<A extends object>(args: A, names: readonly (keyof A & string)[]): void {
  const unknown = Object.keys(args).find((name) => !names.some((known) => known === name));
  if (unknown !== undefined)
    throw new Error(`${unknown} is no argument: ${names.length === 1 ? `${names[0]} is the only one` : `they are ${names.join(", ")}`}`);
}
