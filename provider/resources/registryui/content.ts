import { isFateUnknown, isUnauthorized, RegistryError } from "../../http";
import { isNameUnknown, parseRepository } from "../../registries/oci";
import { findProject, isUnknownThere, type RegistryUiClient } from "../../registries/registryui";
import type { Context } from "../declaration";
import { notDestroyed } from "../not-destroyed";

/** What a recursive deletion of a path would take with it. */
interface Content {
  /** Tags of the repository at the path itself. */
  readonly tags: readonly string[];
  /** Paths of projects and repositories below it. */
  readonly below: readonly string[];
}

/**
 * What lies at and below a path. Both sides are asked, the Extended API and the registry, because a repository may be known to one of them only; and
 * whole lists, because what `folder` takes in is not documented. Prefixes are compared with the slash, so that `team` has nothing to do with
 * `teams/app`.
 */
async function contentOf({ client, signal }: Context<RegistryUiClient>, path: string): Promise<Content> {
  const inside = `${path}/`;
  const below = new Set<string>();
  for await (const { fullPath } of client.repositories.list({}, { signal })) if (fullPath.startsWith(inside)) below.add(fullPath);
  for (const name of await catalog(client)) if (name.startsWith(inside)) below.add(name);
  const stored = await storedTags(client, path);
  const tags = new Set(stored ?? []);
  try {
    for await (const { tag } of client.tags.list({ repository: path }, { signal })) tags.add(tag);
  } catch (error) {
    // A project to which nothing was pushed may have no list of tags. That the registry knows no such repository proves it.
    if (stored !== undefined || !isUnknownThere(error)) throw error;
  }
  return { tags: [...tags].sort(), below: [...below].sort() };
}

/** The registry's own list; nothing where it refuses one. Then the Extended API's alone counts, which shows everything to an administrator. */
async function catalog({ oci }: RegistryUiClient): Promise<string[]> {
  try {
    return await Array.fromAsync(oci.catalog());
  } catch (error) {
    if (error instanceof RegistryError && error.kind === "status" && (error.status ?? 0) >= 400 && (error.status ?? 0) < 500) return [];
    throw error;
  }
}

/** Tags in the registry; undefined where it knows no such repository. */
async function storedTags({ oci }: RegistryUiClient, path: string): Promise<string[] | undefined> {
  try {
    return await Array.fromAsync(oci.tags(parseRepository(path)));
  } catch (error) {
    if (isNameUnknown(error)) return undefined;
    throw error;
  }
}

/**
 * Proves that a project which is in no list is gone. Lists hold what the user may read, so a missing right looks the same; the registry itself tells the
 * two apart, because it refuses a user who may not read.
 */
export async function proveGone({ client }: Context<RegistryUiClient>, path: string): Promise<void> {
  try {
    await storedTags(client, path);
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
    throw new Error(
      `${path} is not in the list of repositories, and the registry refuses it to ${client.username ?? "anonymous users"}: rights are missing, so nobody can say whether it exists. Use an administrator's user name and token`,
    );
  }
}

const ATTEMPTS = 3;

/**
 * Deletes a project with `DELETE folder`, which takes everything below its path with it: right after a look at what that is, and not without
 * `force` if it is anything. When the answer is lost, the path is looked at anew before anything is sent again.
 */
export async function deleteProject(context: Context<RegistryUiClient>, path: string, force: boolean): Promise<void> {
  const { client, signal, log } = context;
  for (let attempt = 1; ; attempt++) {
    if (!(await findProject(client, path, { signal }))) return proveGone(context, path);
    const held = describe(await contentOf(context, path));
    if (held !== undefined && !force) throw new Error(refusal(path, held));
    if (held !== undefined) log(`registryui:Project ${path}: deleted with ${held}`);
    try {
      await client.folders.delete({ path }, { signal });
      return;
    } catch (error) {
      if (!isFateUnknown(error) || signal.aborted || attempt === ATTEMPTS) throw error;
    }
  }
}

/** `2 tags (v1, v2) and 1 repository below it (team/app)`; undefined for nothing. */
function describe({ tags, below }: Content): string | undefined {
  const parts = [
    tags.length > 0 && `${counted(tags.length, "tag", "tags")} (${some(tags)})`,
    below.length > 0 && `${counted(below.length, "repository", "repositories")} below it (${some(below)})`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? undefined : parts.join(" and ");
}

const refusal = (path: string, held: string): string => notDestroyed(`project ${path}`, held, `everything at and below ${path}`);

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
const some = (names: readonly string[]): string => `${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}`;
