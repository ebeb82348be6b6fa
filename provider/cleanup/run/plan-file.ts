import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { PlanEnd, PlanHeader, RepositoryPlan } from "../plan/plan";
import type { BoundsVerdict } from "./bounds";
import { PlanError } from "./plan-error";

/** A plan file whose content is known: it was read to its end and verified (`readPlan`), or was just written (`writePlan`). */
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
  /** Where its line is in the file, in bytes without the newline, and what it was when it was verified or written. */
  readonly offset: number;
  readonly length: number;
  readonly checksum: string;
}

export type PlanContent = Pick<PlanFile, "header" | "end" | "bounds" | "entries">;

/** What is read of the file is held against its entry, so a file that changes is noticed before anything of the changed part is done. */
export function planFileOf(file: string, content: PlanContent): PlanFile {
  return {
    file,
    ...content,
    read: (entry) => withFile(file, (handle) => readEntry(file, handle, entry)),
    async *repositories() {
      const handle = await opened(file);
      try {
        for (const entry of content.entries) yield await readEntry(file, handle, entry);
      } finally {
        await handle.close();
      }
    },
  };
}

/** `bytes` are those of the line, without its newline. */
export function entryOf(
  { repository, problem, deletions }: Pick<PlanEntry, "repository" | "problem" | "deletions">,
  { offset, bytes }: { readonly offset: number; readonly bytes: Buffer },
): PlanEntry {
  const place = { offset, length: bytes.length, checksum: checksumOf(bytes) };
  return { repository, ...(problem !== undefined && { problem }), deletions, ...place };
}

/** Throws PlanError if the file cannot be read. */
export async function withFile<T>(file: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await opened(file);
  try {
    return await use(handle);
  } catch (error) {
    throw isSystemError(error) ? unreadable(file, error) : error;
  } finally {
    await handle.close();
  }
}

async function readEntry(file: string, handle: FileHandle, entry: PlanEntry): Promise<RepositoryPlan> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(entry.length), 0, entry.length, entry.offset);
  if (bytesRead !== entry.length || checksumOf(buffer) !== entry.checksum) throw new PlanError(file, "it changed while it was in use");
  // Its form is known: these same bytes were verified, or written by this process.
  return JSON.parse(buffer.toString("utf8")) as RepositoryPlan;
}

const checksumOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("base64");

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
