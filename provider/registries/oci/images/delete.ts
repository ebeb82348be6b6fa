import { isUnauthorized, type RegistryError } from "../../../http";
import { withoutSignal } from "../../../http/ambient-signal";
import type { DeleteOptions, Deletion, DeletionResult } from "../../image-registry";
import { mapConcurrently } from "../concurrency";
import { parseDigest } from "../digest";
import type { Repository } from "../path-names";
import { type DeleteOneOptions, deleteOne, type Outcome } from "./delete-one";
import type { Source } from "./look";
import { neighboursOf } from "./neighbours";
import type { Standing } from "./standing";
import { finishTags } from "./unfinished";

/** Refusals for lack of rights in a row, without a success, after which there is no right at all. */
const denials = 3;

/**
 * Deletes in an order in which each deletion that has to do with an earlier one waits for its answer, and does not happen if that one
 * did not; what has nothing to do with each other runs side by side. An interruption lets the requests in flight come to their end.
 * Throws before anything is deleted if a manifest cannot be read, and if the credentials turn out to have no right at all.
 */
export function deleteAll(
  source: Source,
  standing: Standing,
  repository: Repository,
  deletions: readonly Deletion[],
  options: DeleteOptions & { readonly lanes: number },
): Promise<readonly DeletionResult[]> {
  // A deletion that was sent is waited for, whatever signal the caller is under.
  return withoutSignal(() => run(source, standing, repository, deletions, options));
}

async function run(
  source: Source,
  standing: Standing,
  repository: Repository,
  deletions: readonly Deletion[],
  { placeholder, signal, onProgress, lanes }: DeleteOptions & { readonly lanes: number },
): Promise<readonly DeletionResult[]> {
  const interrupted = () => signal?.aborted === true;
  if (interrupted()) return deletions.map((deletion) => ({ deletion, outcome: "unattempted" }));
  const { earlier, leads } = await neighboursOf(source, repository, deletions);
  const one: DeleteOneOptions = { client: source.client, repository, placeholder, interrupted };
  const rights = new Rights();
  const answered = deletions.map(() => deferred());
  let done = 0;
  const results = await mapConcurrently([...deletions.entries()], lanes, async ([place, deletion]): Promise<DeletionResult> => {
    await Promise.all((earlier[place] ?? []).map((before) => answered[before]?.promise));
    const outcome = await attempt(deletion);
    if (deletion.kind === "manifest") {
      const held = leads[place] ?? [];
      if (outcome.outcome === "deleted" || outcome.outcome === "absent") standing.gone(repository, deletion.digest, held);
      else standing.stays(repository, deletion.digest, held);
    }
    answered[place]?.resolve();
    onProgress?.(++done);
    return { deletion, ...outcome };
  });
  if (interrupted()) return results;
  if (rights.none) throw rights.none;
  return finishTags(one, results);

  async function attempt(deletion: Deletion): Promise<Outcome> {
    if (interrupted()) return { outcome: "unattempted" };
    const holder = deletion.kind === "manifest" ? standing.holderOf(repository, deletion.digest) : undefined;
    if (holder !== undefined) {
      return { outcome: "failed", message: `It belongs to ${holder}, which was to go first and is still there.` };
    }
    if (rights.lost) return { outcome: "failed", message: `It was not attempted after earlier refusals: ${rights.lost.message}` };
    try {
      const outcome = await deleteOne(one, deletion);
      if (outcome.outcome === "deleted" || outcome.outcome === "absent") rights.granted();
      return outcome;
    } catch (error) {
      if (isUnauthorized(error)) rights.refused(error);
      else if (deletion.kind === "manifest" && (await isGone(deletion.digest))) return { outcome: "absent" };
      return { outcome: "failed", message: error instanceof Error ? error.message : String(error) };
    }
  }

  /** The answer was lost, or an error came after the deletion. */
  async function isGone(digest: string): Promise<boolean> {
    try {
      return (await source.client.manifests.head(repository, parseDigest(digest))) === undefined;
    } catch {
      // What cannot be seen is not taken for gone.
      return false;
    }
  }
}

/** Whether these credentials may delete anything, as far as refusals and successes tell. */
class Rights {
  /** The refusal after which nothing is attempted any more. */
  lost: RegistryError | undefined;
  private inRow = 0;
  private once = false;

  /** The refusal if nothing was ever allowed. */
  get none(): RegistryError | undefined {
    return this.once ? undefined : this.lost;
  }

  granted(): void {
    this.once = true;
    this.inRow = 0;
  }

  refused(error: RegistryError): void {
    this.inRow++;
    if (this.inRow >= denials) this.lost ??= error;
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
