import { createInterface } from "node:readline/promises";
import type { World } from "./world";

/** Whether there is somebody to ask. */
export const canAsk = ({ stdin, stderr }: Pick<World, "stdin" | "stderr">): boolean => stdin.isTTY === true && stderr.isTTY === true;

/** Asks on stderr, so that stdout has results only; anything but yes means no. Throws the signal's reason when it is aborted. */
export async function confirmed(question: string, { stdin, stderr, signal }: Pick<World, "stdin" | "stderr" | "signal">): Promise<boolean> {
  // With the terminal's own editing of lines, Ctrl-C stays a signal.
  const lines = createInterface({ input: stdin, output: stderr, terminal: false });
  try {
    const ended = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined)));
    const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal }), ended]);
    // Nobody has ended the line of the question.
    if (answer === undefined) stderr.write("\n");
    return /^y(?:es)?$/i.test(answer?.trim() ?? "");
  } catch (error) {
    stderr.write("\n");
    signal.throwIfAborted();
    throw error;
  } finally {
    lines.close();
  }
}
