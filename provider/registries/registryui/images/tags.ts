import type { Inventory } from "../../image-registry";
import { parseRepository, parseTag } from "../../oci";
import { mapConcurrently } from "../../oci/concurrency";
import { familyOf } from "../../push-times";
import type { RegistryUiClient } from "../client";
import { isUnknownThere } from "../find";
import type { TagEntry } from "../schemas";

/** RegistryUI and its registry say different things of a repository. Nothing is deleted there. */
export class Disagreement extends Error {
  override readonly name = "Disagreement";

  constructor(repository: string, problem: string) {
    super(`RegistryUI and its registry do not agree on ${repository}: ${problem}`);
  }
}

export type Listed = ReadonlyMap<string, TagEntry>;

/** The tags as RegistryUI lists them. A repository that it does not know has none; whether that is believed is `agree`'s. */
export async function listedTags(client: RegistryUiClient, repository: string, signal: AbortSignal | undefined): Promise<Listed> {
  const entries = new Map<string, TagEntry>();
  try {
    for await (const entry of client.tags.list({ repository }, { ...(signal && { signal }) })) entries.set(entry.tag, entry);
  } catch (error) {
    if (!isUnknownThere(error)) throw error;
  }
  return entries;
}

export interface Agreeing {
  readonly client: RegistryUiClient;
  readonly concurrency: number;
  readonly log: (line: string) => void;
}

/**
 * Holds what RegistryUI lists against what `/v2` says; `/v2` has the last word on digests. Throws Disagreement where a tag is in one list only, and
 * where RegistryUI names a digest that is neither the tag's nor that of a part of its index: what RegistryUI shows of an index is not documented.
 * A tag without a digest contradicts nothing, nor does one that RegistryUI remembers and `/v2` proves to be gone.
 */
export async function agree({ client, concurrency, log }: Agreeing, inventory: Inventory, listed: Listed): Promise<void> {
  const { repository, tags, dangling } = inventory;
  const differ = (problem: string) => new Disagreement(repository, problem);
  const unseen = [...tags.keys()].filter((tag) => !listed.has(tag));
  if (unseen.length > 0) {
    const who = client.username === undefined ? "anonymous users" : `the user ${client.username}`;
    const shown = listed.size === 0 ? "no tags" : `no tag ${unseen[0]}`;
    throw differ(
      `RegistryUI shows ${shown} to ${who}, but /v2 has ${listed.size === 0 ? unseen.length : "it"}. Check the user's right to read`,
    );
  }
  for (const [tag, digest] of tags) {
    const said = listed.get(tag)?.digest;
    if (said === undefined || said === digest || familyOf(inventory, digest).has(said)) continue;
    throw differ(`the tag ${tag} is ${said} in RegistryUI and ${digest} over /v2`);
  }
  const known = new Set([...tags.keys(), ...dangling]);
  const left = [...listed.keys()].filter((tag) => !known.has(tag));
  const path = parseRepository(repository);
  await mapConcurrently(left, concurrency, async (tag) => {
    if (await client.oci.manifests.head(path, parseTag(tag))) throw differ(`the tag ${tag} exists, but /v2 does not list it`);
  });
  if (left.length > 0) log(`${repository}: RegistryUI still shows ${left.length} tags that are gone, such as ${left[0]}.`);
}
