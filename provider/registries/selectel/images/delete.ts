import { isUnauthorized } from "../../../http";
import { type DeleteOptions, type Deletion, type DeletionResult, RepositoryUnknown } from "../../image-registry";
import { type Digest, parseDigest } from "../../oci/digest";
import type { Standing } from "../../oci/images/standing";
import { DeadlineExceeded } from "../lifecycle";
import { callCleanup, Interrupted } from "./cleanup-call";
import type { Shared } from "./finder";
import { callsOf, type LeadsOf, leadsBy, type ManifestDeletion } from "./levels";
import { stillThere } from "./presence";
import type { Place } from "./registries";
import { removeTag } from "./untag";

type Outcome = Omit<DeletionResult, "deletion">;

/**
 * Deletes manifests in calls of many digests: what leads to others in earlier calls than these. What failed is tried once more after all the
 * rest; then, and for whatever an answer leaves open, a fresh look at the repository has the last word. Throws if the first call is refused
 * for lack of rights.
 */
export async function deleteAll(
  shared: Shared,
  standing: Standing,
  place: Place,
  deletions: readonly Deletion[],
  { signal, onProgress }: DeleteOptions,
): Promise<readonly DeletionResult[]> {
  const { repository } = place;
  shared.memory.touch(repository);
  const run = new Run(shared, standing, place, signal);
  const outcomes = new Map<Deletion, Outcome>();
  const settle = (deletion: Deletion, outcome: Outcome) => {
    outcomes.set(deletion, outcome);
    onProgress?.(outcomes.size);
  };
  for (const deletion of deletions) {
    if (deletion.kind === "manifest") continue;
    settle(deletion, signal?.aborted ? { outcome: "unattempted" } : await removeTag(shared, place, deletion));
  }
  const manifests = new Map<string, ManifestDeletion>();
  for (const deletion of deletions) if (deletion.kind === "manifest") manifests.set(deletion.digest, deletion);
  const results = await run.delete([...manifests.values()], (count) => onProgress?.(outcomes.size + count));
  return deletions.map((deletion) => {
    const outcome = deletion.kind === "manifest" ? results.get(deletion.digest) : outcomes.get(deletion);
    return { deletion, ...(outcome ?? { outcome: "unattempted" }) };
  });
}

class Run {
  private readonly outcomes = new Map<string, Outcome>();
  private readonly leadsOf: LeadsOf;
  /** After this nothing is sent any more. */
  private stopped?: Outcome;

  constructor(
    private readonly shared: Shared,
    private readonly standing: Standing,
    private readonly place: Place,
    private readonly signal: AbortSignal | undefined,
  ) {
    const { before, last } = { before: shared.memory.before(place.repository).seen, last: shared.memory.last(place.repository) };
    this.leadsOf = leadsBy(new Map([...(before?.leads ?? []), ...(last?.leads ?? [])]));
  }

  async delete(deletions: readonly ManifestDeletion[], onProgress: (done: number) => void): Promise<ReadonlyMap<string, Outcome>> {
    let rest = deletions;
    for (const round of ["first", "second"] as const) {
      const open: ManifestDeletion[] = [];
      for (const call of callsOf(rest, this.leadsOf, this.shared.settings.batchSize)) {
        open.push(...(await this.send(call)));
        onProgress(this.outcomes.size);
      }
      rest = await this.verify(open, round);
      if (rest.length === 0) break;
    }
    onProgress(this.outcomes.size);
    return this.outcomes;
  }

  /** Gives those of which it is not clear that they are gone. */
  private async send(call: readonly ManifestDeletion[]): Promise<readonly ManifestDeletion[]> {
    const { repository } = this.place;
    const held = call.filter(({ digest }) => this.standing.holderOf(repository, digest) !== undefined);
    for (const deletion of held) {
      const holder = this.standing.holderOf(repository, deletion.digest);
      this.note(deletion, { outcome: "failed", message: `${holder}, which leads to it, is still there, so it was left.` });
    }
    const free = call.filter((deletion) => !held.includes(deletion));
    if (free.length === 0) return held;
    if (this.signal?.aborted) this.stopped ??= { outcome: "unattempted" };
    if (this.stopped) {
      for (const deletion of free) this.note(deletion, this.stopped);
      return [];
    }
    try {
      const { deleted, failed, problem } = await callCleanup(
        this.shared,
        this.place,
        free.map(({ digest }) => digest),
        this.signal,
      );
      for (const deletion of free) {
        const { digest } = deletion;
        if (deleted.has(digest)) this.note(deletion, { outcome: "deleted" });
        else this.note(deletion, { outcome: "failed", message: reasonOf(failed.get(digest), problem) });
      }
      return [...held, ...free.filter(({ digest }) => !deleted.has(digest))];
    } catch (error) {
      this.stop(error);
      for (const deletion of free) this.note(deletion, this.stopped ?? { outcome: "failed" });
      return [];
    }
  }

  /** Rights that are missing, an interruption and a registry that stays busy are not met again with the next call. */
  private stop(error: unknown): void {
    if (error instanceof Interrupted) {
      this.stopped = { outcome: "unattempted" };
      return;
    }
    const known = error instanceof DeadlineExceeded || isUnauthorized(error);
    const done = [...this.outcomes.values()].some(({ outcome }) => outcome === "deleted" || outcome === "absent");
    if (!known || (isUnauthorized(error) && !done)) throw error;
    this.stopped = { outcome: "failed", message: error.message };
  }

  /** What is gone after all is done; gives what is still there and worth a second attempt. */
  private async verify(open: readonly ManifestDeletion[], round: "first" | "second"): Promise<readonly ManifestDeletion[]> {
    if (open.length === 0) return [];
    const there = await stillThere(
      this.shared,
      this.place,
      open.map(({ digest }) => digest),
    );
    for (const deletion of open) if (!there.has(deletion.digest)) this.note(deletion, { outcome: "absent" });
    return round === "first" ? open.filter(({ digest }) => there.has(digest)) : [];
  }

  private note(deletion: ManifestDeletion, outcome: Outcome): void {
    const { repository } = this.place;
    const { digest } = deletion;
    this.outcomes.set(digest, outcome);
    if (outcome.outcome !== "deleted" && outcome.outcome !== "absent") {
      this.standing.stays(repository, digest, this.leadsOf(deletion));
      return;
    }
    this.standing.gone(repository, digest, this.leadsOf(deletion));
    const gone = this.shared.deleted.get(repository) ?? new Set<Digest>();
    this.shared.deleted.set(repository, gone.add(parseDigest(digest)));
  }
}

function reasonOf(error: string | undefined, problem: string | undefined): string {
  if (problem !== undefined) return problem;
  if (error === undefined) return "The service's answer says nothing about it, and it is still there.";
  const hidden = /referenced/i.test(error) ? " That may be an index without a tag, which the API does not show." : "";
  return `The service says: ${error.replace(/\.$/, "")}.${hidden}`;
}

/** All of them are absent where there is no such repository. */
export function absentOf(deletions: readonly Deletion[], error: unknown): readonly DeletionResult[] {
  if (!(error instanceof RepositoryUnknown)) throw error;
  return deletions.map((deletion) => ({ deletion, outcome: "absent" }));
}
