/** Deletions at the end of an `up` and in a `destroy`: dependents before what they depend on, otherwise in parallel. */
import { remove } from "./apply";
import type { Operation } from "./operation";
import { dependenciesOf, type State } from "./state";

/** What the program no longer mentions, and what has been replaced. */
export function superseded(operation: Operation): State[] {
  return operation.snapshot.base.filter((state) => {
    if (operation.deletedEarly.has(state)) return state.pendingReplacement && operation.condemned.has(state.urn);
    return state.delete || !operation.seen.has(state.urn);
  });
}

export async function deleteAll(operation: Operation, states: readonly State[]): Promise<void> {
  const gone = new Set(states.map((state) => state.urn));
  let left = [...states];
  while (left.length > 0 && !operation.failed) {
    const needed = new Set(left.flatMap((state) => [...dependenciesOf(state)]));
    const ready = left.filter((state) => !needed.has(state.urn));
    // A cycle cannot come from a program; a state that has one is taken apart in any order.
    const now = ready.length > 0 ? ready : left;
    await Promise.all(now.map((state) => deleteOne(operation, state, gone).catch((error: unknown) => operation.report(error, state.urn))));
    left = left.filter((state) => !now.includes(state));
  }
}

async function deleteOne(operation: Operation, state: State, gone: ReadonlySet<string>): Promise<void> {
  if (state.pendingReplacement) {
    // Its object was deleted ahead of a replacement that nobody asked for in the end.
    operation.snapshot.end(state, { old: state });
    return;
  }
  await remove(operation, state, state.delete ? "delete-replaced" : "delete", false, gone);
}
