import type { ArtifactKind } from "../../registries/image-registry";
import type { CompiledRule } from "../policy/compile";
import type { Age } from "../policy/policy";
import type { Node } from "./graph";
import type { Reason, ReasonCode } from "./plan";
import { formatAge, formatDuration, formatTime } from "./trust";

/** Short phrases for people. Names in them come from registries: whoever shows them escapes them. */
const stays = (code: ReasonCode, text: string): Reason => ({ code, text });
const blocks = (code: ReasonCode, text: string): Reason => ({ code, text, blocked: true });

export const selected = (rule: CompiledRule): Reason => stays("selected", `selected by ${rule.name}`);
export const untagged: Reason = stays("untagged", "has no tag");
export const ghost: Reason = stays("ghost", "none of the images that it consists of exists");
export const partial = (missing: number): Reason =>
  stays("partial", `${missing} of the images that it consists of ${missing === 1 ? "does" : "do"} not exist`);
export const orphaned: Reason = stays("orphaned", "what it refers to does not exist");
export const dangling: Reason = stays("dangling", "points to nothing");
export const followsRoot: Reason = stays("follows-root", "goes with what it belongs to");

export const notSelected: Reason = stays("not-selected", "no rule selects it");
export const excluded = (tag: string): Reason => stays("excluded", `${tag} is excluded`);
export const keepList: Reason = stays("keep-list", "a keep-list names it");
export const newest = (count: number, group: string | undefined, rule: string): Reason =>
  stays("newest", `among the newest ${count}${group ? ` of ${group}` : ""} (${rule})`);
export const holdsNewest = (part: Node): Reason => stays("newest", `holds ${nameOf(part)}, which is among the newest`);
export const youngerThanRule = (age: Age, rule: string): Reason => stays("younger-than-rule", `not older than ${formatAge(age)} (${rule})`);
export const artifactType = (kind: ArtifactKind): Reason =>
  stays("artifact-type", `its kind is ${kind}, which is not among artifact-types`);

export const unordered = (why: "untrusted" | "equal"): Reason =>
  blocks(
    "unreliable-created",
    why === "untrusted"
      ? "a creation time in its group is missing or impossible, so that nobody knows which is the newest; sort by semver or name"
      : "all in its group have one and the same creation time, so that nobody knows which is the newest; sort by semver or name",
  );
export const neverOld = (node: Node, age: Age): Reason => {
  const said = formatTime(node.manifest.created);
  return blocks(
    "unreliable-created",
    `its creation time is ${said ? `impossible (${said})` : "unknown"}, so that it never counts as older than ${formatAge(age)}`,
  );
};
export const minAge = (young: Node, node: Node, age: number): Reason => {
  const what = young === node ? "" : `${nameOf(young)}, which belongs to it, is `;
  return blocks("min-age", `${what}younger than ${formatDuration(age)}, or of unknown age`);
};
export const minKeep = (count: number): Reason =>
  blocks(
    "min-keep",
    count === 1 ? "the newest tagged image of the repository stays" : `the newest ${count} tagged images of the repository stay`,
  );
export const holdsMinKeep = (part: Node): Reason => blocks("min-keep", `holds ${nameOf(part)}, which min-keep keeps`);
export const sharedWith = (tag: string, why: string): Reason => blocks("shared-with", `shares its digest with ${tag}${why}`);
export const cannotUntag = (why: string): Reason => blocks("cannot-untag", `its digest stays${why}`);
export const cannotUntagDangling = (why: string): Reason => blocks("cannot-untag", `points to nothing${why}`);
export const cannotDelete = (why: string): Reason => blocks("cannot-delete", why);

export const sharesExcluded = (reason: Reason): Reason => stays(reason.code, `shares its digest with what stays: ${reason.text}`);
export const partOf = (node: Node): Reason => stays("part-of", `part of ${nameOf(node)}, which stays`);
export const refersTo = (node: Node): Reason => stays("refers-to-kept", `refers to ${nameOf(node)}, which stays`);
export const blocked = (reason: Reason): Reason => (reason.blocked ? reason : { ...reason, blocked: true });

/** A tag where there is one: digests tell people little. */
function nameOf(node: Node): string {
  return node.names[0] ?? `${node.digest.slice(0, node.digest.indexOf(":") + 13)}`;
}
