import { revised } from "../../../http";
import { withoutSignal } from "../../../http/ambient-signal";
import { type DeleteOptions, type Deletion, type DeletionResult, type ImageRegistry, RepositoryUnknown } from "../../image-registry";
import { parseRepository, parseTag } from "../../oci";
import { mapConcurrently } from "../../oci/concurrency";
import { isGone, isInNotary, isNotAuthorized } from "../errors";
import type { ImagesClient } from "./client";
import { ledDigests } from "./led-digests";
import { type KnownTag, listedTags, partsOf } from "./tags";

export interface DeleteTags {
  readonly client: ImagesClient;
  /** The same registry over `/v2`: what is led to. */
  readonly v2: ImageRegistry;
  /** Deletions in flight at a time. */
  readonly lanes: number;
}

type Outcome = Omit<DeletionResult, "deletion">;

const failed = (message: string): Outcome => ({ outcome: "failed", message });
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Deletes by removing names: this registry removes manifests and layers itself, when it collects garbage and nothing leads to them. So at no point anything
 * that a remaining name leads to is incomplete, whatever the order. Every tag is looked at right before it is removed.
 * Throws if the first refusal is for lack of rights and nothing was removed.
 */
export function deleteTags(
  source: DeleteTags,
  repository: string,
  deletions: readonly Deletion[],
  options: DeleteOptions,
): Promise<readonly DeletionResult[]> {
  // A deletion that was sent is waited for, whatever signal the caller is under.
  return withoutSignal(() => new Run(source, repository, options).all(deletions));
}

class Run {
  private tags: ReadonlyMap<string, KnownTag> = new Map();
  private done = 0;
  private removed = false;
  private refusal: unknown;

  constructor(
    private readonly source: DeleteTags,
    private readonly repository: string,
    private readonly options: DeleteOptions,
  ) {}

  async all(deletions: readonly Deletion[]): Promise<readonly DeletionResult[]> {
    if (this.options.signal?.aborted) return deletions.map((deletion) => ({ deletion, outcome: "unattempted" }));
    try {
      this.tags = await listedTags(this.source.client, this.repository, undefined);
    } catch (error) {
      if (!(error instanceof RepositoryUnknown) || error.mayBeHidden) throw error;
      return deletions.map((deletion) => ({ deletion, outcome: "absent" }));
    }
    // Also when that was said only after the plan was made. The server itself would remove them.
    const { immutableTags } = await this.source.client.repositories.get(partsOf(this.repository));
    if (immutableTags) return deletions.map((deletion) => ({ deletion, ...failed("The tags of this repository are immutable by now.") }));
    const outcomes = await mapConcurrently(deletions, this.source.lanes, (deletion) => this.attempt(deletion));
    if (this.refusal !== undefined && !this.removed) throw this.refusal;
    const unled = deletions.filter((_, place) => outcomes[place] === undefined);
    const still = unled.length === 0 ? undefined : await ledDigests(this.source.v2, this.repository);
    return deletions.map((deletion, place) => ({ deletion, ...(outcomes[place] ?? afterwards(deletion, still)) }));
  }

  /** Undefined: it has no name of its own; whether something leads to it is found out afterwards. */
  private async attempt(deletion: Deletion): Promise<Outcome | undefined> {
    if (this.options.signal?.aborted) return { outcome: "unattempted" };
    if (this.refusal !== undefined) return failed(`It was not attempted after an earlier refusal: ${messageOf(this.refusal)}`);
    try {
      const outcome = await (deletion.kind === "manifest" ? this.manifest(deletion) : this.name(deletion));
      if (outcome?.outcome === "deleted") this.options.onProgress?.(++this.done);
      return outcome;
    } catch (error) {
      // It was turned away before it took effect.
      if (isNotAuthorized(error)) this.refusal ??= revised(error, { fate: "refused" });
      return failed(isInNotary(error) ? `It is signed. ${messageOf(error)}` : messageOf(error));
    }
  }

  private async manifest({ digest, tags: seen }: Extract<Deletion, { kind: "manifest" }>): Promise<Outcome | undefined> {
    for (const [tag, known] of this.tags) {
      if (known.digest !== digest || seen.includes(tag)) continue;
      // What the API calls the digest of an index may be that of a part: /v2 tells.
      if ((await this.target(tag)) === digest) return { outcome: "changed", message: `The tag ${tag} points to it, too.` };
    }
    if (seen.length === 0) return undefined;
    let removed = 0;
    for (const tag of seen) {
      const now = await this.target(tag);
      if (now === undefined) continue;
      if (now !== digest) return { outcome: "changed", message: `The tag ${tag} now points to ${now}.${said(removed)}` };
      await this.remove(tag);
      removed++;
    }
    return { outcome: removed > 0 ? "deleted" : "absent" };
  }

  private async name(deletion: Exclude<Deletion, { kind: "manifest" }>): Promise<Outcome> {
    const now = await this.target(deletion.tag);
    const expected = deletion.kind === "tag" ? deletion.digest : undefined;
    if (now !== expected) {
      if (now === undefined) return { outcome: "absent" };
      return { outcome: "changed", message: `The tag ${deletion.tag} now points to ${now}.` };
    }
    await this.remove(deletion.tag);
    return { outcome: "deleted" };
  }

  private async remove(tag: string): Promise<void> {
    const { client } = this.source;
    try {
      await client.tags.delete({ ...partsOf(this.repository), tag, domain: client.registryHost });
    } catch (error) {
      if (isNotAuthorized(error) || isInNotary(error)) throw error;
      // The answer was lost, or somebody was quicker.
      if (!isGone(error) && (await this.target(tag)) !== undefined) throw error;
    }
    this.removed = true;
  }

  private async target(tag: string): Promise<string | undefined> {
    return (await this.source.client.oci.manifests.head(parseRepository(this.repository), parseTag(tag)))?.digest;
  }
}

const said = (removed: number): string => (removed === 0 ? "" : ` ${removed} of its other tags were removed before that was seen.`);

function afterwards(deletion: Deletion, led: ReadonlySet<string> | undefined): Outcome {
  return deletion.kind === "manifest" && led?.has(deletion.digest)
    ? failed("It has no tag of its own, and what leads to it is still there.")
    : { outcome: "deleted" };
}
