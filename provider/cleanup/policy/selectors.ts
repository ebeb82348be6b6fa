import { parseAge } from "./age";
import type { PatternSubject } from "./glob";
import { compilePatterns, repositoryMatcher, splitPatterns } from "./patterns";
import type { GroupBy, KeepList, Patterns, Policy, Rule, SortBy, UntaggedRule } from "./policy";
import { PolicyError } from "./policy-error";
import { noKeepList, policySettings, type Settings } from "./policy-settings";
import { type Spelling, spelt } from "./spelling";
import { compileTemplate } from "./template";
import { compileGroupBy, parseGroupBy } from "./version";

/**
 * What may go and what must stay, one rule for all repositories: the inputs of the action, spelt in camelCase. Patterns are given one by one, or
 * as a text that is divided by new lines and, for globs, by commas outside braces.
 */
export interface Selectors extends Settings {
  /** Globs over repository paths; `!` takes matches out, and only such patterns mean all but those. Default `**`, all. */
  readonly repositories?: string | readonly string[];
  /** Tags that may go. Adds up with the two templates; with none of the three, `keepNTagged` and `olderThan` mean every tag. */
  readonly deleteTags?: string | readonly string[];
  /** Tags that stay whatever else is said, with their digest, its other tags, children, referrers and signatures. */
  readonly excludeTags?: string | readonly string[];
  /** Of `deleteTags` and `excludeTags`. Default `glob`. */
  readonly patternSyntax?: Patterns["syntax"];
  /** The newest so many of the candidates stay, for each repository and group; counted before age. */
  readonly keepNTagged?: number;
  /** All untagged roots may go but the newest so many. */
  readonly keepNUntagged?: number;
  /** `none` (default), `semver-major`, `semver-minor` or a regular expression with one group. */
  readonly groupBy?: string;
  /** What is the newest: `created` (default), `semver` or `name`. */
  readonly sortBy?: SortBy;
  /** `30d`, `12h`, `2w` or an ISO date: only what is older may go. */
  readonly olderThan?: string;
  /** Roots without tags may go. Default false. */
  readonly deleteUntagged?: boolean;
  /** Indexes without a single child that exists may go. Default false. */
  readonly deleteGhostImages?: boolean;
  /** Indexes some of whose children do not exist may go. Default false. */
  readonly deletePartialImages?: boolean;
  /** Referrers and signatures whose subject does not exist may go. Default false. */
  readonly deleteOrphanedReferrers?: boolean;
  /** Tags that point to nothing may go. Default false. */
  readonly deleteDanglingTags?: boolean;
  /** A template such as `pr-{number}`: tags of pull requests that are closed may go. */
  readonly pullRequestTags?: string;
  /** A template such as `branch-{branch}`: tags of branches that do not exist any more may go. */
  readonly branchTags?: string;
}

export interface SelectorContext {
  /** Default `camelCase`. */
  readonly spelling?: Spelling;
  /** What keep-digests and keep-lists name (readKeepList). */
  readonly keep?: KeepList;
  /** Milliseconds since 1970: refuses dates that are still to come. */
  readonly now?: number;
}

const tagSelectors = ["deleteTags", "pullRequestTags", "branchTags", "keepNTagged", "olderThan"] as const;
const untaggedSelectors = ["deleteUntagged", "keepNUntagged"] as const;
const switches = ["deleteGhostImages", "deletePartialImages", "deleteOrphanedReferrers", "deleteDanglingTags"] as const;
const selecting = [...tagSelectors, ...untaggedSelectors, ...switches] as const;

/** Everything that a policy says for itself, and that may therefore not stand beside one. Repositories may, where the policy names none. */
const notBesidePolicy = [...selecting, "excludeTags", "patternSyntax", "groupBy", "sortBy"] as const;

/**
 * The policy that selectors mean. Throws PolicyError if none of them selects anything, if they contradict each other, or if one cannot be
 * understood. Empty texts and lists count as not given, as inputs of actions do.
 */
export function policyFromSelectors(selectors: Selectors, context: SelectorContext = {}): Policy {
  const name = (key: keyof Selectors): string => spelt(key, context.spelling);
  const given = selecting.filter((key) => isGiven(selectors[key]));
  if (given.length === 0) throw new PolicyError("", noSelector(name, isGiven(selectors.excludeTags)));
  refuseContradictions(selectors, name);
  const rule = ruleOf(selectors, context, name);
  const untagged = untaggedOf(selectors, context, name);
  const excluded = patternsOf(selectors.excludeTags, selectors.patternSyntax, name("excludeTags"));
  const repositories = patternsOf(selectors.repositories, "glob", name("repositories"), "repositories");
  if (repositories) repositoryMatcher(repositories.patterns, name("repositories"));
  return {
    repositories: repositories?.patterns ?? ["**"],
    protect: excluded ? [{ name: name("excludeTags"), tags: excluded }] : [],
    keep: context.keep ?? noKeepList,
    rules: rule ? [rule] : [],
    ...(untagged && { untagged }),
    deleteGhostImages: selectors.deleteGhostImages ?? false,
    deletePartialImages: selectors.deletePartialImages ?? false,
    deleteOrphanedReferrers: selectors.deleteOrphanedReferrers ?? false,
    deleteDanglingTags: selectors.deleteDanglingTags ?? false,
    ...policySettings(selectors, name),
  };
}

