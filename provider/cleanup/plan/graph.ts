import type { Inventory, InventoryManifest } from "../../registries/image-registry";
import type { Role } from "./plan";
import { satelliteOf } from "./satellite";

/** A manifest among those that it hangs together with. Its lists do not depend on the order of the inventory and never hold the node itself. */
export interface Node {
  /** Place in the graph's list of nodes. */
  readonly id: number;
  readonly digest: string;
  readonly manifest: InventoryManifest;
  readonly tags: readonly string[];
  /** Those tags that are no satellites of another digest: somebody's names for this manifest. */
  readonly names: readonly string[];
  /** What it consists of, as far as it exists. */
  readonly children: readonly Node[];
  /** How many of its children are proven not to exist. */
  readonly missing: number;
  /** Indexes that consist of it, lists of referrers among them. */
  readonly parents: readonly Node[];
  /** What refers to it or signs it, by `subject` or by a tag's name. */
  readonly attached: readonly Node[];
  /** The other way round. */
  readonly subjects: readonly Node[];
  /** It refers to something, present or not: it is never a root. */
  readonly refers: boolean;
  /** What it refers to is proven not to exist, all of it. */
  readonly orphaned: boolean;
  /** It refers to something that is neither here nor proven not to exist. */
  readonly doubtful: boolean;
  readonly role: Role;
}

export interface Graph {
  /** Sorted by digest, so that nothing depends on the order in which a registry lists. */
  readonly nodes: readonly Node[];
  readonly byDigest: ReadonlyMap<string, Node>;
}

type Draft = { -readonly [K in keyof Node]: Node[K] extends readonly (infer T)[] ? T[] : Node[K] };

/** For the many nodes that have none. Never written to: see `add`. */
const none: never[] = [];

const built = new WeakMap<Inventory, Graph>();

/** The graph of an inventory, built once: questions and plan look at the same one. */
export function graphOf(inventory: Inventory): Graph {
  const known = built.get(inventory);
  if (known) return known;
  const graph = buildGraph(inventory);
  built.set(inventory, graph);
  return graph;
}

/**
 * The graph of an inventory that says of the same manifests and tags only more about when they were created: the edges are taken over. Undefined
 * if anything else differs. Without it the graph is built anew, with the same result.
 */
export function redated({ nodes }: Graph, before: Inventory, after: Inventory): Graph | undefined {
  if (after.manifests.size !== nodes.length || !sameTags(before.tags, after.tags) || !sameMembers(before.missing, after.missing))
    return undefined;
  const copies = nodes.flatMap((node) => {
    const manifest = after.manifests.get(node.digest);
    return manifest && isSameButForDate(node.manifest, manifest) ? copyOf(node, manifest) : [];
  });
  if (copies.length < nodes.length) return undefined;
  copies.forEach((copy) => {
    copy.children = among(copies, copy.children);
    copy.parents = among(copies, copy.parents);
    copy.attached = among(copies, copy.attached);
    copy.subjects = among(copies, copy.subjects);
  });
  let byDigest: Map<string, Node> | undefined;
  const graph: Graph = {
    nodes: copies,
    // A plan does not ask for it.
    get byDigest() {
      byDigest ??= new Map(copies.map((copy) => [copy.digest, copy]));
      return byDigest;
    },
  };
  built.set(after, graph);
  return graph;
}

type Copy = { -readonly [K in keyof Node]: Node[K] };

/** With the edges of the old graph. */
function copyOf(node: Node, manifest: InventoryManifest): Copy {
  const copy: Copy = new NewNode(node.id, node.digest, manifest);
  copy.tags = node.tags;
  copy.names = node.names;
  copy.children = node.children;
  copy.missing = node.missing;
  copy.parents = node.parents;
  copy.attached = node.attached;
  copy.subjects = node.subjects;
  copy.refers = node.refers;
  copy.orphaned = node.orphaned;
  copy.doubtful = node.doubtful;
  copy.role = node.role;
  return copy;
}

const among = (copies: readonly Node[], old: readonly Node[]): readonly Node[] =>
  old.length === 0 ? none : old.flatMap(({ id }) => copies[id] ?? []);

function isSameButForDate(a: InventoryManifest, b: InventoryManifest): boolean {
  return (
    a.digest === b.digest &&
    a.mediaType === b.mediaType &&
    a.size === b.size &&
    a.kind === b.kind &&
    a.index === b.index &&
    a.subject === b.subject &&
    a.artifactType === b.artifactType &&
    (a.children === b.children || (a.children.length === b.children.length && a.children.every((child, at) => child === b.children[at])))
  );
}

