import type { ArtifactKind } from "../../registries/image-registry";

/**
 * What may go and what must stay, as plain data: the action's inputs and policy files both become this. Patterns are checked when the policy
 * is compiled (compile.ts).
 */
export interface Policy {
  /** Globs over repository paths; `!` negates; only negative ones mean all but those. Default `["**"]`. */
  readonly repositories: readonly string[];
  /** Tags that stay whatever else is said, with all that hangs on them. Beats every rule. */
  readonly protect: readonly Protection[];
  /** Digests and references that stay, from keep-digests and keep-lists. */
  readonly keep: KeepList;
  /** The first rule that selects a tag decides on it; tags that none selects stay. */
  readonly rules: readonly Rule[];
  /** Roots without tags. Absent: they stay. */
  readonly untagged?: UntaggedRule;
  /** Indexes without a single child that exists. */
  readonly deleteGhostImages: boolean;
  /** Indexes some of whose children do not exist. */
  readonly deletePartialImages: boolean;
  /** Referrers and signatures whose subject does not exist. */
  readonly deleteOrphanedReferrers: boolean;
  /** Tags that point to nothing. */
  readonly deleteDanglingTags: boolean;
  /** Milliseconds. Nothing younger goes. 0 lifts the guard. */
  readonly minAge: number;
  /** So many of the newest tagged roots of each repository stay. */
  readonly minKeep: number;
  /** Kinds that may go; `any` includes what is of no known kind. */
  readonly artifactTypes: readonly ArtifactKind[] | "any";
  /** Remove a doomed tag of a kept digest by way of a placeholder where the registry has no other. */
  readonly allowPlaceholderUntag: boolean;
  readonly bounds: Bounds;
}

export interface Bounds {
  /** Root digests and removed tags in the whole run. */
  readonly maxDeletions: number;
  /** Of the tagged roots of any one repository. */
  readonly maxDeletionsPercent: number;
}

export interface Patterns {
  readonly syntax: "glob" | "regex";
  /** `!` before a glob takes its matches out of this list. */
  readonly patterns: readonly string[];
}

export interface Protection {
  readonly name?: string;
  readonly repositories?: Patterns;
  readonly tags: Patterns;
}

export interface Rule {
  /** Said in reasons. */
  readonly name: string;
  readonly repositories?: Patterns;
  /** Adds up with the two templates. With none of the three, the rule selects every tagged root. */
  readonly tags?: Patterns;
  /** `pr-{number}`: selects the tags of closed pull requests. */
  readonly pullRequestTags?: string;
  /** `branch-{branch}`: selects the tags of branches that are gone. */
  readonly branchTags?: string;
  /** The newest so many of each group stay. Counted before age. */
  readonly keepNewest?: number;
  readonly groupBy: GroupBy;
  readonly sortBy: SortBy;
  /** Only what is older goes. */
  readonly olderThan?: Age;
}

export type GroupBy = "none" | "semver-major" | "semver-minor" | { readonly pattern: string };
export type SortBy = "created" | "semver" | "name";

/** Milliseconds before now, or a point in time (milliseconds since 1970). */
export type Age = { readonly ago: number } | { readonly before: number };

export interface UntaggedRule {
  readonly repositories?: Patterns;
  readonly keepNewest?: number;
  readonly olderThan?: Age;
}

export interface KeepList {
  /** Count for every repository. */
  readonly digests: readonly string[];
  /** Of this registry. */
  readonly references: readonly { readonly repository: string; readonly tag?: string; readonly digest?: string }[];
}
