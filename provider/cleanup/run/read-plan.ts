import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { type PlanEnd, type PlanHeader, planVersion, type RepositoryPlan } from "../plan/plan";
import { contradiction } from "./contradiction";
import { type Line, readLines } from "./lines";
import { PlanError } from "./plan-error";
import { entryOf, type PlanContent, type PlanEntry, type PlanFile, planFileOf, withFile } from "./plan-file";
import { planEndSchema, planHeaderSchema, repositoryPlanSchema } from "./plan-schema";
import { PlanTotals } from "./totals";

/** A header is a few hundred bytes. */
const headerLimit = 64 * 1024;

/**
 * Reads a whole plan once, line by line, and verifies it. What is read again later is held against what was verified, so a file that changes
 * in between is noticed before anything of the changed part is done. Throws PlanError.
 */
export async function readPlan(file: string): Promise<PlanFile> {
  return planFileOf(file, await withFile(file, (handle) => verify(file, handle)));
}

async function verify(file: string, handle: FileHandle): Promise<PlanContent> {
  const entries: PlanEntry[] = [];
  const hash = createHash("sha256");
  let header: PlanHeader | undefined;
  let totals: PlanTotals | undefined;
  let end: PlanEnd | undefined;
  for await (const line of readLines(handle, headerLimit)) {
    if (end) throw new PlanError(file, "something was added after its end");
    const value = json(file, line);
    if (!header || !totals) {
      header = headerOf(file, value);
      totals = new PlanTotals(header.bounds);
    } else if (isEnd(value)) {
      end = parse(file, line, planEndSchema, value);
      if (end.checksum !== `sha256:${hash.digest("hex")}`) throw new PlanError(file, "it was changed after it was made");
      continue;
    } else {
      const plan: RepositoryPlan = parse(file, line, repositoryPlanSchema, value);
      const wrong = contradiction(plan) ?? outOfOrder(entries.at(-1), plan);
      if (wrong !== undefined) throw new PlanError(file, `line ${line.number} (${plan.repository}) contradicts itself: ${wrong}`);
      entries.push(entryOf({ ...plan, deletions: plan.deletions.length }, line));
      totals.add(plan);
    }
    if (!line.complete) break;
    hash.update(line.bytes).update("\n");
  }
  if (!header || !totals) throw new PlanError(file, "it is empty");
  if (!end) throw new PlanError(file, "it was cut off, or the run that wrote it did not end: its last line is missing");
  const { repositories, problems, counts } = end;
  if (!isDeepStrictEqual({ repositories, problems, counts }, totals.end))
    throw new PlanError(file, "its totals are not those of its lines");
  return { header, end, entries, bounds: totals.bounds };
}

function headerOf(file: string, value: unknown): PlanHeader {
  const version = typeof value === "object" && value !== null && "plan" in value ? value.plan : undefined;
  if (version === undefined) throw new PlanError(file, "it is not a cleanup plan", { hint: "Give the file that a dry run wrote." });
  if (version !== planVersion) {
    const problem = `its form is ${JSON.stringify(version)}, and this version reads form ${planVersion}`;
    throw new PlanError(file, problem, { hint: "Make and apply plans with the same version of this program." });
  }
  return parse(file, { number: 1 }, planHeaderSchema, value);
}

function outOfOrder(previous: PlanEntry | undefined, { repository }: RepositoryPlan): string | undefined {
  if (previous === undefined || previous.repository < repository) return undefined;
  return `it comes after ${previous.repository}, and repositories are sorted and named once`;
}

const isEnd = (value: unknown) => typeof value === "object" && value !== null && "end" in value;

function json(file: string, line: Line): unknown {
  try {
    return JSON.parse(line.bytes.toString("utf8"));
  } catch (cause) {
    if (line.number === 1) throw new PlanError(file, "it is not a cleanup plan", { hint: "Give the file that a dry run wrote.", cause });
    throw new PlanError(file, line.complete ? `line ${line.number} is not JSON` : "it was cut off in the middle of a line", { cause });
  }
}

function parse<T>(file: string, line: Pick<Line, "number">, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join(".")}` : "";
  throw new PlanError(file, `line ${line.number} is not understood${where}: ${issue?.message ?? "unknown reason"}`);
}
