/** The steps that reach a provider: create, update, delete. Each is recorded in the snapshot before and after. */
import { EngineError, markSecrets, type Operation, type Provider } from "./operation";
import { ProviderError } from "./provider-error";
import { PROVIDER_TYPE, type State } from "./state";

export interface Detail {
  readonly keys?: readonly string[];
  readonly diffs?: readonly string[];
}

/** `old`: what this creation replaces; `deleteLater`: the old object still exists and goes at the end. */
export async function create(
  operation: Operation,
  provider: Provider,
  state: State,
  replaced?: { readonly old: State; readonly deleteLater: boolean; readonly detail: Detail },
): Promise<State> {
  operation.step(replaced === undefined ? "create" : "create-replacement", state, replaced?.detail);
  const finish = (): State => {
    markSecrets(state);
    if (replaced?.deleteLater === true) replaced.old.delete = true;
    operation.snapshot.end(state, { kept: state, old: replaced?.deleteLater === false ? replaced.old : undefined });
    return state;
  };
  if (operation.dryRun) {
    // Dynamic providers know no preview: the outputs are the inputs, the SDK takes the rest for unknown.
    state.outputs = { ...state.inputs };
    return finish();
  }
  operation.snapshot.begin("creating", state);
  try {
    const created = await provider.process.create(state.urn, state.inputs, state.timeouts.create);
    if (created.id === "") throw new EngineError("provider did not return an ID from Create");
    state.id = created.id;
    state.outputs = created.outputs;
    return finish();
  } catch (error) {
    keepWhatExists(operation, state, error, finish);
    throw error;
  }
}

export async function update(operation: Operation, provider: Provider, old: State, state: State, detail: Detail): Promise<State> {
  operation.step("update", state, detail);
  state.id = old.id;
  const finish = (): State => {
    markSecrets(state);
    operation.snapshot.end(state, { kept: state, old });
    return state;
  };
  if (operation.dryRun) {
    state.outputs = { ...state.inputs };
    return finish();
  }
  operation.snapshot.begin("updating", state);
  try {
    state.outputs = (await provider.process.update(state.urn, old.id ?? "", old, state.inputs, state.timeouts.update)).outputs;
    return finish();
  } catch (error) {
    keepWhatExists(operation, state, error, finish);
    throw error;
  }
}

/** An object that exists in spite of the failure is kept with the reasons; the next `up` runs update on it. */
function keepWhatExists(operation: Operation, state: State, error: unknown, finish: () => State): void {
  if (error instanceof ProviderError && error.init !== undefined) {
    state.id = error.init.id;
    state.outputs = error.init.properties;
    state.initErrors = error.init.reasons;
    finish();
  } else {
    operation.snapshot.end(state);
  }
}

/**
 * `replaceFirst`: the deletion half of delete-before-replace; the resource stays in the state, marked, until its
 * replacement exists.
 */
export async function remove(
  operation: Operation,
  old: State,
  op: "delete" | "delete-replaced",
  replaceFirst = false,
  gone: ReadonlySet<string> = new Set(),
): Promise<void> {
  operation.step(old.external ? (op === "delete" ? "discard" : "discard-replaced") : op, old);
  if (op === "delete" && old.protect) throw new EngineError(protectedMessage(old.urn));
  const untouched = old.external || old.retainOnDelete || gone.has(old.deletedWith) || !old.custom || old.type === PROVIDER_TYPE;
  if (!operation.dryRun) operation.snapshot.begin("deleting", old);
  try {
    if (!operation.dryRun && !untouched) {
      const { process } = await operation.provider(old.provider);
      await process.delete(old.urn, old.id ?? "", old, old.timeouts.delete);
    }
  } catch (error) {
    operation.snapshot.end(old);
    throw error;
  }
  if (replaceFirst) old.pendingReplacement = true;
  operation.snapshot.end(old, replaceFirst ? {} : { old });
}

function protectedMessage(urn: string): string {
  return (
    `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, ` +
    "either remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n" +
    `\`pulumi state unprotect '${urn}'\``
  );
}
