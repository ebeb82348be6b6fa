/** Reads every resource again and takes over what is found (step.go RefreshStep). */
import { decide } from "./diff";
import { markSecrets, type Operation } from "./operation";
import { PROVIDER_TYPE, type State } from "./state";
import { same } from "./values";

export async function refreshAll(operation: Operation): Promise<void> {
  operation.snapshot.clearInterrupted();
  await Promise.all(
    operation.snapshot.base.map((state) => refresh(operation, state).catch((error: unknown) => operation.report(error, state.urn))),
  );
  if (!operation.killed) operation.snapshot.write();
}

async function refresh(operation: Operation, old: State): Promise<void> {
  if (!old.custom || old.type === PROVIDER_TYPE || old.pendingReplacement) {
    operation.step("same", old);
    return;
  }
  const provider = await operation.provider(old.provider);
  const found = await provider.process.read(old.urn, old.id ?? "", old.inputs, old.outputs);
  if (found.id === "") {
    operation.step("delete", old);
    operation.snapshot.put(undefined, old);
    return;
  }
  const now: State = { ...old, id: found.id, inputs: found.inputs ?? old.inputs, outputs: found.outputs ?? {}, initErrors: [] };
  markSecrets(now);
  // What `up` would see right after this refresh, without a change of the program.
  const drift = old.external
    ? { changes: !same(now.outputs, old.outputs), diffs: [] }
    : await decide(operation, provider, now, old.inputs, { ignoreChanges: old.ignoreChanges, replaceOnChanges: [] });
  operation.step(drift.changes ? "update" : "same", old, { diffs: drift.diffs });
  Object.assign(old, now);
}
