import type { PlanEnd, PlanHeader, RepositoryPlan } from "../../provider/cleanup/plan/plan";
import type { RepositoryReport, RunReport } from "../../provider/cleanup/run/report";
import { Budget } from "./budget";
import { bytesChart } from "./chart";
import { counted } from "./counted";
import { headline } from "./headline";
import { goneList, isKept, keptList } from "./image-lists";
import { bullets, code, prose } from "./markdown";
import { appliedTable, plannedTable } from "./repository-table";
import { exceptionsIn } from "./tally";
import { Warnings } from "./warnings";

/** What the page is about. */
export interface SummaryFacts {
  readonly header: PlanHeader;
  readonly end: PlanEnd;
  readonly dryRun: boolean;
  /** What became of the plan, if it was applied. */
  readonly run?: RunReport;
  /** Why the run failed, one sentence each. */
  readonly failures: readonly string[];
  /** Of the run as a whole; those of repositories come with them. */
  readonly warnings: Iterable<string>;
  /** Markdown: where the reader finds more. */
  readonly more: string;
  /** Markdown, at most a third of the page: how this differs from what another policy would do. */
  readonly compared?: string;
}

export interface SummaryForm {
  /** Bytes in UTF-8. */
  readonly limit: number;
  /** Rows in the list of one repository. */
  readonly rows: number;
  /** Whether what stays is listed as well. */
  readonly kept: boolean;
}

/** GitHub drops the whole summary of a step above 1 MiB. */
export const summaryForm: SummaryForm = { limit: 900_000, rows: 500, kept: true };

/** GitHub takes at most 65,536 characters in a comment. */
export const commentForm: SummaryForm = { limit: 60_000, rows: 50, kept: false };

/** For the sentences on what was left out, and titles. */
const sentences = 1_000;

/** The plan, and what became of it, as Markdown for people. Repositories are added one by one: a plan may be larger than memory. */
export class Summary {
  readonly #facts: SummaryFacts;
  readonly #form: SummaryForm;
  readonly #limit: number;
  readonly #warnings = new Warnings();
  readonly #table: Budget;
  readonly #gone: Budget;
  readonly #kept: Budget;

  constructor(facts: SummaryFacts, form: SummaryForm) {
    this.#facts = facts;
    this.#form = form;
    this.#limit = form.limit - sentences - Buffer.byteLength(facts.more);
    this.#table = new Budget(this.#limit / 3);
    this.#gone = new Budget(this.#limit);
    this.#kept = new Budget(this.#limit);
  }

  /** `report`: what became of the repository's plan; undefined if nothing was done. */
  add(plan: RepositoryPlan, report: RepositoryReport | undefined): void {
    const { run } = this.#facts;
    for (const warning of plan.warnings) this.#warnings.add(warning, plan.repository);
    this.#table.add((run ? appliedTable : plannedTable).row(plan, report));
    const { rows, kept } = this.#form;
    if (plan.deletions.length > 0) this.#gone.add(() => goneList(plan, run && exceptionsIn(plan, report), rows));
    if (kept && isKept(plan)) this.#kept.add(() => keptList(plan, rows));
  }

  /** The page, at most as long as its form allows; it says what was left out. */
  render(): string {
    const { run, more, compared = "" } = this.#facts;
    const head = top(this.#facts, this.#warnings.lines(), this.#form.limit / 8);
    const table = this.#renderTable();
    const page = new Budget(this.#limit - Buffer.byteLength(head) - Buffer.byteLength(compared) - Buffer.byteLength(table));
    const gone = section(page, run ? "What went" : "What would go", this.#gone);
    const kept = section(page, "What stays, and why", this.#kept);
    return [head, compared, table, gone, kept, more].filter((part) => part !== "").join("\n");
  }

  #renderTable(): string {
    const { pieces, omitted } = this.#table;
    if (pieces.length + omitted === 0) return "";
    const { end, run } = this.#facts;
    const form = run ? appliedTable : plannedTable;
    return `${form.head}${pieces.join("")}${form.total(end.counts, run)}${leftOut(omitted, "into the table")}`;
  }
}

/** What there is to say without a plan. Fits into a comment, too. */
export const failureSummary = (title: string, failures: readonly string[]): string =>
  `## ${title}\n\n${bullets("❌", failures, commentForm.limit / 2)}`;

function top({ header, end, dryRun, run, failures, warnings }: SummaryFacts, more: readonly string[], limit: number): string {
  const where = [code(header.registry.name), ...(header.shard === undefined ? [] : [`shard ${prose(header.shard)}`]), planned(header)];
  const { bytesKept, bytesFreed } = end.counts;
  const parts = [
    `## ${headline({ counts: end.counts, dryRun, run })}\n`,
    `${where.join(" · ")}\n`,
    dryRun && end.counts.digests + end.counts.untagged > 0 ? "**Nothing was deleted; set `dry-run: false`.**\n" : "",
    bullets("❌", failures, limit),
    bullets("⚠️", [...warnings, ...more], limit),
    bytesChart(bytesKept, run?.bytesFreed ?? bytesFreed, { freed: run ? "freed" : "would be freed" }),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

const planned = ({ createdAt }: PlanHeader): string => `planned ${prose(createdAt.slice(0, 16).replace("T", " "))} UTC`;

/** The blocks that fit into what is left of the page. */
function section(page: Budget, title: string, blocks: Budget): string {
  if (blocks.pieces.length + blocks.omitted === 0) return "";
  const shown = blocks.pieces.filter((block) => page.add(block));
  const left = blocks.pieces.length - shown.length + blocks.omitted;
  return `### ${title}\n\n${shown.join("")}${leftOut(left, "here")}`;
}

/** A sentence on repositories that were left out; empty if none was. */
export const leftOut = (count: number, where: string): string =>
  count > 0 ? `\n_${counted(count, "more repository does", "more repositories do")} not fit ${where}._\n` : "";
