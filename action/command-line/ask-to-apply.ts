import { PlanError } from "../../provider/cleanup/run/plan-error";
import type { PlanFile } from "../../provider/cleanup/run/plan-file";
import { readPlan } from "../../provider/cleanup/run/read-plan";
import { bytes } from "../cleanup/bytes";
import { counted } from "../cleanup/counted";
import { logLine } from "../log-line";
import { canAsk, confirmed } from "./confirm";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";
import type { World } from "./world";

export interface AskOptions {
  readonly yes: boolean;
  readonly world: World;
  readonly terminal: Terminal;
}

/** Whether a plan is to be applied: somebody says so now, or has said so with `--yes`. Nothing was sent yet. Throws UsageError and PlanError. */
export async function askToApply(planFile: string, { yes, world, terminal }: AskOptions): Promise<boolean> {
  if (yes) return true;
  if (!canAsk(world))
    throw new UsageError(["There is no terminal to ask on. Look at the plan, then give --yes to apply it without a question."]);
  const plan = await readPlan(planFile);
  const question = questionOf(plan);
  if (question === undefined) return true;
  if (!(await confirmed(question, world))) {
    terminal.note("Nothing was deleted.");
    return false;
  }
  // The yes is to what was asked, and a person may take an hour over it.
  if ((await readPlan(planFile)).end.checksum !== plan.end.checksum)
    throw new PlanError(planFile, "it changed after you were asked about it", {
      hint: "Nothing was deleted. Apply it again to be asked anew.",
    });
  return true;
}

/** Undefined where nothing can go: there is nothing to ask, and why is the run's to say. */
function questionOf({ header, end, bounds, entries }: PlanFile): string | undefined {
  const { digests, untagged, bytesFreed } = end.counts;
  if (digests + untagged === 0 || bounds.excesses.length > 0) return undefined;
  const what = `${counted(digests, "digest")} and ${counted(untagged, "tag")} in ${counted(entries.filter(({ deletions }) => deletions > 0).length, "repository", "repositories")}`;
  return logLine(
    `Delete ${what} of ${header.registry.name} (${header.registry.type}), ${bytes(bytesFreed)}, as planned at ${header.createdAt}?`,
  );
}
