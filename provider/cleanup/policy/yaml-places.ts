import { type Document, isMap, isNode, isPair, isScalar, type LineCounter, visit } from "yaml";

/** Where things stand in a YAML text, for messages: `policy.yml:7:5 (rules[0].keep)`. */
export class Places {
  constructor(
    private readonly file: string,
    private readonly document: Document,
    private readonly lines: LineCounter,
  ) {}

  /** Of an offset in the text. */
  at(offset: number): string {
    const { line, col } = this.lines.linePos(offset);
    return `${this.file}:${line}:${col}`;
  }

  /** Of the first alias that has no anchor, if there is one. */
  ofUnresolvedAlias(): string | undefined {
    let found: number | undefined;
    visit(this.document, {
      Alias: (_, alias) => {
        if (alias.resolve(this.document) !== undefined) return undefined;
        found = startOf(alias);
        return visit.BREAK;
      },
    });
    return found === undefined ? undefined : this.at(found);
  }

  /** Of a value; of what contains it where it does not exist. */
  of(path: readonly PropertyKey[]): string {
    for (let length = path.length; length > 0; length--) {
      const start = startOf(this.document.getIn(path.slice(0, length), true));
      if (start !== undefined) return `${this.at(start)} (${pathText(path)})`;
    }
    return path.length === 0 ? this.file : `${this.at(startOf(this.document.contents) ?? 0)} (${pathText(path)})`;
  }

  /** Of a key in a mapping. */
  ofKey(path: readonly PropertyKey[], key: string): string {
    const map = path.length === 0 ? this.document.contents : this.document.getIn(path, true);
    if (isMap(map)) {
      const pair = map.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key);
      const start = startOf(pair?.key);
      if (start !== undefined) return `${this.at(start)} (${pathText([...path, key])})`;
    }
    return this.of([...path, key]);
  }
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

/** `rules[0].keep`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`)).join("");
}
