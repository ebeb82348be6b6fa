import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { PlanEnd, PlanHeader, RepositoryPlan } from "../plan/plan";
import { entryOf, type PlanEntry } from "./plan-file";

/** A line of the plan, ready to be written: what waits for its turn is held like this and not as objects. */
export function planLine(line: PlanHeader | RepositoryPlan | PlanEnd): Buffer {
  const text = JSON.stringify(line);
  // Not `${text}\n`: of a large repository that would be one more copy of tens of megabytes.
  const bytes = Buffer.allocUnsafe(Buffer.byteLength(text) + 1);
  bytes.write(text, "utf8");
  bytes[bytes.length - 1] = 0x0a;
  return bytes;
}

/**
 * Writes a plan line by line. Under its own name it appears when it is complete, all at once: whoever finds a plan finds a whole one.
 * Until then it is called `<name>.<process id>.partial` beside it.
 */
export class PlanWriter {
  private readonly hash = createHash("sha256");
  private readonly written: PlanEntry[] = [];
  private size = 0;

  private constructor(
    private readonly file: string,
    private readonly partial: string,
    private readonly handle: FileHandle,
  ) {}

  static async create(file: string, header: PlanHeader): Promise<PlanWriter> {
    const partial = `${file}.${process.pid}.partial`;
    await mkdir(dirname(file), { recursive: true });
    // Left by a killed run with the same process id. With "wx" nobody's link is followed.
    await rm(partial, { force: true });
    const writer = new PlanWriter(file, partial, await open(partial, "wx"));
    await writer.append(planLine(header));
    return writer;
  }

  /** The line of a repository, with its newline, and what a reader is to know of it. */
  async write(line: Buffer, of: Pick<PlanEntry, "repository" | "problem" | "deletions">): Promise<void> {
    this.written.push(entryOf(of, { offset: this.size, bytes: line.subarray(0, -1) }));
    await this.append(line);
  }

  /** What was written so far. */
  get entries(): readonly PlanEntry[] {
    return this.written;
  }

  /** Adds the end with the checksum, and gives the plan its name. What a failing disk would lose, the checksum shows: no sync. */
  async finish(totals: Omit<PlanEnd, "end" | "checksum">): Promise<PlanEnd> {
    const end: PlanEnd = { end: true, ...totals, checksum: `sha256:${this.hash.digest("hex")}` };
    await this.handle.appendFile(planLine(end));
    await this.handle.close();
    await rename(this.partial, this.file);
    return end;
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.handle.close().catch(() => {});
    await rm(this.partial, { force: true });
  }

  private async append(line: Buffer): Promise<void> {
    this.hash.update(line);
    this.size += line.length;
    await this.handle.appendFile(line);
  }
}
