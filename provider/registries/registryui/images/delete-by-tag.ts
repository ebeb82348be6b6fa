import { withoutSignal } from "../../../http/ambient-signal";
import type { DeleteOptions, Deletion, DeletionResult, ImageRegistry, Inventory } from "../../image-registry";
import { parseDigest, parseRepository, parseTag } from "../../oci";
import { familyOf } from "../../push-times";
import type { RegistryUiClient } from "../client";
import { isNotAuthorized, isOffline } from "../errors";

/** What becomes of a deletion. */
type Outcome = Omit<DeletionResult, "deletion">;

export interface DeleteByTag {
  readonly client: RegistryUiClient;
  /** The same registry over `/v2`: what is really there. */
  readonly v2: ImageRegistry;
}

const failed = (message: string): Outcome => ({ outcome: "failed", message });
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Deletes through `DELETE taginfo`, where `/v2` deletes nothing for these credentials. Whether that call takes the tag alone or its digest with every tag is not
 * documented, nor which digest of an index; so it is sent only where nothing that stays could be hit under any reading, and looked at afterwards.
 * Throws if the first call is turned away; after that one refusal ends the rest.
 */
export function deleteByTag(
  source: DeleteByTag,
  repository: string,
  deletions: readonly Deletion[],
  options: DeleteOptions,
): Promise<readonly DeletionResult[]> {
  // A deletion that was sent is waited for, whatever signal the caller is under.
  return withoutSignal(() => new Run(source, repository, deletions, options).all());
}

class Run {
  private manifests: Map<string, Inventory["manifests"] extends ReadonlyMap<string, infer M> ? M : never> = new Map();
  private tags = new Map<string, string>();
  private readonly going: ReadonlySet<string>;
  private readonly path;
  private done = false;
  private refused: unknown;

  constructor(
    private readonly source: DeleteByTag,
    private readonly repository: string,
    private readonly deletions: readonly Deletion[],
    private readonly options: DeleteOptions,
  ) {
    this.path = parseRepository(repository);
    this.going = new Set(deletions.flatMap((deletion) => (deletion.kind === "manifest" ? [deletion.digest] : [])));
  }

  async all(): Promise<readonly DeletionResult[]> {
    const { signal, onProgress } = this.options;
    if (signal?.aborted) return this.deletions.map((deletion) => ({ deletion, outcome: "unattempted" }));
    const { manifests, tags } = await this.source.v2.inventory(this.repository);
    this.manifests = new Map(manifests);
    this.tags = new Map(tags);
    const results: DeletionResult[] = [];
    for (const deletion of this.deletions) {
      results.push({ deletion, ...(await this.attempt(deletion)) });
      onProgress?.(results.length);
    }
    return results;
  }

  private async attempt(deletion: Deletion): Promise<Outcome> {
    if (this.options.signal?.aborted) return { outcome: "unattempted" };
    if (this.refused) return failed(`It was not attempted after an earlier refusal: ${messageOf(this.refused)}`);
    try {
      const outcome = await this.one(deletion);
      if (outcome.outcome === "deleted") this.done = true;
      return outcome;
    } catch (error) {
      if (isNotAuthorized(error) || isOffline(error)) {
        if (!this.done) throw error;
        this.refused = error;
      }
      return failed(messageOf(error));
    }
  }

  private one(deletion: Deletion): Promise<Outcome> {
    if (deletion.kind === "manifest") return this.manifest(deletion);
    if (deletion.kind === "dangling") return this.dangling(deletion.tag);
    return Promise.resolve(failed("RegistryUI may delete a tag's digest with all its tags, so a tag alone is not deleted."));
  }

  private async manifest({ digest, tags: seen }: Extract<Deletion, { kind: "manifest" }>): Promise<Outcome> {
    const tags = [...this.tags].filter(([, target]) => target === digest).map(([tag]) => tag);
    const more = tags.find((tag) => !seen.includes(tag));
    if (more !== undefined) return { outcome: "changed", message: `The tag ${more} points to it, too.` };
    const inTheWay = this.bystander(digest, await this.hit(digest, tags[0]));
    if (inTheWay !== undefined) return failed(inTheWay);
    for (const tag of seen) {
      const now = await this.target(tag);
      if (now !== undefined && now !== digest) return { outcome: "changed", message: `The tag ${tag} now points to ${now}.` };
    }
    if (tags.length === 0) {
      if (await this.isThere(digest))
        return failed("RegistryUI deletes by tag, no tag leads to it, and its registry's /v2 deletes nothing here.");
      this.gone(digest);
      return { outcome: "absent" };
    }
    // Where siblings go along, the first call is the last.
    for (const tag of tags) {
      const now = await this.target(tag);
      if (now !== undefined && now !== digest) return { outcome: "changed", message: `The tag ${tag} now points to ${now}.` };
      if (now === digest) await this.remove(tag);
      this.tags.delete(tag);
    }
    if (await this.isThere(digest))
      return failed("Its tags are gone, but RegistryUI has left the manifest, which nothing can delete here.");
    this.gone(digest);
    return { outcome: "deleted" };
  }

  /** Which digests the call may take: the tag's own if RegistryUI knows the tag by it; else those of its parts as well. */
  private async hit(digest: string, tag: string | undefined): Promise<ReadonlySet<string>> {
    const family = familyOf({ manifests: this.manifests }, digest);
    if (family.size === 1 || tag === undefined) return family;
    const known = (await this.source.client.tags.get({ repository: this.repository, tag })).digest;
    return known === digest ? new Set([digest]) : family;
  }

  /** What would be hit, under some reading, and is to stay. */
  private bystander(digest: string, family: ReadonlySet<string>): string | undefined {
    for (const [holder, { children }] of this.manifests) {
      if (family.has(holder)) continue;
      const held = children.find((child) => family.has(child));
      if (held === undefined || (held !== digest && this.going.has(holder))) continue;
      return held === digest
        ? `It belongs to ${holder}, which is still there.`
        : `Its part ${held} belongs to ${holder} as well, which stays: RegistryUI might delete the part.`;
    }
    for (const [tag, target] of this.tags) {
      if (target !== digest && family.has(target) && !this.going.has(target)) {
        return `Its part ${target} has the tag ${tag}, which stays: RegistryUI might delete the part.`;
      }
    }
    return undefined;
  }

  private async dangling(tag: string): Promise<Outcome> {
    const now = await this.target(tag);
    if (now !== undefined) return { outcome: "changed", message: `The tag ${tag} now points to ${now}.` };
    await this.remove(tag);
    const { tags } = await this.source.v2.listing(this.repository);
    return tags.has(tag) ? failed(`RegistryUI has not removed the tag ${tag}, which points to nothing.`) : { outcome: "deleted" };
  }

  private async remove(tag: string): Promise<void> {
    const find = async () => ((await this.target(tag)) === undefined ? (true as const) : undefined);
    await this.source.client.tags.delete({ repository: this.repository, tag }, { find });
    // From now on something may be gone, whatever comes next.
    this.done = true;
  }

  private gone(digest: string): void {
    this.manifests.delete(digest);
  }

  private async target(tag: string): Promise<string | undefined> {
    return (await this.source.client.oci.manifests.head(this.path, parseTag(tag)))?.digest;
  }

  private async isThere(digest: string): Promise<boolean> {
    return (await this.source.client.oci.manifests.head(this.path, parseDigest(digest))) !== undefined;
  }
}
