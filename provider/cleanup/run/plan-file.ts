import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { type PlanEnd, type PlanHeader, planVersion, type RepositoryPlan } from "../plan/plan";
import type { BoundsVerdict } from "./bounds";
import { contradiction } from "./contradiction";
import { type Line, readLines } from "./lines";
import { PlanError } from "./plan-error";
import { planEndSchema, planHeaderSchema, repositoryPlanSchema } from "./plan-schema";
import { PlanTotals } from "./totals";

/** A plan file that was read to its end once: complete, unchanged, in one piece with itself. */
export interface PlanFile {
  readonly file: string;
  readonly header: PlanHeader;
  readonly end: PlanEnd;
  /** The plan held against the bounds that it was made under. */
  readonly bounds: BoundsVerdict;
  /** The repositories, sorted by name, without what is planned for them. */
  readonly entries: readonly PlanEntry[];
  /** Reads a repository's plan. Throws PlanError if it is no longer what it was. */
  read(entry: PlanEntry): Promise<RepositoryPlan>;
  /** All of them, one after the other. */
  repositories(): AsyncGenerator<RepositoryPlan, void, undefined>;
}

export interface PlanEntry {
  readonly repository: string;
  readonly problem?: string;
  readonly deletions: number;
  /** Where its line is in the file, in bytes, and what it was when the plan was verified. */
  readonly offset: number;
  readonly length: number;
  readonly checksum: string;
}

/** A header is a few hundred bytes. */
const headerLimit = 64 * 1024;

/**
 * Reads a whole plan once, line by line, and verifies it. What is read again later is held against what was verified, so a file that changes
 * in between is noticed before anything of the changed part is done. Throws PlanError.
 */
export async function readPlan(file: string): Promise<PlanFile> {
  const verified = await withFile(file, (handle) => verify(file, handle));
  const read = (handle: FileHandle, entry: PlanEntry) => readEntry(file, handle, entry);
  return {
    file,
    ...verified,
    read: (entry) => withFile(file, (handle) => read(handle, entry)),
    async *repositories() {
      const handle = await opened(file);
      try {
        for (const entry of verified.entries) yield await read(handle, entry);
      } finally {
        await handle.close();
      }
    },
  };
}

async function verify(file: string, handle: FileHandle) {
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
      entries.push(entryOf(line, plan));
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

async function readEntry(file: string, handle: FileHandle, entry: PlanEntry): Promise<RepositoryPlan> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(entry.length), 0, entry.length, entry.offset);
  if (bytesRead !== entry.length || checksumOf(buffer) !== entry.checksum) throw new PlanError(file, "it changed while it was in use");
  // Its form was verified when these same bytes were read before.
  return JSON.parse(buffer.toString("utf8")) as RepositoryPlan;
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

function entryOf({ offset, bytes }: Line, { repository, problem, deletions }: RepositoryPlan): PlanEntry {
  const place = { offset, length: bytes.length, checksum: checksumOf(bytes) };
  return { repository, ...(problem !== undefined && { problem }), deletions: deletions.length, ...place };
}

const isEnd = (value: unknown) => typeof value === "object" && value !== null && "end" in value;
const checksumOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("base64");

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

async function withFile<T>(file: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await opened(file);
  try {
    return await use(handle);
  } catch (error) {
    throw isSystemError(error) ? unreadable(file, error) : error;
  } finally {
    await handle.close();
  }
}

async function opened(file: string): Promise<FileHandle> {
  try {
    return await open(file, "r");
  } catch (error) {
    throw isSystemError(error) ? unreadable(file, error) : error;
  }
}

// Not `instanceof Error`: in a VM context (test runners have them) Node's own errors are of another one.
const isSystemError = (error: unknown): error is NodeJS.ErrnoException => typeof error === "object" && error !== null && "syscall" in error;
const unreadable = (file: string, cause: Error) =>
  new PlanError(file, `it cannot be read (${cause.message})`, { hint: "Check the path.", cause });
