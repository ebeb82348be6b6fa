/** How selectors are spelt where the reader has written them: in a program, or as inputs of the action. */
export type Spelling = "camelCase" | "kebab-case";

/** The name of a selector as the reader has written it. */
export function spelt(name: string, spelling: Spelling = "camelCase"): string {
  return spelling === "camelCase" ? name : name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
