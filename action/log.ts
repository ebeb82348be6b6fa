import { logLine } from "./log-line";
import type { AnyWorkflow } from "./workflow";

/** GitHub shows so many annotations of a kind for a step. */
const mostAnnotations = 10;
/** Lines of one folded list; the plan and the report have all of it. */
const longest = 1_000;

/** The job's log: whatever is written is one line a line, and no workflow command but those that are meant. */
export class Log {
  readonly #workflow: Omit<AnyWorkflow, "setSecret">;
  readonly #line: (text: string) => string;
  readonly #annotations = { warning: 0, error: 0 };
  readonly #said = new Set<string>();

  /** `redact` takes out secrets: the runner masks them as well, other runners may not. */
  constructor(workflow: Omit<AnyWorkflow, "setSecret">, redact: (text: string) => string) {
    this.#workflow = workflow;
    this.#line = (text) => logLine(redact(text));
  }

  info(line: string): void {
    this.#workflow.info(this.#line(line));
  }

  /** Says the same only once. */
  warning(text: string): void {
    this.#annotate("warning", text);
  }

  error(text: string): void {
    this.#annotate("error", text);
  }

  /** A list that is folded until somebody opens it. `total`: lines that there are, if not all are given. */
  group(title: string, lines: readonly string[], total = lines.length): void {
    if (lines.length === 0) return;
    this.#workflow.startGroup(this.#line(title));
    for (const line of lines.slice(0, longest)) this.info(line);
    const left = total - Math.min(lines.length, longest);
    if (left > 0) this.info(`… and ${left} more`);
    this.#workflow.endGroup();
  }

  #annotate(kind: "warning" | "error", text: string): void {
    const line = this.#line(text);
    if (this.#said.has(`${kind} ${line}`)) return;
    this.#said.add(`${kind} ${line}`);
    if (this.#annotations[kind]++ < mostAnnotations) this.#workflow[kind](line);
    else this.#workflow.info(`${kind === "error" ? "Error" : "Warning"}: ${line}`);
  }
}
