import type { AnyWorkflow } from "../workflow";
import type { OutputName } from "./declaration";

/** What is used of the runner. */
export interface Workflow extends AnyWorkflow {
  setOutput(name: OutputName, value: string): void;
}
