import type { ImageRegistry } from "../../registries/image-registry";
import { repositoryMatcher } from "../policy/patterns";
import { inShard, type Shard } from "./shard";

/** The repositories of a run. */
export interface Selection {
  /** Sorted by name (by code units, so that no locale matters), each once. */
  readonly repositories: readonly SelectedRepository[];
  /** One sentence each: patterns that match nothing. */
  readonly warnings: readonly string[];
}

export interface SelectedRepository {
  readonly name: string;
  /** The user wrote this very name: it must exist. */
  readonly named: boolean;
}

/**
 * Which repositories a policy means. The registry is asked for its list only if a pattern has a wildcard; if it cannot give the list then, that
 * error is thrown, since a shorter list would look like success. A shard takes its share of what is left, by the names alone.
 */
export async function selectRepositories(
  registry: Pick<ImageRegistry, "name" | "repositories">,
  patterns: readonly string[],
  options: { readonly shard?: Shard; readonly signal?: AbortSignal } = {},
): Promise<Selection> {
  const matcher = repositoryMatcher(patterns);
  const named = new Set(matcher.literals);
  const names = new Set(named);
  let warnings: string[] = [];
  if (matcher.needsCatalog) {
    const wildcards = patternsWithWildcards(patterns);
    const idle = new Set(wildcards);
    let some = false;
    for await (const name of registry.repositories(options.signal)) {
      for (const wildcard of idle) if (wildcard.matches(name)) idle.delete(wildcard);
      if (!matcher.matches(name)) continue;
      some = true;
      names.add(name);
    }
    warnings = [...idle].map(({ pattern }) => `No repository of ${registry.name} matches ${pattern}.`);
    if (!some && warnings.length === 0) warnings = [`No repository of ${registry.name} matches ${patterns.join(", ")}.`];
  }
  const { shard } = options;
  const mine = shard ? [...names].filter((name) => inShard(name, shard)) : [...names];
  return { repositories: mine.sort(byCodeUnits).map((name) => ({ name, named: named.has(name) })), warnings };
}

/** The positive patterns that only the registry's list can resolve, each for itself. */
function patternsWithWildcards(patterns: readonly string[]) {
  return patterns
    .filter((pattern) => !pattern.startsWith("!"))
    .map((pattern) => ({ pattern, ...repositoryMatcher([pattern]) }))
    .filter(({ needsCatalog }) => needsCatalog);
}

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
