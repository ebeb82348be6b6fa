/** `.get()` and `opts.id`: the program asks for an object that it does not own (step.go ReadStep). Happens in previews too. */
import type { ReadResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { UNKNOWN } from "./engine";
import { readGoalOf } from "./goal";
import { Bail, EngineError, markSecrets, type Operation } from "./operation";
import type { State } from "./state";

export async function read(operation: Operation, request: ReadResourceRequest): Promise<State> {
  if (operation.failed) throw new Bail("an earlier step has failed");
  const state = readGoalOf(operation, request);
  operation.seen.set(state.urn, state);
  operation.step("read", state);
  const old = operation.old(state.urn);
  const provider = await operation.provider(state.provider);
  if (state.id !== UNKNOWN && provider.known) {
    // The engine sends the inputs as inputs and as state; without a state it could not find `__provider`.
    const found = await provider.process.read(state.urn, state.id ?? "", state.inputs, state.inputs);
    if (found.outputs === undefined) throw new EngineError(`resource '${state.id}' does not exist`);
    state.outputs = found.outputs;
    if (found.id !== "") state.id = found.id;
  }
  markSecrets(state);
  const owned = old !== undefined && !old.external && old.id !== state.id;
  if (owned) old.delete = true;
  operation.snapshot.put(state, owned ? undefined : old);
  return state;
}
