import { RegistryError } from "../../http";
import { type Deletion, type DeletionResult, type ImageRegistry, type Inventory, RepositoryUnknown } from "../../registries/image-registry";
import type { RepositoryPlan } from "../plan/plan";
import { reconcile } from "../plan/reconcile";
import { Composition } from "./composition";
import { type Fate, keyOf, Ledger } from "./ledger";
import { problemOf } from "./problem";
import { prove } from "./prove";
import type { RepositoryReport } from "./report";
import type { JournalLine } from "./report-file";

export interface Applier {
  readonly registry: ImageRegistry;
  /** Tags may be removed by way of a placeholder. */
  readonly placeholder: boolean;
  /** Proofs that are asked for at a time. */
  readonly concurrency: number;
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** Kept before anything goes on. */
  readonly journal: (line: JournalLine) => Promise<void>;
  /** How many more deletions are settled. */
  readonly onSettled: (count: number, done: number) => void;
}

/** What a look at a repository is good for, in milliseconds. Whatever changes within it is found by the adapter or not at all: V2 has no conditional deletion. */
const freshness = 30_000;

const changed = (text: string): Fate => ({ outcome: "kept", reason: "changed-since-plan", message: text });
const notTried: Fate = { outcome: "unattempted", message: "Not tried: deleting had been stopped." };
const alreadyGone: Fate = { outcome: "deleted", message: "It was gone already." };

/**
 * Does what the plan says in one repository, as far as nothing has changed since: looks at the whole repository afresh, again whenever the last
 * look is too old, deletes in the plan's order, and proves the result by a last list. Never throws: what goes wrong is in the report.
 */
export async function applyRepository(applier: Applier, plan: RepositoryPlan): Promise<RepositoryReport> {
  const ledger = new Ledger(plan);
  const { signal } = applier;
  const problems: string[] = [];
  /** Sent, and nobody knows what became of it. */
  const doubtful: Deletion[] = [];
  try {
    await deleteAll(applier, plan, ledger, doubtful);
  } catch (error) {
    if (!signal?.aborted) {
      problems.push(problemOf(error));
      // A refusal for lack of rights is one error, said once; nothing of the batch was done, which the proof still looks into.
      ledger.settleAll(doubtful, isRefused(error) ? notTried : { outcome: "failed", message: problemOf(error) });
      const rest = ledger.pending();
      const unreadable = error instanceof Unreadable;
      ledger.settleAll(rest, unreadable ? { outcome: "kept", reason: "unreadable", message: error.message } : notTried);
    }
  }
  if (!signal?.aborted) {
    try {
      await prove(applier, plan.repository, ledger, doubtful);
    } catch (error) {
      if (!signal?.aborted) problems.push(`Its deletions could not be verified: ${problemOf(error)}`);
    }
  }
  return ledger.report(problems.length > 0 ? problems.join(" ") : undefined);
}

/** Turned away before it took effect. */
const isRefused = (error: unknown): boolean => error instanceof RegistryError && error.fate === "refused";

/** The repository could not be read afresh. */
class Unreadable extends Error {
  override readonly name = "Unreadable";
}

async function deleteAll(applier: Applier, plan: RepositoryPlan, ledger: Ledger, doubtful: Deletion[]): Promise<void> {
  const { registry, now, signal } = applier;
  const { repository } = plan;
  const composition = new Composition();
  let freshUntil = Number.NEGATIVE_INFINITY;
  let queue: Iterable<Deletion> = [];
  while (!ledger.complete && !signal?.aborted) {
    if (!(now() <= freshUntil)) {
      const inventory = await look(applier, plan, ledger);
      if (!inventory) return;
      composition.add(inventory);
      queue = stillToGo(plan, ledger, inventory);
      freshUntil = now() + freshness;
    }
    const batch = firstOf(queue, registry.capabilities.batchSize);
    // Everything that was left has changed, or an interruption came while it was looked at.
    if (batch.length === 0 || signal?.aborted) return;
    await applier.journal({ journal: repository, deleting: batch });
    const results = await send(applier, repository, batch, ledger, doubtful);
    const before = ledger.settled;
    const someChanged = results.some(({ outcome }) => outcome === "changed");
    for (const result of results) {
      // It may have failed only because what changed has to stay whole: the next look tells.
      if (!(someChanged && result.outcome === "failed")) record(result, ledger, composition);
    }
    await applier.journal({ journal: repository, outcomes: results.map(({ outcome }) => outcome) });
    applier.onSettled(ledger.settled - before, ledger.settled);
    // Somebody is at work here.
    if (someChanged) freshUntil = Number.NEGATIVE_INFINITY;
  }
}

