import type { DtrClient, Tag } from "../../registries/dtr";
import type { Context } from "../declaration";
import { unlessGone } from "./unless-gone";

/** A tag of a repository. */
export interface TagPlace {
  readonly namespace: string;
  readonly repository: string;
  readonly tag: string;
}

/** The tag as the server has it, once for each image of an index; undefined if there is none. */
export const entriesOf = (
  { client, signal }: Context<DtrClient>,
  { namespace, repository, tag }: TagPlace,
): Promise<readonly Tag[] | undefined> =>
  unlessGone(client.tags.get({ namespace, repository, reference: tag }, { signal }), "NO_SUCH_REF", "NO_SUCH_TAG");

/** What a tag points to: equal for equal content. For an index that is the digests of its images, because the API shows no other. */
export async function contentOf(context: Context<DtrClient>, place: TagPlace): Promise<string | undefined> {
  const entries = await entriesOf(context, place);
  return entries && contentIn(entries);
}

export const contentIn = (entries: readonly Tag[]): string | undefined =>
  entries.length === 0 ? undefined : [...new Set(entries.map(({ digest }) => digest))].sort().join(",");

/** The content of a tag that must be there. */
export async function needed(context: Context<DtrClient>, place: TagPlace): Promise<string> {
  const content = await contentOf(context, place);
  if (content === undefined) throw new Error(`there is no tag ${nameOf(place)}, or this user may not see it`);
  return content;
}

export const nameOf = ({ namespace, repository, tag }: TagPlace): string => `${namespace}/${repository}:${tag}`;
