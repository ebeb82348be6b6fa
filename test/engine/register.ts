/** A resource that the program registers: decided on one after the other, carried out in parallel (step_generator.go). */
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { create, remove, update } from "./apply";
import { type Decision, decide, ignoring } from "./diff";
import { goalOf } from "./goal";
import { Bail, EngineError, markSecrets, type Operation, type Provider, shown } from "./operation";
import { dependentsToReplace } from "./replace-dependents";
import { PROVIDER_TYPE, type State } from "./state";
import { type PropertyMap, same } from "./values";

type Run = () => Promise<State>;

export async function register(operation: Operation, request: RegisterResourceRequest): Promise<State> {
  const state = goalOf(operation, request);
  const run = await operation.decide(() => {
    if (operation.failed) throw new Bail("an earlier step has failed");
    if (operation.seen.has(state.urn)) throw new EngineError(`Duplicate resource URN '${state.urn}'; try giving it a unique name`);
    return plan(operation, state, request);
  });
  return run();
}

async function plan(operation: Operation, state: State, request: RegisterResourceRequest): Promise<Run> {
  if (!state.custom) return component(operation, state);
  if (state.type === PROVIDER_TYPE) return async () => operation.registerProvider(state);
  const provider = await operation.provider(state.provider);
  operation.seen.set(state.urn, state);
  const old = operation.old(state.urn);
  if (request.getImportid() !== "" && old?.id !== request.getImportid()) return () => importResource(operation, provider, state, request);

  const goal = state.inputs;
  const condemned = operation.condemned.get(state.urn);
  const fresh = old === undefined || old.external || condemned !== undefined;
  await check(
    operation,
    provider,
    state,
    fresh ? {} : old.inputs,
    old === undefined ? goal : ignoring(old.inputs, goal, state.ignoreChanges),
  );

  if (old === undefined) return () => create(operation, provider, state);
  if (condemned !== undefined) {
    operation.condemned.delete(state.urn);
    return () => replaceAfter(operation, provider, old, state, { keys: condemned });
  }
  if (old.external) return () => replaceBefore(operation, provider, old, state, {});

  const decision = await decide(operation, provider, old, state.inputs, state);
  if (decision.replace || old.pendingReplacement) return replacement(operation, provider, old, state, goal, request, decision);
  if (decision.changes || old.initErrors.length > 0) return () => update(operation, provider, old, state, { diffs: decision.diffs });
  return async () => {
    // New inputs, OLD outputs: an old `__provider` stays in the outputs.
    Object.assign(state, { id: old.id, outputs: old.outputs });
    operation.step("same", state);
    markSecrets(state);
    operation.snapshot.put(state, old);
    return state;
  };
}

function component(operation: Operation, state: State): Run {
  const old = operation.old(state.urn);
  operation.seen.set(state.urn, state);
  return async () => {
    state.outputs = old === undefined || !same(old.inputs, state.inputs) ? { ...state.inputs } : { ...old.outputs };
    operation.step(old === undefined ? "create" : same(old.inputs, state.inputs) ? "same" : "update", state);
    operation.snapshot.put(state, old);
    return state;
  };
}

async function check(operation: Operation, provider: Provider, state: State, olds: PropertyMap, news: PropertyMap): Promise<void> {
  if (!provider.known) {
    state.inputs = news;
    return;
  }
  const { inputs, failures } = await provider.process.check(state.urn, olds, news);
  const name = state.urn.split("::").slice(3).join("::");
  for (const { property, reason } of failures) {
    const where = property === "" ? "" : `: property ${property} value {${shown(inputs, property).replace(/^"|"$/g, "")}}`;
    operation.say("error", `${state.type} resource '${name}'${where} has a problem: ${reason}`, state.urn);
  }
  if (failures.length > 0) throw new Bail("check failed");
  state.inputs = inputs;
}

async function replacement(
  operation: Operation,
  provider: Provider,
  old: State,
  state: State,
  goal: PropertyMap,
  request: RegisterResourceRequest,
  decision: Decision,
): Promise<Run> {
  if (old.protect && state.protect) {
    const advice = "To unprotect the resource, remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`";
    operation.say("error", `unable to replace resource "${state.urn}"\nas it is currently marked for protection. ${advice}`, state.urn);
    if (!operation.dryRun) throw new Bail("protected");
  }
  // Defaults that were carried over from the old resource do not hold for a new one.
  await check(operation, provider, state, {}, goal);
  const detail = { keys: decision.replaceKeys, diffs: decision.diffs };
  const deleteFirst = request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : decision.deleteBeforeReplace;
  if (!deleteFirst) return () => replaceBefore(operation, provider, old, state, detail);
  const dependents = await dependentsToReplace(operation, old);
  for (const dependent of dependents) {
    if (dependent.state.protect) {
      const message = `unable to replace resource "${dependent.state.urn}" as part of replacing "${state.urn}" as it is currently marked for protection.`;
      operation.say("error", message, state.urn);
      throw new Bail("protected");
    }
    operation.condemned.set(dependent.state.urn, dependent.keys);
    operation.deletedEarly.add(dependent.state);
  }
  operation.deletedEarly.add(old);
  return async () => {
    for (const dependent of [...dependents].reverse()) await remove(operation, dependent.state, "delete-replaced", true);
    if (!old.pendingReplacement) await remove(operation, old, "delete-replaced", true);
    return replaceAfter(operation, provider, old, state, detail);
  };
}

/** The old object exists until the end. */
async function replaceBefore(operation: Operation, provider: Provider, old: State, state: State, detail: Detail): Promise<State> {
  const created = await create(operation, provider, state, { old, deleteLater: true, detail });
  operation.step("replace", state, detail);
  return created;
}

/** The old object is gone already. */
async function replaceAfter(operation: Operation, provider: Provider, old: State, state: State, detail: Detail): Promise<State> {
  operation.step("replace", state, detail.diffs === undefined ? {} : detail);
  return create(operation, provider, state, { old, deleteLater: false, detail });
}

interface Detail {
  readonly keys?: readonly string[];
  readonly diffs?: readonly string[];
}

/** The engine's ImportStep asks the provider with neither inputs nor state, which no dynamic provider can answer. */
async function importResource(operation: Operation, provider: Provider, state: State, request: RegisterResourceRequest): Promise<State> {
  operation.step("import", state);
  const id = request.getImportid();
  const found = await provider.process.read(state.urn, id, undefined, undefined);
  if (found.id === "") throw new EngineError(`resource '${id}' does not exist`);
  if (found.inputs === undefined || found.outputs === undefined)
    throw new EngineError("provider does not support importing resources; please try updating the provider");
  Object.assign(state, { id: found.id, outputs: found.outputs });
  await check(operation, provider, state, found.inputs, state.inputs);
  markSecrets(state);
  operation.snapshot.put(state, operation.old(state.urn));
  operation.snapshot.write();
  return state;
}
