import { type Inventory, RepositoryUnknown } from "../../image-registry";
import { familyOf } from "../../push-times";
import { isGone, isNotAuthorized } from "../errors";
import type { ListedTag } from "../schemas";
import type { ImagesClient } from "./client";

/** A tag, as far as cleanup needs it. */
export interface KnownTag {
  readonly digest: string;
  /** RFC 3339. */
  readonly lastUpdated?: string;
}

/** The path that cleanup knows in the parts that the API wants. Throws RepositoryUnknown for what cannot be one here. */
export function partsOf(repository: string): { readonly namespace: string; readonly repository: string } {
  const [namespace = "", name = "", ...more] = repository.split("/");
  if (namespace === "" || name === "" || more.length > 0)
    throw new RepositoryUnknown(repository, { cause: new Error("a repository is called <namespace>/<name> here") });
  return { namespace, repository: name };
}

/** Every tag as the API lists it. Throws RepositoryUnknown if there is no such repository, or this user may not see it. */
export async function listedTags(
  client: ImagesClient,
  repository: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, KnownTag>> {
  const found = new Map<string, KnownTag>();
  try {
    for await (const tag of client.tags.list(partsOf(repository), { ...(signal && { signal }) })) found.set(tag.name, known(tag));
  } catch (error) {
    if (isGone(error)) throw new RepositoryUnknown(repository, { cause: error, mayBeHidden: !(await seesAll(client, signal)) });
    throw error;
  }
  return found;
}

/** Whether what this user does not see is not there. To everybody but administrators the server says the same of what may not be seen. */
async function seesAll(client: ImagesClient, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await client.meta.alerts({}, { ...(signal && { signal }) });
    return true;
  } catch (error) {
    if (isNotAuthorized(error)) return false;
    throw error;
  }
}

function known({ digest, updatedAt, createdAt }: ListedTag): KnownTag {
  const lastUpdated = updatedAt ?? createdAt;
  return { digest, ...(lastUpdated !== undefined && { lastUpdated }) };
}

/** The API and `/v2` say different things of a repository. Nothing is deleted there. */
export class Disagreement extends Error {
  override readonly name = "Disagreement";

  constructor(repository: string, problem: string) {
    super(`The registry's API and its /v2 do not agree on ${repository}: ${problem}.`);
  }
}

/** Holds one list of tags against the other. Throws Disagreement. What the API calls the digest of an index may be that of a part. */
export function agree(inventory: Inventory, listed: ReadonlyMap<string, KnownTag>): void {
  const { repository, tags, dangling } = inventory;
  const seen = new Set([...tags.keys(), ...dangling]);
  const unlisted = [...seen].find((tag) => !listed.has(tag));
  if (unlisted !== undefined) throw new Disagreement(repository, `the tag ${unlisted} is only in the list of /v2`);
  for (const [tag, { digest }] of listed) {
    if (!seen.has(tag)) throw new Disagreement(repository, `the tag ${tag} is only in the list of the API`);
    const target = tags.get(tag);
    if (target !== undefined && digest !== target && !familyOf(inventory, target).has(digest))
      throw new Disagreement(repository, `the tag ${tag} is ${digest} in the API and ${target} over /v2`);
  }
}
