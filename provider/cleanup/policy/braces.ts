/** More alternatives are a mistake, or meant to hurt. */
const most = 1_000;

/** The texts that a pattern with braces stands for, `{a,b{c,d}}` being `a`, `bc` and `bd`; or, as a text, what is wrong with it. */
export function expandBraces(pattern: string): readonly string[] | string {
  const reader: Reader = { pattern, at: 0, fault: undefined };
  const texts = readSequence(reader, false);
  return reader.fault ?? [...new Set(texts)];
}

interface Reader {
  readonly pattern: string;
  at: number;
  fault: string | undefined;
}

/** Reads up to the end, or inside braces up to the next `,` or `}` of theirs. */
function readSequence(reader: Reader, inside: boolean): readonly string[] {
  let texts: readonly string[] = [""];
  while (reader.fault === undefined && reader.at < reader.pattern.length) {
    const character = reader.pattern.charAt(reader.at);
    if (inside && (character === "," || character === "}")) break;
    if (character === "}") reader.fault = "closes a brace that was not opened.";
    else if (character === ",") reader.fault = "has a comma: give each pattern by itself, or alternatives in braces, as in {a,b}.";
    reader.at++;
    const next = character === "{" ? readAlternatives(reader) : [character];
    if (texts.length * next.length > most) reader.fault = `stands for more than ${most} alternatives. Divide it.`;
    else texts = texts.flatMap((text) => next.map((end) => text + end));
  }
  return texts;
}

/** Reads what stands after a `{`, with its `}`. */
function readAlternatives(reader: Reader): readonly string[] {
  const start = reader.at;
  const texts: string[] = [];
  let count = 0;
  for (;;) {
    texts.push(...readSequence(reader, true));
    count++;
    if (reader.fault !== undefined) return texts;
    const end = reader.pattern.charAt(reader.at++);
    if (end === ",") continue;
    if (end === "") reader.fault = "opens a brace that is not closed.";
    else if (count < 2) reader.fault = loneFault(reader.pattern.slice(start, reader.at - 1));
    return texts;
  }
}

function loneFault(content: string): string {
  return content.includes("..")
    ? `has the range {${content}}: list its values, as in {1,2,3}, or write a set of characters, as in [1-3].`
    : `has braces with a single alternative, {${content}}: write at least two, as in {a,b}, or leave the braces out.`;
}
