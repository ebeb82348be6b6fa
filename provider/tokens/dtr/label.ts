import { toSecond } from "../expiry";
import { parseTokenName, type TokenName } from "../token-name";

const separator = " until ";

/** A token's label: its name, and when it is to be gone. The registry's tokens end by nothing else, so that the next run can tell by it which are left over. */
export const labelOf = (name: TokenName, end: number): string => `${name.text}${separator}${toSecond(end)}`;

export interface Label {
  /** The name that the token was given. */
  readonly name: TokenName;
  /** Milliseconds since 1970. */
  readonly end: number;
}

/** Reads a label of ours; undefined for all others. */
export function parseLabel(text: string): Label | undefined {
  const [before = "", after = "", ...more] = text.split(separator);
  const name = parseTokenName(before);
  const end = Date.parse(after);
  return name && more.length === 0 && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(after) && !Number.isNaN(end) ? { name, end } : undefined;
}