/** What selectors mean and few would expect of them, in sentences. */
export function cautions(selectors: Selectors, spelling: Spelling = "camelCase"): readonly string[] {
  const name = (key: keyof Selectors): string => spelt(key, spelling);
  const others = [...untaggedSelectors, ...switches].filter((key) => isGiven(selectors[key]));
  const byName = (["deleteTags", "pullRequestTags", "branchTags", "keepNTagged"] as const).some((key) => isGiven(selectors[key]));
  if (byName || others.length === 0 || !isGiven(selectors.olderThan)) return [];
  return [
    `${name("olderThan")} makes every tagged image that is older a candidate, too, since nothing says which tags: if only ${others.map(name).join(", ")} is meant, leave it out, or write a policy with untagged: { delete: true, olderThan: … }.`,
  ];
}

/** What inputs of an action say where nobody has set them. */
const usual: Selectors = { patternSyntax: "glob", groupBy: "none", sortBy: "created" };

/** Throws PolicyError if a selector stands beside a policy, which says all of this for itself. */
export function refuseBesidePolicy(selectors: Selectors, spelling: Spelling = "camelCase"): void {
  const given = notBesidePolicy
    .filter((key) => isGiven(selectors[key]) && selectors[key] !== usual[key])
    .map((key) => spelt(key, spelling));
  if (given.length === 0) return;
  throw new PolicyError(
    given.join(", "),
    `cannot stand beside ${spelt("policy", spelling)}, which says what may go by itself. Remove ${given.length === 1 ? "it" : "them"} and write it into the policy, or leave the policy out.`,
  );
}

/** Absent, empty and false settings select nothing. 0 does: `keepNTagged: 0` keeps none. */
function isGiven(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "";
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== false;
}

function noSelector(name: (key: keyof Selectors) => string, excludes: boolean): string {
  const why = excludes ? `${name("excludeTags")} says what stays, but nothing says what may go` : "nothing says what may go";
  return `There is no selector: ${why}. Set one of ${selecting.map(name).join(", ")}, or give a policy.`;
}

function refuseContradictions(selectors: Selectors, name: (key: keyof Selectors) => string): void {
  if (
    selectors.groupBy !== undefined &&
    isGiven(selectors.groupBy) &&
    selectors.groupBy !== "none" &&
    selectors.keepNTagged === undefined
  ) {
    throw new PolicyError(
      name("groupBy"),
      `says within which groups ${name("keepNTagged")} counts, which is not given. Set it, or remove ${name("groupBy")}.`,
    );
  }
  const others = tagSelectors.filter((key) => key !== "keepNTagged" && isGiven(selectors[key]));
  if (selectors.keepNTagged === 0 && others.length === 0) {
    throw new PolicyError(
      name("keepNTagged"),
      `0 keeps nothing, and nothing else says which tags may go: it would be everything. Give a number from 1 on, or say so by ${name("deleteTags")}: "*".`,
    );
  }
}

function ruleOf(selectors: Selectors, context: SelectorContext, name: (key: keyof Selectors) => string): Rule | undefined {
  const given = tagSelectors.filter((key) => isGiven(selectors[key]));
  if (given.length === 0) return undefined;
  const tags = patternsOf(selectors.deleteTags, selectors.patternSyntax, name("deleteTags"));
  const { olderThan } = selectors;
  const pullRequestTags = templateOf(selectors.pullRequestTags, "number", name("pullRequestTags"));
  const branchTags = templateOf(selectors.branchTags, "branch", name("branchTags"));
  const groupBy: GroupBy = selectors.groupBy !== undefined && isGiven(selectors.groupBy) ? parseGroupBy(selectors.groupBy.trim()) : "none";
  compileGroupBy(groupBy, name("groupBy"));
  return {
    name: given.map(name).join(", "),
    ...(tags && { tags }),
    ...(pullRequestTags !== undefined && { pullRequestTags }),
    ...(branchTags !== undefined && { branchTags }),
    ...(selectors.keepNTagged !== undefined && { keepNewest: count(selectors.keepNTagged, name("keepNTagged")) }),
    groupBy,
    sortBy: selectors.sortBy ?? "created",
    ...(olderThan !== undefined && isGiven(olderThan) && { olderThan: parseAge(olderThan, name("olderThan"), context.now) }),
  };
}

/** `olderThan` narrows untagged roots, too: whoever sets it wants nothing younger to go. */
function untaggedOf(selectors: Selectors, context: SelectorContext, name: (key: keyof Selectors) => string): UntaggedRule | undefined {
  if (!untaggedSelectors.some((key) => isGiven(selectors[key]))) return undefined;
  const { keepNUntagged, olderThan } = selectors;
  return {
    ...(keepNUntagged !== undefined && { keepNewest: count(keepNUntagged, name("keepNUntagged")) }),
    ...(olderThan !== undefined && isGiven(olderThan) && { olderThan: parseAge(olderThan, name("olderThan"), context.now) }),
  };
}

/** Checked here, too, since only here it is known how the reader calls the list. */
function patternsOf(
  list: string | readonly string[] | undefined,
  syntax: Patterns["syntax"] = "glob",
  where: string,
  subject?: PatternSubject,
): Patterns | undefined {
  if (list === undefined || !isGiven(list)) return undefined;
  const patterns = typeof list === "string" ? splitPatterns(list, syntax) : list;
  if (patterns.length === 0) throw new PolicyError(where, "holds comments only. Remove it, or write patterns into it.");
  compilePatterns({ syntax, patterns }, where, subject);
  return { syntax, patterns };
}

function templateOf(template: string | undefined, placeholder: string, where: string): string | undefined {
  if (template === undefined || !isGiven(template)) return undefined;
  compileTemplate(template.trim(), placeholder, where);
  return template.trim();
}

function count(value: number, where: string): number {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new PolicyError(where, `${value} is not a number of images: give a whole number from 0 on.`);
  return value;
}
