import { once } from "node:events";
import { type Paint, paintFor } from "./paint";
import type { World } from "./world";

/** Milliseconds between two states of the line of progress. */
const interval = 100;

/** Where results (stdout) and everything else (stderr) go. On a terminal, the last line of stderr may be a line of progress. */
export class Terminal {
  readonly paint: Paint;
  readonly #errorPaint: Paint;
  readonly #world: Pick<World, "stdout" | "stderr" | "now">;
  #progress = false;
  #last = Number.NEGATIVE_INFINITY;

  constructor(world: Pick<World, "stdout" | "stderr" | "now" | "env">) {
    this.#world = world;
    this.paint = paintFor(world.stdout, world.env);
    this.#errorPaint = paintFor(world.stderr, world.env);
  }

  /** A line of the result. */
  line(text: string): void {
    this.clear();
    this.#world.stdout.write(`${text}\n`);
  }

  /** A piece of a result that may be large: waits while the reader is slower. */
  async piece(text: string): Promise<void> {
    this.clear();
    if (!this.#world.stdout.write(text)) await once(this.#world.stdout, "drain");
  }

  /** What is to be known and is no result. */
  note(text: string): void {
    this.#tell(text);
  }

  warning(text: string): void {
    this.#tell(`${this.#errorPaint("yellow", "Warning:")} ${text}`);
  }

  error(text: string): void {
    this.#tell(`${this.#errorPaint("red", "Error:")} ${text}`);
  }

  /** How far things are: on a terminal only, in place of what was said before. */
  progress(text: string): void {
    const { stderr, now } = this.#world;
    if (stderr.isTTY !== true || now() - this.#last < interval) return;
    this.#last = now();
    this.#progress = true;
    stderr.write(`\r${this.#errorPaint("dim", text.slice(0, (stderr.columns ?? 80) - 1))}\u001b[K`);
  }

  /** Takes the line of progress away. */
  clear(): void {
    if (this.#progress) this.#world.stderr.write("\r\u001b[K");
    this.#progress = false;
  }

  #tell(text: string): void {
    this.clear();
    this.#world.stderr.write(`${text}\n`);
  }
}
