import type { GarbageCollection, ImageRegistry } from "../../registries/image-registry";
import { repositoryMatcher } from "../policy/patterns";
import { problemOf } from "./problem";
import type { OnProgress } from "./progress";
import type { RunReport } from "./report";

export type CollectedGarbage = RunReport["garbageCollections"][number];

/**
 * When garbage is collected: `auto`: where something went, unless that hinders everybody (`automatic: false` of the registry's garbage collection); `true`:
 * wherever the run has been; `false`: never.
 */
export type RunGarbageCollection = "auto" | "true" | "false";

export interface GarbageOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** The garbage of a run that removed something from `lost`, of all the repositories that it has been to. Never throws: a failure is a result. */
export async function collectAfter(
  registry: ImageRegistry,
  when: RunGarbageCollection,
  { visited, lost }: { readonly visited: Iterable<string>; readonly lost: Iterable<string> },
  options: GarbageOptions,
): Promise<CollectedGarbage[]> {
  const collection = registry.garbageCollection;
  // `auto` on a registry without an API for it: whoever runs the registry collects its garbage.
  if (!collection || when === "false" || (when === "auto" && collection.automatic === false)) return [];
  return collectScopes(collection, scopesOf(collection, when === "true" ? visited : lost), options);
}

/** A garbage collection and nothing else. */
export interface CollectGarbageOptions extends GarbageOptions {
  readonly registry: ImageRegistry;
  /** Globs as in a policy. Only scopes that hold such a repository. Default: all scopes. */
  readonly repositories?: readonly string[];
}

/** Throws if the registry has no API for it, or cannot be asked what there is. */
export async function collectGarbage(options: CollectGarbageOptions): Promise<CollectedGarbage[]> {
  const { registry, repositories = ["**"], signal } = options;
  const collection = registry.garbageCollection;
  if (!collection) {
    throw new Error(
      `Registries of the type ${registry.type} have no API for garbage collection: ${registry.name} collects its garbage itself.`,
    );
  }
  if (repositories.every((pattern) => pattern === "**" || pattern === "*")) {
    return collectScopes(collection, await all(collection.scopes(signal)), options);
  }
  const matcher = repositoryMatcher(repositories);
  const names = new Set(matcher.literals);
  if (matcher.needsCatalog) for await (const name of registry.repositories(signal)) if (matcher.matches(name)) names.add(name);
  return collectScopes(collection, scopesOf(collection, names), options);
}

/** One after the other: a registry under collection turns other requests away. */
async function collectScopes(
  collection: GarbageCollection,
  scopes: readonly string[],
  options: GarbageOptions,
): Promise<CollectedGarbage[]> {
  const { signal, onProgress = () => {} } = options;
  const collected: CollectedGarbage[] = [];
  for (const scope of scopes) {
    if (signal?.aborted) {
      collected.push({ scope, problem: "The run was interrupted before its garbage was collected." });
      continue;
    }
    onProgress({ kind: "garbage-collection", scope, line: "begins" });
    try {
      await collection.collect(scope, { signal, onProgress: (line) => onProgress({ kind: "garbage-collection", scope, line }) });
      collected.push({ scope });
    } catch (error) {
      collected.push({ scope, problem: `Its garbage could not be collected: ${problemOf(error)}` });
    }
  }
  return collected;
}

const scopesOf = (collection: GarbageCollection, repositories: Iterable<string>) =>
  [...new Set([...repositories].map((repository) => collection.scope(repository)))].sort();

async function all(scopes: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const scope of scopes) found.push(scope);
  return [...new Set(found)].sort();
}
