import type { Workflow } from "../cleanup/workflow";
import type { Terminal } from "./terminal";

export interface Shown {
  /** Nothing but errors and warnings: the result is told in another form. */
  readonly silent: boolean;
  /** Not every image, only the table. */
  readonly quiet: boolean;
}

/** The log of a run on a terminal: lists and the table on stdout, what went wrong on stderr. Secrets are taken out before (Log). */
export class TerminalWorkflow implements Workflow {
  readonly #terminal: Terminal;
  readonly #shown: Shown;
  #inGroup = false;

  constructor(terminal: Terminal, shown: Shown) {
    this.#terminal = terminal;
    this.#shown = shown;
  }

  /** Nobody reads the log for commands here. */
  setSecret(): void {}

  setOutput(): void {}

  info(line: string): void {
    // After so many of a kind the log says them as lines.
    const [, kind, text = ""] = /^(Error|Warning): (.*)$/.exec(line) ?? [];
    if (kind !== undefined && !this.#inGroup) this[kind === "Error" ? "error" : "warning"](text);
    else if (!this.#shown.silent && !(this.#inGroup && this.#shown.quiet)) this.#terminal.line(this.#inGroup ? `  ${line}` : line);
  }

  warning(text: string): void {
    this.#terminal.warning(text);
  }

  error(text: string): void {
    this.#terminal.error(text);
  }

  startGroup(title: string): void {
    if (!this.#shown.quiet) this.info(this.#shown.silent ? title : this.#terminal.paint("bold", title));
    this.#inGroup = true;
  }

  endGroup(): void {
    this.#inGroup = false;
  }
}