function sameTags(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  if (a === b) return true;
  let isSame = a.size === b.size;
  a.forEach((digest, tag) => {
    isSame &&= b.get(tag) === digest;
  });
  return isSame;
}

function sameMembers(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size !== b.size) return false;
  for (const member of a) if (!b.has(member)) return false;
  return true;
}

/**
 * All manifests of a repository with their edges: children, referrers by subject, and satellites by the names of tags.
 *
 * Here and wherever a plan goes through all nodes, functions are called for each instead of loops: V8 spends more on optimising a long loop
 * while it runs, in a process that plans once, than the rest of its rounds take.
 */
function buildGraph(inventory: Inventory): Graph {
  const drafts: Draft[] = [];
  const byDigest = new Map<string, Draft>();
  // By code units; without a function to compare it takes a third of the time.
  [...inventory.manifests.keys()].sort().forEach((digest) => {
    const manifest = inventory.manifests.get(digest);
    if (!manifest) return;
    const node = new NewNode(drafts.length, digest, manifest);
    drafts.push(node);
    byDigest.set(digest, node);
  });
  inventory.tags.forEach((digest, tag) => {
    const node = byDigest.get(digest);
    if (node) node.tags = add(node.tags, tag);
  });
  drafts.forEach((node) => {
    if (node.tags.length > 1) sort(node.tags);
    connectChildren(node, byDigest, inventory);
    connectSubjects(node, byDigest, inventory);
  });
  drafts.forEach((node) => {
    node.role = roleOf(node);
  });
  return { nodes: drafts, byDigest };
}

export const isRoot = (node: Node): boolean => node.role === "root";

/** Not a single child is left. Build caches have no children at all: their entries are blobs. */
export const isGhost = (node: Node): boolean => node.missing > 0 && node.children.length === 0;

/** Some children are left, others are not. */
export const isPartial = (node: Node): boolean => node.missing > 0 && node.children.length > 0;

/** A class, so that all have one shape: there may be very many. */
class NewNode implements Draft {
  tags: string[] = none;
  names: string[] = none;
  children: Node[] = none;
  missing = 0;
  parents: Node[] = none;
  attached: Node[] = none;
  subjects: Node[] = none;
  refers = false;
  orphaned = false;
  doubtful = false;
  role: Role = "root";

  constructor(
    public id: number,
    public digest: string,
    public manifest: InventoryManifest,
  ) {}
}

/** By code units. Most have one tag or two. */
function sort(tags: string[]): void {
  const [first = "", second = ""] = tags;
  if (tags.length > 2) tags.sort();
  else if (first > second) tags.reverse();
}

function connectChildren(node: Draft, byDigest: ReadonlyMap<string, Draft>, inventory: Inventory): void {
  const { children } = node.manifest;
  if (children.length === 0) return;
  for (const digest of new Set(children)) {
    const child = byDigest.get(digest);
    if (child === node) continue;
    if (child) {
      node.children = add(node.children, child);
      child.parents = add(child.parents, node);
    } else if (inventory.missing.has(digest)) node.missing += 1;
  }
}

function connectSubjects(node: Draft, byDigest: ReadonlyMap<string, Draft>, inventory: Inventory): void {
  const named = node.manifest.subject === undefined ? none : [node.manifest.subject];
  let subjects: string[] = named;
  let names = node.tags;
  for (const tag of node.tags) {
    const satellite = satelliteOf(tag);
    // Somebody's own tag may look like a list of referrers.
    if (!satellite || (satellite.form === "list" && !node.manifest.index)) continue;
    subjects = [...subjects, satellite.subject];
    names = names.filter((name) => name !== tag);
  }
  node.names = names;
  if (subjects.length === 0) return;
  node.refers = true;
  const absent = subjects.filter((digest) => !byDigest.has(digest));
  node.doubtful = absent.some((digest) => !inventory.missing.has(digest));
  node.orphaned = absent.length === subjects.length && !node.doubtful;
  for (const digest of new Set(subjects)) {
    const subject = byDigest.get(digest);
    if (!subject || subject === node) continue;
    node.subjects = add(node.subjects, subject);
    subject.attached = add(subject.attached, node);
  }
}

function roleOf(node: Draft): Role {
  if (node.parents.length > 0 && node.parents.some((parent) => !isList(parent))) return "child";
  // The tag of a signature is no name.
  if (node.names !== node.tags && node.tags.some((tag) => satelliteOf(tag)?.form === "signature")) return "signature";
  return node.refers || node.parents.length > 0 ? "referrer" : "root";
}

const isList = (node: Node): boolean => node.manifest.index && node.tags.some((tag) => satelliteOf(tag)?.form === "list");

function add<T>(list: T[], item: T): T[] {
  if (list === none) return [item];
  list.push(item);
  return list;
}
