import { styleText } from "node:util";

export type Colour = "green" | "yellow" | "red" | "cyan" | "dim" | "bold";
/** Text in a colour, or as it is. */
export type Paint = (colour: Colour, text: string) => string;

/** Colours on a terminal only, and not where NO_COLOR (https://no-color.org) is set to anything. */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  const on = stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  return (colour, text) => (on ? styleText(colour, text, { validateStream: false }) : text);
}
