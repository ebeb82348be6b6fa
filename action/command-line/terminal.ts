import { logLine } from "../log-line";
import { type Paint, paintFor } from "./paint";
import type { World } from "./world";

/** Milliseconds between two states of the line of progress. */
const interval = 100;

/** Where results (stdout) and everything else (stderr) go. On a terminal, the last line of stderr may be a line of progress. */
export class Terminal {
  readonly paint: Paint;
  readonly #errorPaint: Paint;
  readonly #world: Pick<World, "stdout" | "stderr" | "now">;
  readonly #movesCursor: boolean;
  #progress = false;
  #written: Promise<unknown> = Promise.resolve();
  #refused: NodeJS.ErrnoException | undefined;
  #last = Number.NEGATIVE_INFINITY;

  constructor(world: Pick<World, "stdout" | "stderr" | "now" | "env">) {
    this.#world = world;
    this.paint = paintFor(world.stdout, world.env);
    this.#errorPaint = paintFor(world.stderr, world.env);
    this.#movesCursor = world.stderr.isTTY === true && world.env.TERM !== "dumb";
  }

  /** A line of the result. What cannot be written is no reason to stop in the middle of something: see `lost`. */
  line(text: string): void {
    void this.piece(`${text}\n`);
  }

  /** A piece of a result that may be large: waits while the reader is slower. */
  async piece(text: string): Promise<void> {
    this.clear();
    if (this.#refused) return;
    const written = this.#write(text).then((error) => {
      this.#refused ??= error;
    });
    this.#written = written;
    await written;
  }

  /** A line that must not be lost. Throws if nobody took it. */
  async handOver(text: string): Promise<void> {
    this.clear();
    const error = this.#refused ?? (await this.#write(`${text}\n`));
    if (error) throw new Error(unwritten(error));
  }

  /** Nobody reads what is written: the rest need not be made. */
  get isUnread(): boolean {
    return this.#refused !== undefined;
  }

  /** Why results are missing, when all of them are written. A reader that has had enough (`| head`) has lost nothing. */
  async lost(): Promise<string | undefined> {
    await this.#written;
    return this.#refused === undefined || this.#refused.code === "EPIPE" ? undefined : unwritten(this.#refused);
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

  /** How far things are: on a terminal only, in place of what was said before. Names and states of a registry may be in it. */
  progress(text: string): void {
    const { stderr, now } = this.#world;
    if (!this.#movesCursor || now() - this.#last < interval) return;
    this.#last = now();
    this.#progress = true;
    stderr.write(`\r${this.#errorPaint("dim", logLine(text).slice(0, (stderr.columns || 80) - 1))}\u001b[K`);
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

  #write(text: string): Promise<NodeJS.ErrnoException | undefined> {
    return new Promise((resolve) => this.#world.stdout.write(text, (error) => resolve(error ?? undefined)));
  }
}

const unwritten = ({ message }: Error): string => `The result could not be written to standard output: ${message}.`;
