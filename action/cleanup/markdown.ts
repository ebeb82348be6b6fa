import { Budget } from "./budget";
import { grouped } from "./counted";

/**
 * Text of a registry in Markdown and HTML: what it holds is shown, and means nothing. Whatever is not a letter, a digit or plain punctuation
 * becomes an entity, so that no element, table cell, link, mention, emphasis or line can begin or end in it.
 */
export function prose(text: string): string {
  return (
    plain(text)
      // GitHub links mentions and issues after it has decoded entities: an invisible space in between prevents it.
      .replace(/[@#](?=[\w-])/g, (sign) => `${sign}\u200b`)
      .replace(/[^\p{L}\p{N} .,;:()+=/'\u200b-]/gu, entity)
      .replace(/:(?! |$|(?<=\d:)\d\d\b(?!:))/g, entity) // emoji, schemes; not the end of a phrase, nor hours
      .replace(/(?<=www)\./gi, entity) // a link without a scheme
  );
}

/** A name (repository, tag, digest): in `<code>`, in which GitHub makes no links. */
export function code(text: string): string {
  return `<code>${plain(text).replace(/[^\p{L}\p{N}./:-]|:(?=\/)/gu, entity)}</code>`;
}

export const tableRow = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;

export const tableHead = (cells: readonly string[], align: readonly ("left" | "right")[] = []): string =>
  tableRow(cells) + tableRow(cells.map((_, at) => (align[at] === "right" ? "---:" : "---")));

/** Sentences as a list, as many as fit into `limit` bytes. */
export function bullets(sign: string, sentences: readonly string[], limit: number): string {
  const budget = new Budget(limit);
  for (const sentence of sentences) budget.add(`* ${sign} ${prose(shortened(sentence, 2_000))}\n`);
  const rest = budget.omitted > 0 ? `* … and ${grouped(budget.omitted)} more; the log has them.\n` : "";
  return budget.pieces.join("") + rest;
}

/** At most so many characters. */
export const shortened = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

/** The algorithm and as much of a digest as tells it from others. */
export const shortDigest = (digest: string): string => digest.slice(0, digest.indexOf(":") + 13);

/** One line. Invisible characters that turn the direction around, and halves of characters, become visible. */
const plain = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/[\p{Cf}\p{Cs}]/gu, "\u{fffd}")
    .trim();

const entity = (character: string): string => (character === " " ? " " : `&#${character.codePointAt(0)};`);
