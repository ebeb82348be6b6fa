import { parseAge } from "./age";
import { compilePatterns, repositoryMatcher, splitPatterns } from "./patterns";
import type { Patterns, Policy, Protection, Rule, UntaggedRule } from "./policy";
import { PolicyError } from "./policy-error";
import { explain } from "./policy-issue";
import { noKeepList, type Settings } from "./policy-settings";
import { parseYaml } from "./policy-yaml";
import { type PolicyFile, type PolicyFileRule, policyFileSchema } from "./schema";
import type { SelectorContext } from "./selectors";
import { settingsOf } from "./settings-beside";
import { spelt } from "./spelling";
import { compileTemplate } from "./template";
import { compileGroupBy, parseGroupBy } from "./version";
import type { Places } from "./yaml-places";

/** Larger texts are no policies. */
const largest = 1024 * 1024;

export interface PolicyTextContext extends SelectorContext {
  /** Name of the file in messages. Default `policy`. */
  readonly file?: string;
  /** Guards and bounds from beside the policy. What both say differently is an error, unless it is the default here. */
  readonly settings?: Settings;
  /** Globs over repositories from beside the policy. Must not be given where the policy names repositories itself; `**` says nothing. */
  readonly repositories?: readonly string[];
}

/**
 * Reads a policy file. Throws PolicyError with file, line and column for everything that is not understood: YAML that is broken or ambiguous
 * (a key given twice, an unquoted `*` or `!`), unknown keys, wrong patterns, durations and expressions, a policy that selects nothing.
 */
export function policyFromYaml(text: string, context: PolicyTextContext = {}): Policy {
  const file = context.file ?? "policy";
  if (text.length > largest) throw new PolicyError(file, `the policy has ${text.length} characters: at most ${largest} are read.`);
  const { value, places } = parseYaml(text, file);
  const parsed = policyFileSchema.safeParse(value);
  if (!parsed.success) {
    throw explain(parsed.error, value, places);
  }
  return new Reader(parsed.data, places, context).policy();
}

type Key = string | number;

/** Turns what the schema has let pass into a policy; every error knows its place. */
class Reader {
  constructor(
    private readonly file: PolicyFile,
    private readonly places: Places,
    private readonly context: PolicyTextContext,
  ) {}

  policy(): Policy {
    const { file } = this;
    const rules = (file.rules ?? []).map((rule, index) => this.rule(rule, index));
    const untagged = file.untagged?.delete ? this.untagged(file.untagged) : undefined;
    const switches = {
      deleteGhostImages: file.deleteGhostImages ?? false,
      deletePartialImages: file.deletePartialImages ?? false,
      deleteOrphanedReferrers: file.deleteOrphanedReferrers ?? false,
      deleteDanglingTags: file.deleteDanglingTags ?? false,
    };
    if (rules.length === 0 && untagged === undefined && !Object.values(switches).includes(true)) {
      throw new PolicyError(
        this.places.of([]),
        "nothing in the policy says what may go. Give rules, untagged: { delete: true }, or one of deleteGhostImages, deletePartialImages, deleteOrphanedReferrers, deleteDanglingTags.",
      );
    }
    return {
      repositories: this.scope(),
      protect: (file.protect ?? []).map((protection, index) => this.protection(protection, index)),
      keep: this.context.keep ?? noKeepList,
      rules,
      ...(untagged && { untagged }),
      ...switches,
      ...settingsOf(file, this.context, this.places),
    };
  }

  /** The repositories that the policy is about. */
  private scope(): readonly string[] {
    const own = this.repositories(this.file.repositories, ["repositories"])?.patterns;
    if (own !== undefined) repositoryMatcher(own, this.places.of(["repositories"]));
    const { repositories: beside, spelling } = this.context;
    if (beside === undefined || (beside.length === 1 && beside[0] === "**")) return own ?? ["**"];
    repositoryMatcher(beside, spelt("repositories", spelling));
    if (own === undefined) return beside;
    throw new PolicyError(
      this.places.of(["repositories"]),
      `the policy names its repositories, and ${spelt("repositories", spelling)} beside it does, too. Say it in one place.`,
    );
  }

