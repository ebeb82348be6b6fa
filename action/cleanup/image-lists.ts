import type { ImagePlan, Reason, RepositoryPlan, Role, TagPlan } from "../../provider/cleanup/plan/plan";
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

const imageCells = (image: ImagePlan): string[] => [
  namesCell(
    image.role,
    image.tags.map(({ tag }) => tag),
  ),
  code(shortDigest(image.digest)),
  createdCell(image.created),
  bytes(image.bytes),
  reasonCell(image.reason),
];

/** The tags of an image, as many as fit into a row; what it is, if it belongs to another. */
export function namesCell(role: Role, names: readonly string[]): string {
  const tags = names.slice(0, mostTags).map(code);
  if (names.length > mostTags) tags.push(`… ${grouped(names.length - mostTags)} more`);
  return role === "root" ? tags.join(" ") || "none" : [`(${role})`, ...tags].join(" ");
}

/** Of a tag alone. `digest`: what it leads to, which stays. */
export const leadsToCell = (digest: string | undefined): string => (digest === undefined ? "none" : `${code(shortDigest(digest))} stays`);

export const createdCell = (time: string | undefined): string => (time === undefined ? "" : prose(time.slice(0, 16).replace("T", " ")));

export const reasonCell = (reason: Reason): string => (reason.blocked ? `⚠️ ${prose(reason.text)}` : prose(reason.text));

/** A tag alone. `digest`: what it leads to, which stays. */
const untagCells = (tag: TagPlan, digest: string | undefined): string[] => [
  code(tag.tag),
  leadsToCell(digest),
  "",
  "",
  reasonCell(tag.reason),
];

function result(exceptions: Exceptions, key: string): string {
  const found = exceptions.get(key);
  if (found === undefined) return "gone";
  const words = { deleted: "gone", kept: "kept", failed: "❌ failed", unattempted: "not attempted" } as const;
  return found.message === undefined ? words[found.outcome] : `${words[found.outcome]}: ${prose(shortened(found.message, 300))}`;
}
