import fc from "fast-check";
import type { Age, GroupBy, Patterns, Policy, Rule, UntaggedRule } from "../../provider/cleanup/policy/policy";
import type { ArtifactKind, CreationTime } from "../../provider/registries/image-registry";
import { day, digestOf, image, index, type ManifestOptions, modelNow, type RepositoryState, referrer, type StoredManifest } from "./model";

/** A policy under which nothing goes. */
export const emptyPolicy: Policy = {
  repositories: ["**"],
  protect: [],
  keep: { digests: [], references: [] },
  rules: [],
  deleteGhostImages: false,
  deletePartialImages: false,
  deleteOrphanedReferrers: false,
  deleteDanglingTags: false,
  minAge: day,
  minKeep: 0,
  artifactTypes: "any",
  allowPlaceholderUntag: false,
  bounds: { maxDeletions: 1000, maxDeletionsPercent: 50 },
};

export const globs = (...patterns: string[]): Patterns => ({ syntax: "glob", patterns });

export const ruleOf = (rule: Partial<Rule> = {}): Rule => ({ name: "rule", groupBy: "none", sortBy: "created", ...rule });

export interface RepositoryOptions {
  readonly name?: string;
  readonly maxManifests?: number;
  readonly maxTags?: number;
  /** Whether there may be tags that point to nothing. They protect a whole repository, so that little else is seen. Default false. */
  readonly dangling?: boolean;
}

/**
 * Repositories as nasty as they come: shared children, indexes in indexes, tagged children, missing ones, referrers of anything (lists of
 * referrers in tags and signatures of cosign included, on children and on each other), caches, charts, dates that nobody can trust.
 */
export function repositories(options: RepositoryOptions = {}): fc.Arbitrary<RepositoryState> {
  return fc
    .record({
      nodes: fc.array(nodes, { minLength: 1, maxLength: options.maxManifests ?? 12 }),
      tags: fc.array(tags, { maxLength: options.maxTags ?? 12 }),
      dangling: options.dangling ? fc.array(fc.constantFrom("gone", "v0.0.9", "pr-9"), { maxLength: 1 }) : fc.constant([]),
    })
    .map((spec) => build(spec, options.name ?? "app/web"));
}

const ages: fc.Arbitrary<ManifestOptions["age"]> = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 2, max: 400 }) },
  { weight: 6, arbitrary: fc.constantFrom(10, 20, 30) },
  { weight: 1, arbitrary: fc.constantFrom(0, 0.5) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<CreationTime | null>(
      { time: 0, source: "config" },
      { time: Date.UTC(1980, 0, 1), source: "config" },
      { time: Number.NaN, source: "annotation" },
      { time: modelNow + 3 * day, source: "registry" },
      null,
    ),
  },
);

const shapes = ["image", "image", "image", "index", "index", "referrer", "cache", "cache-index", "helm", "other"] as const;

const nodes = fc.record({
  shape: fc.constantFrom(...shapes),
  age: ages,
  refs: fc.array(fc.nat(99), { minLength: 0, maxLength: 3 }),
  missing: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 }) }),
  blobs: fc.array(fc.nat(5), { maxLength: 3 }),
});
type NodeSpec = typeof nodes extends fc.Arbitrary<infer T> ? T : never;

const plainTags = [
  ..."latest stable nightly cache v1 v1.0.0 v1.0.1 1.1 v1.1.0-rc.1 v1.1.0-rc.2 v1.1.1 v2.0.0 2.0.1 v3".split(" "),
  ..."pr-1 pr-2 pr-3 pr-x branch-main branch-old branch-feature-a sha-abc1234 sha-def5678".split(" "),
];

const tags = fc.oneof(
  { weight: 6, arbitrary: fc.record({ form: fc.constant("plain" as const), name: fc.constantFrom(...plainTags), on: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ form: fc.constant("list" as const), of: fc.nat(99), on: fc.nat(99) }) },
  {
    weight: 1,
    arbitrary: fc.record({ form: fc.constantFrom("sig" as const, "att" as const, "sbom" as const), of: fc.nat(99), on: fc.nat(99) }),
  },
  { weight: 1, arbitrary: fc.record({ form: fc.constant("mirror-sig" as const), of: fc.nat(99), on: fc.nat(99) }) },
);
type TagSpec = typeof tags extends fc.Arbitrary<infer T> ? T : never;

function build(spec: { nodes: readonly NodeSpec[]; tags: readonly TagSpec[]; dangling: readonly string[] }, name: string): RepositoryState {
  const made: StoredManifest[] = [];
  for (const node of spec.nodes) made.push(manifestOf(node, made));
  const at = (n: number) => made[n % made.length]?.digest ?? "";
  const all = new Map<string, string>();
  for (const tag of spec.tags) {
    // One number beyond the last manifest stands for a subject that does not exist.
    const subject = tag.form === "plain" ? "" : (made[tag.of % (made.length + 1)]?.digest ?? digestOf("no such subject"));
    all.set(tag.form === "plain" ? tag.name : satellite(tag.form, subject), at(tag.on));
  }
  for (const tag of spec.dangling) all.set(tag, digestOf("points to nothing"));
  return { name, manifests: new Map(made.map((manifest) => [manifest.digest, manifest])), tags: all };
}

