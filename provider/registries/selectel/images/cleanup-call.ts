import { isConflict, isNotFound, isUnauthorized } from "../../../http";
import { withoutSignal } from "../../../http/ambient-signal";
import { DeadlineExceeded, retryWhileBusy } from "../lifecycle";
import type { Shared } from "./finder";
import type { Place } from "./registries";

/** What one call of `cleanup` says about its digests. */
export interface Answer {
  readonly deleted: ReadonlySet<string>;
  /** With the service's reasons. */
  readonly failed: ReadonlyMap<string, string>;
  /** Why nothing more is known of the others. */
  readonly problem?: string;
}

/** Nothing was done, since the caller was interrupted before. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

const nothing: Answer = { deleted: new Set(), failed: new Map() };

/**
 * Deletes digests in one call, without the garbage collection that the service would begin by itself. Tags are never given: whether that
 * removes the tag or its digest with all its tags is documented nowhere. A registry that is busy collecting garbage (409) is waited for.
 * A call whose answer was lost is sent again. Throws RegistryError where rights are missing, Interrupted, and DeadlineExceeded.
 */
export async function callCleanup(
  shared: Shared,
  place: Place,
  digests: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { client, settings } = shared;
  let told = false;
  const call = async () => {
    try {
      // What was sent is waited for: nobody could say else what became of it.
      return await withoutSignal(() => client.v1.repositories.cleanup({ ...place.at, digests, disableGc: true }));
    } catch (error) {
      if (isConflict(error) && !told) {
        told = true;
        settings.log(`The registry ${place.registry.name} is busy, probably with garbage collection: waiting until it is not.`);
      }
      throw error;
    }
  };
  try {
    const { deleted, failed } = await retryWhileBusy(call, { deadline: settings.deadline, clock: settings.clock, signal });
    return {
      deleted: new Set(deleted.map(({ digest }) => digest)),
      failed: new Map(failed.map(({ digest, error }) => [digest, oneSentence(error)])),
    };
  } catch (error) {
    if (error instanceof DeadlineExceeded || isUnauthorized(error)) throw error;
    if (signal?.aborted) throw new Interrupted("Interrupted before the call.", { cause: error });
    // No such repository, or one that is gone with its last image: a fresh list tells.
    if (isNotFound(error)) return { ...nothing, problem: error.message };
    return { ...nothing, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The service's text as part of a message: one line, no more than that. */
function oneSentence(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: just those are to go
  const line = text.replace(/[\u0000-\u001f\u007f\s]+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
