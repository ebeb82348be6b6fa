import type { Change } from "./change";
import type { Colour, Paint } from "./paint";

const WIDTH = 110;
const INDENT = "    ";
const COLOURS: Readonly<Record<Change["sign"], Colour>> = { "+": "green", "~": "yellow", "-": "red", "±": "yellow", "✗": "red" };

/** Prints the demo: short lines, aligned tables. */
export class Narrator {
  #step = 0;
  #introduced = false;

  constructor(
    private readonly write: (text: string) => void,
    private readonly paint: Paint,
  ) {}

  title(text: string): void {
    this.#line(this.paint("bold", text));
  }

  /** A new step: what a person would type, and what it is for. */
  step(command: string, purpose: string): void {
    this.#step += 1;
    if (!this.#introduced) this.#line();
    this.#introduced = false;
    this.#line(`${this.paint("bold", `${String(this.#step).padStart(2)}. ${command}`)}  ${purpose}`);
  }

  /** What somebody else does before the next step. */
  aside(text: string): void {
    this.#line();
    this.#introduced = true;
    for (const line of wrapped(text, WIDTH - INDENT.length)) this.#line(INDENT + this.paint("cyan", line));
  }

  say(text: string): void {
    for (const line of wrapped(text, WIDTH - INDENT.length)) this.#line(INDENT + line);
  }

  /** Lines that are aligned already. */
  table(lines: readonly string[]): void {
    for (const line of lines) this.#line(INDENT + line);
  }

  quiet(text: string): void {
    this.#line(INDENT + this.paint("dim", text));
  }

  error(text: string): void {
    const [first = "", ...rest] = wrapped(text, WIDTH - INDENT.length - 7);
    this.#line(`${INDENT}${this.paint("red", "error:")} ${first}`);
    for (const line of rest) this.#line(`${INDENT}       ${line}`);
  }

  changes(changes: readonly Change[]): void {
    const width = Math.max(...changes.map(({ type }) => type.length));
    const names = Math.max(...changes.map(({ name }) => name.length));
    for (const { sign, type, name, details } of changes) {
      const [first = "", ...rest] = details;
      const head = `${INDENT}${this.paint(COLOURS[sign], sign)} ${type.padEnd(width)}  `;
      this.#line(`${head}${name.padEnd(first === "" ? 0 : names)}${first === "" ? "" : `  ${first}`}`);
      for (const detail of rest) this.#line(`${INDENT}${" ".repeat(width + names + 6)}${detail}`);
    }
  }

  pairs(pairs: readonly (readonly [name: string, value: string])[]): void {
    const width = Math.max(...pairs.map(([name]) => name.length));
    for (const [name, value] of pairs) {
      wrapped(value, WIDTH - INDENT.length - width - 2).forEach((line, at) => {
        this.#line(`${INDENT}${this.paint("dim", (at === 0 ? name : "").padEnd(width))}  ${line}`);
      });
    }
  }

  end(text: string, good: boolean): void {
    this.#line();
    this.#line(this.paint(good ? "green" : "red", text));
  }

  #line(text = ""): void {
    this.write(`${text}\n`);
  }
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
