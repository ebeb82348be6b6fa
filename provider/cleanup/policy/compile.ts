import { compilePatterns } from "./patterns";
import type { Policy, Rule, UntaggedRule } from "./policy";
import { PolicyError } from "./policy-error";
import { compileTemplate, type Template } from "./template";
import { compileGroupBy } from "./version";

/** A policy whose patterns were checked and compiled, once for all repositories. */
export interface CompiledPolicy {
  readonly policy: Policy;
  /** What of it concerns a repository. */
  of(repository: string): RepositoryPolicy;
}

export interface RepositoryPolicy
  extends Pick<
    Policy,
    | "deleteGhostImages"
    | "deletePartialImages"
    | "deleteOrphanedReferrers"
    | "deleteDanglingTags"
    | "minAge"
    | "minKeep"
    | "artifactTypes"
    | "allowPlaceholderUntag"
  > {
  /** Whether a tag is excluded from all deletion. */
  readonly excludes: (tag: string) => boolean;
  /** Digests and tags that keep-lists name. */
  readonly keptDigests: ReadonlySet<string>;
  readonly keptTags: ReadonlySet<string>;
  readonly rules: readonly CompiledRule[];
  readonly untagged?: UntaggedRule;
}

export interface CompiledRule extends Rule {
  /** Absent: the rule has no patterns. */
  readonly matches?: (tag: string) => boolean;
  readonly pullRequest?: Template;
  readonly branch?: Template;
  readonly groupOf: (tag: string) => string | undefined;
}

/** Throws PolicyError, which says what is wrong, where, and what to do. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  wholeNumber(policy.minKeep, "min-keep");
  duration(policy.minAge, "min-age");
  const protections = policy.protect.map((protection, at) => ({
    applies: inRepository(protection.repositories, `protect[${at}].repositories`),
    excludes: compilePatterns(protection.tags, protection.name ?? `protect[${at}].tags`),
  }));
  const rules = policy.rules.map((rule, at) => ({
    applies: inRepository(rule.repositories, `rules[${at}].repositories`),
    rule: compileRule(rule, `rules[${at}]`),
  }));
  const { untagged } = policy;
  if (untagged?.keepNewest !== undefined) wholeNumber(untagged.keepNewest, "untagged.keepNewest");
  const untaggedApplies = inRepository(untagged?.repositories, "untagged.repositories");
  const everywhere = new Set(policy.keep.digests);
  const kept = keptByRepository(policy);
  return {
    policy,
    of: (repository) => {
      const excludes = protections.filter(({ applies }) => applies(repository)).map((protection) => protection.excludes);
      const here = kept.get(repository);
      return {
        ...policy,
        excludes: (tag) => excludes.some((excluded) => excluded(tag)),
        keptDigests: here ? new Set([...everywhere, ...here.digests]) : everywhere,
        keptTags: here?.tags ?? nothing,
        rules: rules.filter(({ applies }) => applies(repository)).map(({ rule }) => rule),
        ...(untagged && untaggedApplies(repository) ? { untagged } : { untagged: undefined }),
      };
    },
  };
}

const nothing: ReadonlySet<string> = new Set();

function compileRule(rule: Rule, where: string): CompiledRule {
  if (rule.keepNewest !== undefined) wholeNumber(rule.keepNewest, `${where}.keepNewest`);
  return {
    ...rule,
    ...(rule.tags && { matches: compilePatterns(rule.tags, `${where}.tags`) }),
    ...(rule.pullRequestTags !== undefined && {
      pullRequest: compileTemplate(rule.pullRequestTags, "number", `${where}.pullRequestTags`),
    }),
    ...(rule.branchTags !== undefined && { branch: compileTemplate(rule.branchTags, "branch", `${where}.branchTags`) }),
    groupOf: compileGroupBy(rule.groupBy, `${where}.groupBy`),
  };
}

function inRepository(patterns: Rule["repositories"], where: string): (repository: string) => boolean {
  return patterns ? compilePatterns(patterns, where, "repositories") : () => true;
}

function keptByRepository(policy: Policy): Map<string, { digests: Set<string>; tags: Set<string> }> {
  const kept = new Map<string, { digests: Set<string>; tags: Set<string> }>();
  for (const { repository, tag, digest } of policy.keep.references) {
    const here = kept.get(repository) ?? { digests: new Set(), tags: new Set() };
    kept.set(repository, here);
    // Of a reference with both, the digest is what is run; the tag may have moved on, but it is named all the same.
    if (digest !== undefined) here.digests.add(digest);
    if (tag !== undefined) here.tags.add(tag);
  }
  return kept;
}

function wholeNumber(value: number, where: string): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new PolicyError(where, `${value} is not a number of images: give a whole number from 0 on.`);
}

function duration(value: number, where: string): void {
  if (!Number.isFinite(value) || value < 0) throw new PolicyError(where, `${value} is not a time in milliseconds: give 0 or more.`);
}
