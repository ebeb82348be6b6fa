import type { SortBy } from "../policy/policy";
import { compareVersions, parseVersion, type Version } from "../policy/version";
import type { Node } from "./graph";

/** A manifest in the competition for being among the newest. */
export interface Entry {
  readonly node: Node;
  /** Its highest tag in the order of names or versions; empty if it has none. */
  tag: string;
  /** Further tags that it has in the competition: `tag` may not be the highest yet. Looked at only where it comes to that. */
  others: string[] | undefined;
  /** Trusted creation time. */
  readonly time: number | undefined;
  /**
   * `candidate`: takes a place. `excluded`: takes none. `part`: a child, which takes none either; but as it would take one as soon as no index
   * held it any more, which would push another one out, the indexes that hold it stay where it would be among the newest.
   */
  readonly place: "candidate" | "excluded" | "part";
  /** Read when it comes to that; null if the tag is no version. */
  version: Version | null | undefined;
}

export type Order = (a: Entry, b: Entry) => number;

/** Newest first. Ties are broken by version, then name, then digest. */
export function orderBy(sortBy: SortBy): Order {
  if (sortBy === "name") return (a, b) => byName(a, b) || byDigest(a, b);
  const byVersionThenName: Order = (a, b) => byVersion(a, b) || byName(a, b) || byDigest(a, b);
  return sortBy === "semver" ? byVersionThenName : (a, b) => byTime(a, b) || byVersionThenName(a, b);
}

export interface Newest {
  /** Candidates among the newest so many. */
  readonly within: ReadonlySet<Entry>;
  /** Parts that are newer than one of them. */
  readonly parts: readonly Entry[];
}

/** Of the competition, the order by a number goes before all else: higher ones first. */
export type Rank = (entry: Entry) => number;

/** By creation time; those without a trusted one come last. */
export const rankByTime: Rank = ({ time }) => time ?? Number.NEGATIVE_INFINITY;

/**
 * Those that can be among the newest so many candidates or stand between them: the rest ranks lower than the last of these. Sorting all for the
 * sake of a few, by the versions in their tags, would be most of the work on a large repository.
 */
export function foremost(entries: readonly Entry[], count: number, rank: Rank): Entry[] {
  const ranks = new Float64Array(entries.length);
  let candidates = 0;
  entries.forEach((entry) => {
    if (entry.place === "candidate") ranks[candidates++] = rank(entry);
  });
  if (candidates <= count || count === 0) return [...entries];
  // Without a function to compare, numbers are sorted in no time.
  const last = ranks.subarray(0, candidates).sort()[candidates - count] ?? Number.NEGATIVE_INFINITY;
  return entries.filter((entry) => rank(entry) >= last);
}

/** The newest so many candidates. Sorts the entries in place. */
export function newestOf(entries: Entry[], count: number, order: Order): Newest {
  entries.sort(order);
  const within = new Set<Entry>();
  const parts: Entry[] = [];
  const waiting: Entry[] = [];
  for (const entry of entries) {
    if (within.size >= count) break;
    if (entry.place === "part") waiting.push(entry);
    else {
      if (entry.place === "candidate") within.add(entry);
      // Also before an excluded one: otherwise excluding it would let go what holds these.
      for (const part of waiting) parts.push(part);
      waiting.length = 0;
    }
  }
  return { within, parts };
}

/** Manifests by trusted creation time (by their ids); those without one come last. */
export function newestFirst(nodes: readonly Node[], times: readonly (number | undefined)[]): Node[] {
  return [...nodes].sort((a, b) => compareTimes(times[a.id], times[b.id]) || a.id - b.id);
}

/** Whether their creation times say nothing about which is newer: one is untrusted, or several are all the same. */
export function unordered(entries: readonly Entry[]): "untrusted" | "equal" | undefined {
  const counted = entries.filter(({ place }) => place !== "part");
  if (counted.some(({ time }) => time === undefined)) return "untrusted";
  const first = counted[0]?.time;
  return counted.length > 1 && counted.every(({ time }) => time === first) ? "equal" : undefined;
}

/** Adds another tag of the same manifest. */
export function nameToo(entry: Entry, tag: string): void {
  if (entry.others) entry.others.push(tag);
  else entry.others = [tag];
}

/** Makes `tag` the highest of all. */
export function raise(entry: Entry, sortBy: SortBy): void {
  const { others } = entry;
  if (!others) return;
  const order = orderBy(sortBy);
  entry.others = undefined;
  for (const tag of others) {
    const other: Entry = { ...entry, tag, version: undefined };
    // Times are equal: it is the same manifest.
    if (order(other, entry) >= 0) continue;
    entry.tag = tag;
    entry.version = other.version;
  }
}

const byTime: Order = (a, b) => compareTimes(a.time, b.time);

function compareTimes(a: number | undefined, b: number | undefined): number {
  if (a === b) return 0;
  return a === undefined ? 1 : b === undefined ? -1 : b - a;
}

function byVersion(a: Entry, b: Entry): number {
  const left = versionOf(a);
  const right = versionOf(b);
  if (left && right) return compareVersions(right, left);
  return left ? -1 : right ? 1 : 0;
}

/** Each tag is read once, and only if it comes to that. */
function versionOf(entry: Entry): Version | null {
  if (entry.version === undefined) entry.version = parseVersion(entry.tag) ?? null;
  return entry.version;
}

const byName: Order = (a, b) => (a.tag < b.tag ? 1 : a.tag > b.tag ? -1 : 0);
const byDigest: Order = (a, b) => a.node.id - b.node.id;
