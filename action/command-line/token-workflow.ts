import type { AnyWorkflow } from "../workflow";
import type { Terminal } from "./terminal";

/** The log of a token's life: all of it on stderr, since stdout is for the token. */
export class TokenWorkflow implements AnyWorkflow {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Nobody reads the log for commands here. */
  setSecret(): void {}

  info(line: string): void {
    this.#terminal.note(line);
  }

  warning(text: string): void {
    this.#terminal.warning(text);
  }

  error(text: string): void {
    this.#terminal.error(text);
  }

  startGroup(title: string): void {
    this.info(title);
  }

  endGroup(): void {}
}
