import type { PlanFile } from "../../provider/cleanup/run/plan-file";
import { readReport } from "../../provider/cleanup/run/report-file";
import type { Results } from "../cleanup/results";
import type { Terminal } from "./terminal";

export interface CleanupDocument {
  readonly command: "plan" | "apply";
  /** Of the process. */
  readonly exitCode: number;
  readonly results: Results;
  /** Absent if there is none, or no time to print it. */
  readonly plan: PlanFile | undefined;
}

/**
 * One JSON document of a run, the one thing on stdout: `command`, `exitCode`, `failures`, `warnings`, `outputs` (the action's), `plan` (header,
 * repositories, end; `null` without one) and `report` (of what was applied; `null` without one). It is written a repository at a time, since a
 * plan may be larger than memory.
 */
export async function printDocument({ command, exitCode, results, plan }: CleanupDocument, terminal: Terminal): Promise<void> {
  const { failures, warnings, run, reportPath } = results;
  const facts = { command, exitCode, failures, warnings: [...warnings], outputs: results.outputs() };
  await terminal.piece(JSON.stringify(facts).slice(0, -1));
  if (plan === undefined) await terminal.piece(',"plan":null');
  else {
    await terminal.piece(`,"plan":{"file":${JSON.stringify(plan.file)},"header":${JSON.stringify(plan.header)},"repositories":`);
    await printList(plan.repositories(), terminal);
    await terminal.piece(`,"end":${JSON.stringify(plan.end)}}`);
  }
  if (run === undefined) await terminal.piece(',"report":null');
  else {
    await terminal.piece(`,"report":{"file":${JSON.stringify(reportPath)},"run":${JSON.stringify(run)},"repositories":`);
    await printList(readReport(reportPath), terminal);
    await terminal.piece("}");
  }
  await terminal.piece("}\n");
}

async function printList(items: AsyncIterable<object>, terminal: Terminal): Promise<void> {
  let before = "[";
  for await (const item of items) {
    if (terminal.isUnread) return;
    await terminal.piece(`${before}${JSON.stringify(item)}`);
    before = ",";
  }
  await terminal.piece(before === "[" ? "[]" : "]");
}
