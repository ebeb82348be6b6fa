import { styleText } from "node:util";
import type { Environment } from "../environment";

type Colour = "bold" | "dim" | "green" | "red" | "yellow";
/** Text in a colour, or as it is. */
export type Paint = (colour: Colour, text: string) => string;

/** Colours on a terminal only, and not where NO_COLOR (https://no-color.org) is set to anything. */
export function paintFor(stream: { readonly isTTY?: boolean }, env: Environment): Paint {
  const on = hasColours(stream, env);
  return (colour, text) => (on ? styleText(colour, text, { validateStream: false }) : text);
}

export const hasColours = ({ isTTY }: { readonly isTTY?: boolean }, env: Environment): boolean =>
  isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
