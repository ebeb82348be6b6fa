import { readFileSync } from "node:fs";
import type { JournalLine } from "../../provider/cleanup/run/report-file";

export interface Partial {
  readonly deleted: number;
  readonly untagged: number;
  readonly failed: number;
}

/** What a run that has no time left has done so far: its report says so before and after each batch. */
export function partialCounts(reportFile: string): Partial {
  const counts = { deleted: 0, untagged: 0, failed: 0 };
  const begun = new Map<string, Extract<JournalLine, { deleting: unknown }>["deleting"]>();
  for (const line of linesOf(reportFile)) {
    if (!("journal" in line)) continue;
    if ("deleting" in line) begun.set(line.journal, line.deleting);
    else {
      const batch = begun.get(line.journal) ?? [];
      line.outcomes.forEach((outcome, at) => {
        if (outcome === "failed") counts.failed++;
        else if (outcome === "deleted" || outcome === "absent") counts[batch[at]?.kind === "manifest" ? "deleted" : "untagged"]++;
      });
    }
  }
  return counts;
}

/** The whole lines of a report that is still being written. */
function linesOf(file: string): (JournalLine | object)[] {
  try {
    const text = readFileSync(file, "utf8");
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    return whole
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line)); // written by us
  } catch {
    return [];
  }
}
