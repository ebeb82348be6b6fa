import type { ImagePlan, PlanCounts, RepositoryPlan } from "../../provider/cleanup/plan/plan";
import type { RepositoryReport, RunReport } from "../../provider/cleanup/run/report";
import type { Deletion } from "../../provider/registries/image-registry";
import type { Log } from "../log";
import { bytes } from "./bytes";
import { counted, grouped } from "./counted";
import { shortDigest } from "./markdown";
import { type Exceptions, exceptionsIn } from "./tally";
import { textTable } from "./text-table";
import { Warnings } from "./warnings";

/** Lines of lists in the whole log; the plan and the report have everything. */
const mostLines = 10_000;
/** Failed deletions that are named one by one. */
const mostFailures = 100;
/** Rows of the table at the end. */
const mostRows = 200;

/** The plan, and what became of it, in the job's log: folded lists as it comes, and a table at the end. */
export class PlanLog {
  readonly #log: Log;
  readonly #applied: boolean;
  readonly #rows: string[][] = [];
  readonly #warnings = new Warnings();
  #repositories = 0;
  #lines = 0;
  #failures = 0;

  constructor(log: Log, applied: boolean) {
    this.#log = log;
    this.#applied = applied;
  }

  add(plan: RepositoryPlan, report: RepositoryReport | undefined): void {
    const gone = `${plan.repository}: ${what(plan.counts)} ${this.#applied ? "to go" : "would go"}`;
    this.#group(gone, () => goneLines(plan, this.#applied ? exceptionsIn(plan, report) : undefined));
    this.#group(`${plan.repository}: ${counted(plan.counts.kept, "image")} to stay`, () => keptLines(plan));
    for (const { deletion, outcome, message } of report?.results ?? []) {
      if (outcome !== "failed" || this.#failures++ >= mostFailures) continue;
      this.#log.error(`${plan.repository}: ${nameOf(deletion)} could not be deleted: ${message ?? "no reason was given"}`);
    }
    for (const warning of plan.warnings) this.#warnings.add(warning, plan.repository);
    this.#repositories++;
    if (this.#rows.length < mostRows) this.#rows.push([plan.repository, ...this.#cells(plan.counts, report)]);
  }

  finish(counts: PlanCounts, run: RunReport | undefined): void {
    for (const line of this.#warnings.lines()) this.#log.warning(line);
    if (this.#repositories === 0) return;
    const head = this.#applied
      ? ["repository", "stay", "deleted", "untagged", "failed", "protected", "freed"]
      : ["repository", "stay", "go", "digests", "untag", "protected", "freed"];
    for (const line of textTable([head, ...this.#rows, ["all", ...this.#cells(counts, run)]])) this.#log.info(line);
    const left = this.#repositories - this.#rows.length;
    if (left > 0) this.#log.info(`${counted(left, "more repository is", "more repositories are")} in the plan.`);
  }

  #cells(counts: PlanCounts, report: Pick<RepositoryReport, "deleted" | "untagged" | "failed" | "bytesFreed"> | undefined): string[] {
    const went = this.#applied
      ? [report?.deleted ?? 0, report?.untagged ?? 0, report?.failed ?? 0]
      : [counts.roots, counts.digests, counts.untagged];
    const freed = this.#applied ? (report?.bytesFreed ?? 0) : counts.bytesFreed;
    return [counts.kept, ...went, counts.blocked].map(grouped).concat(bytes(freed));
  }

  #group(title: string, list: () => readonly string[]): void {
    if (this.#lines >= mostLines) return;
    const lines = list();
    const shown = lines.slice(0, mostLines - this.#lines);
    this.#lines += shown.length;
    this.#log.group(title, shown, lines.length);
  }
}

const nameOf = (deletion: Deletion): string =>
  deletion.kind === "manifest" ? [shortDigest(deletion.digest), ...deletion.tags].join(" ") : `tag ${deletion.tag}`;

const what = ({ digests, untagged }: PlanCounts): string =>
  [...(digests > 0 ? [counted(digests, "digest")] : []), ...(untagged > 0 ? [counted(untagged, "tag")] : [])].join(" and ");

function goneLines(plan: RepositoryPlan, exceptions: Exceptions | undefined): string[] {
  const line = (key: string, text: string) => `${result(exceptions, key)}${text}`;
  const lines: string[] = [];
  for (const image of plan.images) {
    if (image.action === "delete") lines.push(line(image.digest, imageLine(image)));
    for (const { tag, action, reason } of image.tags) {
      if (action === "untag") lines.push(line(tag, `tag ${tag} of ${shortDigest(image.digest)}, which stays: ${reason.text}`));
    }
  }
  for (const { tag, action, reason } of plan.dangling)
    if (action === "delete") lines.push(line(tag, `tag ${tag}, which points to nothing: ${reason.text}`));
  return lines;
}

const keptLines = (plan: RepositoryPlan): string[] => [
  ...plan.images.filter(({ action }) => action === "keep").map(imageLine),
  ...plan.dangling
    .filter(({ action }) => action === "keep")
    .map(({ tag, reason }) => `tag ${tag}, which points to nothing: ${reason.text}`),
];

function imageLine(image: ImagePlan): string {
  const names = image.tags.map(({ tag }) => tag).join(", ");
  const role = image.role === "root" ? "" : `${image.role} `;
  return `${role}${shortDigest(image.digest)}${names === "" ? "" : ` (${names})`}, ${bytes(image.bytes)}: ${image.reason.blocked ? "protected: " : ""}${image.reason.text}`;
}

function result(exceptions: Exceptions | undefined, key: string): string {
  const found = exceptions?.get(key);
  if (found === undefined) return "";
  const words = { deleted: "", kept: "KEPT", failed: "FAILED", unattempted: "NOT ATTEMPTED" } as const;
  return `${words[found.outcome]}${found.message === undefined ? "" : ` (${found.message})`} `;
}
