import { isNotFound, RegistryError } from "../../http";
import { ListError } from "../list-error";
import type { RegistryUiClient } from "./client";
import type { RepositoryEntry } from "./schemas";

type Looking = Pick<RegistryUiClient, "repositories" | "tags">;
type Options = { readonly signal?: AbortSignal };

/**
 * The entry of exactly this path, or undefined if a list of everything that the user may read, read to its end, has none. The API has no call for
 * one repository, and what `folder` takes in is not documented; but a path comes after its own beginning in every order, so the list is
 * asked for from there first.
 */
export async function findRepository(
  client: Pick<RegistryUiClient, "repositories">,
  path: string,
  options: Options = {},
): Promise<RepositoryEntry | undefined> {
  const beginning = path.slice(0, -1);
  const near = beginning === "" ? undefined : await first(client.repositories.list({ startAfter: beginning }, options), path);
  return near ?? first(client.repositories.list({}, options), path, true);
}

/** A project that is there but in no list: what is known of it is its path. */
export type FoundProject = RepositoryEntry & { readonly unlisted?: true };

/**
 * The project of exactly this path; undefined if there is none that the user may read. A repository that was pushed and has no project is none.
 * Whether lists show a project to which nothing was pushed is not documented, so the tags of one that is not listed are asked for, too.
 */
export async function findProject(client: Looking, path: string, options: Options = {}): Promise<FoundProject | undefined> {
  const found = await findRepository(client, path, options);
  if (found) return found.isProject === false ? undefined : found;
  return (await isKnown(client, path, options)) ? { fullPath: path, unlisted: true } : undefined;
}

/** Nobody has this. */
const nowhere = "registry-as-code/no-such-repository";

/** Whether the server lists the tags of a path as those of something that it knows: an empty list says so only if it refuses what it does not know. */
async function isKnown(client: Looking, path: string, options: Options): Promise<boolean> {
  return (await answersTags(client, path, options)) && !(await answersTags(client, nowhere, options));
}

async function answersTags(client: Looking, repository: string, options: Options): Promise<boolean> {
  try {
    for await (const _tag of client.tags.list({ repository }, options)) return true;
    return true;
  } catch (error) {
    if (isUnknownThere(error)) return false;
    throw error;
  }
}

/** An error that the server gave in words, or a 404: there is no such thing. Its codes (OFFLINE, NOTAUTHORIZED) say something else. */
export const isUnknownThere = (error: unknown): error is RegistryError =>
  isNotFound(error) ||
  (error instanceof RegistryError && error.kind === "answer" && error.code === undefined && error.serverMessage !== undefined);

async function first(list: AsyncIterable<RepositoryEntry>, path: string, strict = false): Promise<RepositoryEntry | undefined> {
  try {
    for await (const entry of list) if (entry.fullPath === path) return entry;
  } catch (error) {
    // Where `total` does not heed `startAfter`, a list that begins in the middle looks incomplete; the whole one decides.
    if (strict || !(error instanceof ListError)) throw error;
  }
  return undefined;
}
