import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Deletion, DeletionResult } from "../../registries/image-registry";
import type { PlanHeader } from "../plan/plan";
import { readLines } from "./lines";
import type { RepositoryReport, RunReport } from "./report";

export const reportVersion = 1;

/** First line of a report. */
export interface ReportHeader {
  readonly report: typeof reportVersion;
  readonly registry: PlanHeader["registry"];
  /** The checksum of the plan that is applied. */
  readonly plan: string;
  /** RFC 3339. */
  readonly startedAt: string;
}

/**
 * Written before and after each batch of deletions, so that even a killed run leaves what it did and what it was about to do. In order of time;
 * repositories mix.
 */
export type JournalLine =
  | { readonly journal: string; readonly deleting: readonly Deletion[] }
  | { readonly journal: string; readonly outcomes: readonly DeletionResult["outcome"][] };

/** Last line. Without it the run was killed. */
export interface ReportEnd extends RunReport {
  readonly end: true;
}

type ReportLine = ReportHeader | JournalLine | RepositoryReport | ReportEnd;

/** Writes a report while the run goes on: JSON lines, one after the other also when several repositories have something to say. */
export class ReportWriter {
  private last: Promise<void> = Promise.resolve();

  private constructor(private readonly handle: FileHandle) {}

  static async create(file: string, header: ReportHeader): Promise<ReportWriter> {
    await mkdir(dirname(file), { recursive: true });
    const writer = new ReportWriter(await open(file, "w"));
    try {
      await writer.write(header);
      return writer;
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  /** Once a line could not be written, every later one fails, too: a report with a hole would be a lie. */
  write(line: ReportLine): Promise<void> {
    const text = `${JSON.stringify(line)}\n`;
    this.last = this.last.then(() => this.handle.appendFile(text));
    // Each caller gets the error; the chain itself must not count as unhandled.
    this.last.catch(() => {});
    return this.last;
  }

  async close(): Promise<void> {
    await this.last.catch(() => {});
    await this.handle.close();
  }
}

/** A report's repositories, sorted by name: of a killed run, those that were finished. */
export async function* readReport(file: string): AsyncGenerator<RepositoryReport, void, undefined> {
  const handle = await open(file, "r");
  try {
    for await (const { bytes, complete } of readLines(handle, Number.POSITIVE_INFINITY)) {
      if (!complete) return;
      // Written by ReportWriter; read for showing, never for deciding.
      const line = JSON.parse(bytes.toString("utf8")) as ReportLine;
      if ("repository" in line) yield line;
    }
  } finally {
    await handle.close();
  }
}