/** The whole repository, with its referrers. Undefined: it is no more, so that all is done. */
async function look({ registry, signal }: Applier, plan: RepositoryPlan, ledger: Ledger): Promise<Inventory | undefined> {
  try {
    const inventory = await registry.inventory(plan.repository, signal);
    return await registry.detail(inventory, { created: new Set(), referrers: true }, signal);
  } catch (error) {
    if (error instanceof RepositoryUnknown && !error.mayBeHidden) {
      ledger.settleAll(ledger.pending(), alreadyGone);
      return undefined;
    }
    const left = ledger.pending().length;
    const what =
      left === plan.deletions.length ? "Nothing was deleted" : `The last ${left} of ${plan.deletions.length} deletions were not tried`;
    throw new Unreadable(`${what}, because the repository could not be read right before: ${problemOf(error)}`, { cause: error });
  }
}

/** What of the rest may still go. What is said to have changed stays, and so does whatever nothing is said of. */
function stillToGo(plan: RepositoryPlan, ledger: Ledger, inventory: Inventory): Iterable<Deletion> {
  // With what has changed before: what belongs to that must be found to stay, too.
  const rest = reconcile({ ...plan, deletions: [...ledger.with("kept"), ...ledger.pending()] }, inventory);
  for (const { deletion, text } of rest.changed) if (ledger.isPending(deletion)) ledger.settle(deletion, changed(text));
  const go = new Set(rest.deletions.map(keyOf));
  const others = ledger.pending().filter((deletion) => !go.has(keyOf(deletion)));
  ledger.settleAll(others, changed("It is not as it was when the plan was made."));
  return ledger.open(rest.deletions);
}

function firstOf(queue: Iterable<Deletion>, size: number): Deletion[] {
  const batch: Deletion[] = [];
  for (const deletion of queue) {
    batch.push(deletion);
    if (batch.length >= size) break;
  }
  return batch;
}

async function send(
  { registry, placeholder, signal }: Applier,
  repository: string,
  batch: readonly Deletion[],
  ledger: Ledger,
  doubtful: Deletion[],
): Promise<readonly DeletionResult[]> {
  try {
    const results = await registry.delete(repository, batch, { placeholder, ...(signal && { signal }) });
    if (results.length === batch.length) return results;
    throw new Error(`The registry's adapter gave ${results.length} results for ${batch.length} deletions.`);
  } catch (error) {
    if (error instanceof RepositoryUnknown && !error.mayBeHidden) return batch.map((deletion) => ({ deletion, outcome: "absent" }));
    if (signal?.aborted) ledger.settleAll(batch, { outcome: "unattempted", message: "The run was interrupted meanwhile: it may be gone." });
    else doubtful.push(...batch);
    throw error;
  }
}

function record({ deletion, outcome, message }: DeletionResult, ledger: Ledger, composition: Composition): void {
  const fate = fateOf(outcome, message);
  ledger.settle(deletion, fate);
  if (fate.outcome === "deleted" || deletion.kind !== "manifest") return;
  // It stays, so it has to stay whole. Within the batch the adapter has seen to that.
  const part = { ...fate, message: `Not tried: it is part of ${deletion.digest}, which is still there.` };
  for (const digest of composition.partsOf(deletion.digest)) {
    const deletionOfPart: Deletion = { kind: "manifest", digest, tags: [] };
    if (ledger.isPending(deletionOfPart)) ledger.settle(deletionOfPart, part);
  }
}

function fateOf(outcome: DeletionResult["outcome"], message: string | undefined): Fate {
  if (outcome === "absent") return alreadyGone;
  if (outcome === "changed") return changed(message ?? "It changed since the plan was made.");
  return { outcome, ...(message !== undefined && { message }) };
}
