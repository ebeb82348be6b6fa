import type { ImagePlan, RepositoryPlan, TagPlan } from "../../provider/cleanup/plan/plan";
import { bytes } from "./bytes";
import { counted, grouped } from "./counted";
import { code, prose, shortDigest, shortened, tableHead, tableRow } from "./markdown";
import type { Exceptions } from "./tally";

/** Tags in one row. */
const mostTags = 10;

/** What goes from a repository, each with its reason, folded. `exceptions`: what did not go as planned, if it was applied. */
export function goneList(plan: RepositoryPlan, exceptions: Exceptions | undefined, longest: number): string {
  const head = ["tags", "digest", "created", "bytes", "reason", ...(exceptions ? ["result"] : [])];
  const align = head.map((cell) => (cell === "bytes" ? "right" : "left"));
  const row = (key: string, cells: readonly string[]) => tableRow([...cells, ...(exceptions ? [result(exceptions, key)] : [])]);
  const rows: string[] = [];
  for (const image of plan.images) {
    if (image.action === "delete") rows.push(row(image.digest, imageCells(image)));
    for (const tag of image.tags) if (tag.action === "untag") rows.push(row(tag.tag, untagCells(tag, image.digest)));
  }
  for (const tag of plan.dangling) if (tag.action === "delete") rows.push(row(tag.tag, untagCells(tag, undefined)));
  const { digests, untagged, bytesFreed } = plan.counts;
  const title = `${counted(digests, "digest")}${untagged > 0 ? ` and ${counted(untagged, "tag")}` : ""}, ${bytes(bytesFreed)}`;
  return folded(plan.repository, `${title} ${exceptions ? "were to go" : "would go"}`, tableHead(head, align), rows, longest);
}

export const isKept = (plan: RepositoryPlan): boolean =>
  plan.images.some(({ action }) => action === "keep") || plan.dangling.some(({ action }) => action === "keep");

/** What stays in a repository, each with its reason, folded. */
export function keptList(plan: RepositoryPlan, longest: number): string {
  const rows = plan.images.filter(({ action }) => action === "keep").map((image) => tableRow(imageCells(image)));
  for (const tag of plan.dangling) if (tag.action === "keep") rows.push(tableRow(untagCells(tag, undefined)));
  const head = tableHead(["tags", "digest", "created", "bytes", "reason"], ["left", "left", "left", "right"]);
  return folded(plan.repository, `${counted(plan.counts.kept, "image")} stay${plan.counts.kept === 1 ? "s" : ""}`, head, rows, longest);
}

function folded(repository: string, title: string, head: string, rows: readonly string[], longest: number): string {
  const left = rows.length - longest;
  const rest = left > 0 ? `\n… and ${grouped(left)} more; the plan has all of them.\n` : "";
  return `<details><summary>${code(repository)}: ${title}</summary>\n\n${head}${rows.slice(0, longest).join("")}${rest}\n</details>\n\n`;
}

function imageCells(image: ImagePlan): string[] {
  const tags = image.tags.slice(0, mostTags).map(({ tag }) => code(tag));
  if (image.tags.length > mostTags) tags.push(`… ${grouped(image.tags.length - mostTags)} more`);
  const named = image.role === "root" ? tags.join(" ") || "none" : [`(${image.role})`, ...tags].join(" ");
  return [
    named,
    code(shortDigest(image.digest)),
    image.created === undefined ? "" : prose(date(image.created)),
    bytes(image.bytes),
    reasonCell(image),
  ];
}

/** A tag alone. `digest`: what it leads to, which stays. */
const untagCells = (tag: TagPlan, digest: string | undefined): string[] => [
  code(tag.tag),
  digest === undefined ? "none" : `${code(shortDigest(digest))} stays`,
  "",
  "",
  reasonCell(tag),
];

const reasonCell = ({ reason }: Pick<ImagePlan, "reason">): string => (reason.blocked ? `⚠️ ${prose(reason.text)}` : prose(reason.text));

const date = (time: string): string => time.slice(0, 16).replace("T", " ");

function result(exceptions: Exceptions, key: string): string {
  const found = exceptions.get(key);
  if (found === undefined) return "gone";
  const words = { deleted: "gone", kept: "kept", failed: "❌ failed", unattempted: "not attempted" } as const;
  return found.message === undefined ? words[found.outcome] : `${words[found.outcome]}: ${prose(shortened(found.message, 300))}`;
}