function satellite(form: Exclude<TagSpec["form"], "plain">, subject: string): string {
  const tag = subject.replace(":", "-");
  if (form === "list") return tag;
  return form === "mirror-sig" ? `mirror-${tag}.sig` : `${tag}.${form}`;
}

function manifestOf(node: NodeSpec, made: readonly StoredManifest[]): StoredManifest {
  const name = `manifest ${made.length}`;
  const refs = made.length === 0 ? [] : [...new Set(node.refs.map((ref) => made[ref % made.length]).filter((one) => one !== undefined))];
  const missing = Array.from({ length: node.missing }, (_, n) => digestOf(`missing ${n} of ${name}`));
  const blobs = node.blobs.map((blob) => [`blob ${blob}`, 100 * (blob + 1)] as const);
  const options = { age: node.age, blobs };
  const subject = refs[0]?.digest ?? missing[0];
  switch (node.shape) {
    case "index":
      return index(name, [...refs.map((child) => child.digest), ...missing], {
        ...options,
        kind: kindOf(refs),
        ...subjectAtTimes(node, refs),
      });
    case "referrer":
      return subject === undefined ? image(name, { ...options, kind: "other" }) : referrer(name, subject, options);
    case "cache-index":
      return index(name, [], { ...options, kind: "other" });
    case "image":
      return image(name, options);
    case "helm":
      return image(name, { ...options, kind: "helm" });
    default:
      return image(name, { ...options, kind: "other" });
  }
}

/** An index may be a referrer itself. */
function subjectAtTimes(node: NodeSpec, refs: readonly StoredManifest[]): { subject?: string } {
  const subject = refs[1]?.digest;
  return subject !== undefined && node.blobs.length === 3 ? { subject } : {};
}

function kindOf(children: readonly StoredManifest[]): ArtifactKind {
  const kinds = new Set(children.map(({ kind }) => kind));
  return kinds.size === 1 ? (children[0]?.kind ?? "other") : "other";
}

const wantedPatterns = fc.uniqueArray(fc.constantFrom("v*", "v1*", "pr-*", "branch-*", "latest", "nightly", "sha*", "mirror*"), {
  minLength: 1,
  maxLength: 3,
});
const tagPatterns: fc.Arbitrary<Patterns> = fc
  .tuple(fc.oneof(fc.constant(["*"]), wantedPatterns), fc.subarray(["!v1.0.*", "!latest"], { maxLength: 1 }))
  .map(([wanted, unwanted]) => globs(...wanted, ...unwanted));

const olderThan: fc.Arbitrary<Age> = fc.oneof(
  fc.constantFrom(0, 5, 20, 100).map((days) => ({ ago: days * day })),
  fc.constantFrom(10, 50).map((days) => ({ before: modelNow - days * day })),
);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const groupings: fc.Arbitrary<GroupBy> = fc.constantFrom<GroupBy>("none", "semver-major", "semver-minor", { pattern: "([a-z]+)-.*" });

const rules: fc.Arbitrary<Rule> = fc
  .record({
    tags: optional(tagPatterns),
    pullRequestTags: fc.constantFrom(undefined, undefined, undefined, undefined, "pr-{number}"),
    branchTags: fc.constantFrom(undefined, undefined, undefined, undefined, "branch-{branch}"),
    keepNewest: optional(fc.nat(3)),
    groupBy: groupings,
    sortBy: fc.constantFrom("created" as const, "semver" as const, "name" as const),
    olderThan: optional(olderThan),
  })
  .map((rule) => defined({ name: "rule", ...rule }));

const untaggedRules: fc.Arbitrary<UntaggedRule> = fc
  .record({ keepNewest: optional(fc.nat(2)), olderThan: optional(olderThan) })
  .map((rule) => defined(rule));

/** Policies of any kind. Tags that a protection may name are among those of `repositories`. */
export function policies(): fc.Arbitrary<Policy> {
  return fc
    .record({
      protect: rarely(protections()),
      keep: fc.record({
        digests: fc.array(
          fc.nat(12).map((n) => digestOf(`manifest ${n}`)),
          { maxLength: 1 },
        ),
        references: fc.array(fc.constantFrom({ repository: "app/web", tag: "v1.0.0" }, { repository: "app/web", tag: "nightly" }), {
          maxLength: 1,
        }),
      }),
      rules: fc.array(rules, { maxLength: 3 }),
      untagged: optional(untaggedRules),
      deleteGhostImages: fc.boolean(),
      deletePartialImages: fc.boolean(),
      deleteOrphanedReferrers: fc.boolean(),
      deleteDanglingTags: fc.boolean(),
      minAge: fc.constantFrom(day, day, 0, 15 * day),
      minKeep: fc.constantFrom(0, 0, 1, 2),
      artifactTypes: fc.constantFrom<Policy["artifactTypes"]>("any", "any", "any", ["image"], ["image", "other"]),
      allowPlaceholderUntag: fc.boolean(),
    })
    .map((policy): Policy => ({ ...emptyPolicy, ...defined(policy) }));
}

function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant<T[]>([]) }, { weight: 1, arbitrary: arbitrary.map((one) => [one]) });
}

/** Something to exclude. */
export function protections(): fc.Arbitrary<{ readonly tags: Patterns }> {
  return fc.constantFrom(...plainTags, "v1*", "pr-*", "sha*", "mirror*").map((pattern) => ({ tags: globs(pattern) }));
}

/** Without the properties that are undefined. */
function defined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  // The compiler cannot follow a filter through Object.entries.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
