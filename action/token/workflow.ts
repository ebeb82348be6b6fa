import type { AnyWorkflow } from "../workflow";
import type { OutputName } from "./declaration";
import type { StateKey } from "./state";

/** What `main` uses of the runner. */
export interface MainWorkflow extends AnyWorkflow {
  setOutput(name: OutputName, value: string): void;
  /** For `post` of the same step. The last value counts. */
  saveState(key: StateKey, value: string): void;
  /** For the steps that follow. */
  exportVariable(name: string, value: string): void;
}

/** What `post` uses of the runner. */
export interface PostWorkflow extends AnyWorkflow {
  /** Empty if nothing was saved. */
  getState(key: StateKey): string;
}
