import { appendFile } from "node:fs/promises";
import type { Environment } from "../environment";
import type { Log } from "../log";

/** Adds to the step's summary. Older servers and other runners have none; a summary that cannot be written is no reason to fail. */
export async function writeSummary(env: Environment, text: string, log: Log): Promise<void> {
  const file = env.GITHUB_STEP_SUMMARY;
  if (!file) return;
  try {
    await appendFile(file, `${text.trimEnd()}\n`);
  } catch (error) {
    log.warning(`The summary could not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
