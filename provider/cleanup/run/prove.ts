import { type Deletion, type ImageRegistry, RepositoryUnknown } from "../../registries/image-registry";
import { inOrder } from "./in-order";
import { type Fate, keyOf, type Ledger } from "./ledger";

export interface Prover {
  readonly registry: ImageRegistry;
  /** Questions at a time. */
  readonly concurrency: number;
  readonly signal?: AbortSignal;
}

/** What the registry called deleted, and what nobody knows of, is looked for in fresh lists: they have the last word. */
export async function prove(
  { registry, concurrency, signal }: Prover,
  repository: string,
  ledger: Ledger,
  doubtful: readonly Deletion[],
): Promise<void> {
  const claimed = [...ledger.with("deleted"), ...doubtful];
  if (claimed.length === 0) return;
  const isThere = await presence(registry, repository, signal);
  const look = async (deletion: Deletion) => ({ deletion, there: await isThere(deletion) });
  const unknown = new Set(doubtful.map(keyOf));
  for await (const { deletion, there } of inOrder(claimed, { limit: concurrency, signal }, look)) {
    const isUnknown = unknown.has(keyOf(deletion));
    if (there && !isUnknown) ledger.settle(deletion, stillThere);
    if (!there && isUnknown) ledger.settle(deletion, { outcome: "deleted" });
  }
}

const stillThere: Fate = { outcome: "failed", message: "The registry said that it was deleted, but it is still there." };

async function presence(
  registry: ImageRegistry,
  repository: string,
  signal?: AbortSignal,
): Promise<(deletion: Deletion) => Promise<boolean>> {
  try {
    const { tags, has } = await registry.listing(repository, signal);
    return async (deletion) => (deletion.kind === "manifest" ? has(deletion.digest) : tags.has(deletion.tag));
  } catch (error) {
    if (error instanceof RepositoryUnknown && !error.mayBeHidden) return async () => false;
    throw error;
  }
}
