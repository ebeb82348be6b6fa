/** What is to become of a resource that exists already; pulumi/pulumi step_generator.go diffResource, applyReplaceOnChanges. */
import type { Operation, Provider } from "./operation";
import type { Olds } from "./provider-process";
import { changedKeys, isMap, type PropertyMap, Secret, same, type Value } from "./values";

export interface Decision {
  readonly changes: boolean;
  readonly replace: boolean;
  readonly replaceKeys: readonly string[];
  readonly diffs: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

interface Subject extends Olds {
  readonly urn: string;
  readonly id: string | undefined;
}

const NOT_KNOWN =
  "The provider for this resource has inputs that are not known during preview.\n" +
  "This preview may not correctly represent the changes that will be applied during an update.";

/** `hasInitErrors`: the resource exists but never came in order, so even no change may be made a replacement by its options. */
export async function decide(
  operation: Operation,
  provider: Provider,
  old: Subject,
  news: PropertyMap,
  options: { readonly ignoreChanges: readonly string[]; readonly replaceOnChanges: readonly string[] },
): Promise<Decision> {
  if (!provider.known) {
    operation.say("warning", NOT_KNOWN, old.urn);
    return { changes: true, replace: false, replaceKeys: [], diffs: [], deleteBeforeReplace: false };
  }
  const answer = await provider.process.diff(old.urn, old.id ?? "", old, news, options.ignoreChanges);
  // A provider that does not say is taken to have no opinion: the inputs are compared, `__provider` included.
  const silent = answer.changes === undefined;
  const considered = silent ? ignoring(old.inputs, news, options.ignoreChanges) : news;
  const diffs = silent ? changedKeys(old.inputs, considered) : answer.diffs;
  const changes = answer.changes ?? diffs.length > 0;
  const paths = silent && changes ? changedPaths(old.inputs, considered) : [];
  const demanded = changes ? options.replaceOnChanges : [];
  const replaceKeys = [...new Set([...answer.replaces, ...diffs.filter((key) => demanded.some((path) => contains(path, key)))])];
  const replace = changes && (replaceKeys.length > 0 || paths.some((changed) => demanded.some((path) => contains(path, changed))));
  return { changes, replace, replaceKeys, diffs, deleteBeforeReplace: answer.deleteBeforeReplace };
}

/** The new inputs with the old values of what is to be ignored. Top-level names and dotted paths. */
export function ignoring(olds: PropertyMap, news: PropertyMap, paths: readonly string[]): PropertyMap {
  return paths.reduce((inputs, path) => ignoreOne(olds, inputs, path.split(".")), news);
}

function ignoreOne(olds: PropertyMap, news: PropertyMap, path: readonly string[]): PropertyMap {
  const [key, ...rest] = path;
  if (key === undefined) return news;
  const [before, after] = [olds[key], news[key]];
  if (rest.length > 0) return isMap(before) && isMap(after) ? { ...news, [key]: ignoreOne(before, after, rest) } : news;
  if (before !== undefined) return { ...news, [key]: before };
  return Object.fromEntries(Object.entries(news).filter(([name]) => name !== key));
}

/** `a.b[0]` for everything that differs, down to the leaves. */
export function changedPaths(a: Value | undefined, b: Value | undefined, at = ""): string[] {
  if (same(a, b)) return [];
  if (isMap(a) && isMap(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].flatMap((key) => changedPaths(a[key], b[key], at === "" ? key : `${at}.${key}`));
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    const longest = a.length > b.length ? a : b;
    return longest.flatMap((_, index) => changedPaths(a[index], b[index], `${at}[${index}]`));
  }
  if (a instanceof Secret && b instanceof Secret) return changedPaths(a.value, b.value, at);
  return [at];
}

function contains(path: string, changed: string): boolean {
  return path === "*" || changed === path || changed.startsWith(`${path}.`) || changed.startsWith(`${path}[`);
}