  private protection(given: NonNullable<PolicyFile["protect"]>[number], index: number): Protection {
    const path = ["protect", index];
    const repositories = this.repositories(given.repositories, [...path, "repositories"]);
    return {
      ...(given.name !== undefined && { name: given.name }),
      ...(repositories && { repositories }),
      tags: this.tags(given.tags, given.patternSyntax, [...path, "tags"]),
    };
  }

  private rule(given: PolicyFileRule, index: number): Rule {
    const path = ["rules", index];
    if ((given.keep === undefined) === (given.delete === undefined)) {
      const what = given.keep === undefined ? "neither keep nor delete" : "both keep and delete";
      throw new PolicyError(
        this.places.of(path),
        `the rule has ${what}. Give one: keep: { count: 5 } or delete: { olderThan: 30d } (delete: {} whatever the age).`,
      );
    }
    const repositories = this.repositories(given.repositories, [...path, "repositories"]);
    return {
      name: given.name ?? `rule ${index + 1}`,
      ...(repositories && { repositories }),
      ...(given.tags !== undefined && { tags: this.tags(given.tags, given.patternSyntax, [...path, "tags"]) }),
      ...this.template(given.pullRequestTags, "pullRequestTags", "number", path),
      ...this.template(given.branchTags, "branchTags", "branch", path),
      ...(given.keep ? this.keep(given.keep, [...path, "keep"]) : { groupBy: "none", sortBy: "created" }),
      ...(given.delete && this.olderThan(given.delete.olderThan, [...path, "delete", "olderThan"])),
    };
  }

  /** What a `keep` does not name goes: the rest by number, the older by age. */
  private keep(
    given: NonNullable<PolicyFileRule["keep"]>,
    path: readonly Key[],
  ): Pick<Rule, "keepNewest" | "groupBy" | "sortBy" | "olderThan"> {
    const { count, youngerThan } = given;
    if (count === undefined && youngerThan === undefined) {
      throw new PolicyError(
        this.places.of(path),
        "keep says neither how many stay nor up to what age. Give count, youngerThan or both; to keep all, use protect.",
      );
    }
    for (const key of ["groupBy", "sortBy"] as const) {
      if (given[key] === undefined || count !== undefined) continue;
      throw new PolicyError(
        this.places.of([...path, key]),
        `${key} says how count counts, which is not given. Set count, or remove ${key}.`,
      );
    }
    const groupBy = parseGroupBy(given.groupBy ?? "none");
    compileGroupBy(groupBy, this.places.of([...path, "groupBy"]));
    return {
      ...(count !== undefined && { keepNewest: count }),
      groupBy,
      sortBy: given.sortBy ?? "created",
      ...this.olderThan(youngerThan, [...path, "youngerThan"]),
    };
  }

  private untagged(given: NonNullable<PolicyFile["untagged"]>): UntaggedRule {
    const repositories = this.repositories(given.repositories, ["untagged", "repositories"]);
    return {
      ...(repositories && { repositories }),
      ...(given.keepNewest !== undefined && { keepNewest: given.keepNewest }),
      ...this.olderThan(given.olderThan, ["untagged", "olderThan"]),
    };
  }

  private olderThan(text: string | undefined, path: readonly Key[]): Pick<Rule, "olderThan"> {
    return text === undefined ? {} : { olderThan: parseAge(text, this.places.of(path), this.context.now) };
  }

  private template<Name extends string>(
    text: string | undefined,
    key: Name,
    part: string,
    path: readonly Key[],
  ): { readonly [K in Name]?: string } {
    if (text === undefined) return {};
    compileTemplate(text, part, this.places.of([...path, key]));
    // TypeScript does not see that a computed key of a literal type is that key.
    return { [key]: text } as { readonly [K in Name]?: string };
  }

  private tags(given: string | readonly string[], syntax: Patterns["syntax"] | undefined, path: readonly Key[]): Patterns {
    const list = listOf(given, syntax ?? this.file.patternSyntax ?? "glob");
    compilePatterns(list, this.places.of(path));
    return list;
  }

  private repositories(given: string | readonly string[] | undefined, path: readonly Key[]): Patterns | undefined {
    if (given === undefined) return undefined;
    const list = listOf(given, "glob");
    compilePatterns(list, this.places.of(path), "repositories");
    return list;
  }
}

function listOf(given: string | readonly string[], syntax: Patterns["syntax"]): Patterns {
  return { syntax, patterns: typeof given === "string" ? splitPatterns(given, syntax) : given };
}
