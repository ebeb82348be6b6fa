/** What is used of the runner in each action: @actions/core in main.ts, an object in tests. Texts are written as they are, with what the runner takes for commands. */
export interface AnyWorkflow {
  setSecret(secret: string): void;
  info(line: string): void;
  /** Annotations. */
  warning(text: string): void;
  error(text: string): void;
  startGroup(title: string): void;
  endGroup(): void;
}
