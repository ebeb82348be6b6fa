import type { OneSided, OneSidedItem, RepositoryDifference } from "../../provider/cleanup/plan/difference";
import { Budget } from "./budget";
import { counted, grouped } from "./counted";
import { createdCell, leadsToCell, namesCell, reasonCell } from "./image-lists";
import { bullets, code, shortDigest, tableHead, tableRow } from "./markdown";
import { leftOut, type SummaryForm } from "./summary";

/** Repositories that could not be compared and are named one by one. */
const mostProblems = 50;

/** Which of the two lists: what newly goes, or what newly stays. */
type Side = "deleted" | "kept";

const words = {
  deleted: { title: "newly deleted", reasons: ["goes because", "stayed because"] },
  kept: { title: "newly kept", reasons: ["stays because", "went because"] },
} as const;

/** In what two policies differ, as a part of a page. Repositories are added one by one; what is held of them is no longer than the page. */
export class DifferenceSection {
  readonly #form: SummaryForm;
  readonly #limit: number;
  readonly #table: Budget;
  readonly #lists: Budget;
  readonly #problems: string[] = [];
  #moreProblems = 0;

  /** `limit`: bytes that there may be. */
  constructor(form: SummaryForm, limit: number) {
    this.#form = form;
    this.#limit = limit;
    this.#table = new Budget(limit / 5);
    this.#lists = new Budget(limit * 0.6);
  }

  add({ repository, problem, deleted, kept }: RepositoryDifference): void {
    if (problem !== undefined) {
      if (this.#problems.length < mostProblems) this.#problems.push(`${repository} could not be compared: ${problem}`);
      else this.#moreProblems++;
      return;
    }
    this.#table.add(tableRow([code(repository), amount(deleted), amount(kept)]));
    // One list must not take the place of all others.
    this.#lists.add(() => this.#list(repository, "deleted", deleted) + this.#list(repository, "kept", kept));
  }

  /** Table, what could not be compared, lists; empty if nothing was added. */
  render(totals: { readonly deleted: Amount; readonly kept: Amount }): string {
    const { pieces, omitted } = this.#table;
    const all = pieces.length + omitted > 1 ? tableRow(["**all**", amount(totals.deleted), amount(totals.kept)]) : "";
    const head = tableHead(["repository", words.deleted.title, words.kept.title], ["left", "right", "right"]);
    const table = pieces.length + omitted === 0 ? "" : `${head}${pieces.join("")}${all}${leftOut(omitted, "into this table")}`;
    const more =
      this.#moreProblems > 0 ? [`${counted(this.#moreProblems, "more repository", "more repositories")} could not be compared.`] : [];
    const problems = bullets("⚠️", [...this.#problems, ...more], this.#limit / 10);
    const lists = `${this.#lists.pieces.join("")}${leftOut(this.#lists.omitted, "into these lists")}`;
    return [table, problems, lists].filter((part) => part !== "").join("\n");
  }

  #list(repository: string, side: Side, found: OneSided): string {
    if (found.items.length === 0) return "";
    const { title, reasons } = words[side];
    const rows = new Budget(this.#limit / 4);
    for (const item of found.items.slice(0, this.#form.rows)) rows.add(() => tableRow(cells(item, side)));
    const left = found.digests + found.tags - rows.pieces.length;
    const rest = left > 0 ? `\n… and ${grouped(left)} more.\n` : "";
    const head = tableHead(["tags", "digest", "created", ...reasons]);
    return `<details><summary>${code(repository)}: ${amount(found)} ${title}</summary>\n\n${head}${rows.pieces.join("")}${rest}\n</details>\n\n`;
  }
}

/** How much goes on one side. */
export type Amount = Pick<OneSided, "digests" | "tags">;

/** `3 digests and 1 tag`; `0` if there is nothing. No text of a registry is in it. */
export function amount({ digests, tags }: Amount): string {
  const parts = [...(digests > 0 ? [counted(digests, "digest")] : []), ...(tags > 0 ? [counted(tags, "tag")] : [])];
  return parts.join(" and ") || "0";
}

function cells({ digest, role, tags, created, goes, stays }: OneSidedItem, side: Side): string[] {
  const reasons = [reasonCell(goes), stays === undefined ? "" : reasonCell(stays)];
  const named =
    role === undefined || digest === undefined
      ? [tags.map(code).join(" "), leadsToCell(digest)]
      : [namesCell(role, tags), code(shortDigest(digest))];
  return [...named, createdCell(created), ...(side === "deleted" ? reasons : reasons.reverse())];
}
