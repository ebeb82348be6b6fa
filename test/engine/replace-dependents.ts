/**
 * Before an object is deleted ahead of its replacement, everything has to go that depends on it and would itself be
 * replaced by the change; step_generator.go calculateDependentReplacements.
 */
import { decide } from "./diff";
import type { Operation } from "./operation";
import { dependenciesOf, PROVIDER_TYPE, referredUrn, type State } from "./state";
import { type PropertyMap, unknown } from "./values";

export interface Dependent {
  readonly state: State;
  readonly keys: readonly string[];
}

/** In the order of their creation: delete them from the end. */
export async function dependentsToReplace(operation: Operation, root: State): Promise<Dependent[]> {
  const reached = new Set([root.urn]);
  const replaced = new Set([root.urn]);
  const found: Dependent[] = [];
  const { base } = operation.snapshot;
  // The base is in topological order: dependents come after what they depend on.
  for (const state of base.slice(base.indexOf(root) + 1)) {
    const depends = [...dependenciesOf(state)].some((urn) => urn !== state.parent && reached.has(urn));
    if (!depends || operation.seen.has(state.urn) || state.delete) continue;
    reached.add(state.urn);
    const keys = await reasons(operation, state, replaced);
    if (keys === undefined) continue;
    replaced.add(state.urn);
    found.push({ state, keys });
  }
  return found;
}

/** Undefined: it can stay. */
async function reasons(operation: Operation, state: State, replaced: ReadonlySet<string>): Promise<readonly string[] | undefined> {
  if (!state.custom || state.external || state.type === PROVIDER_TYPE) return undefined;
  if (replaced.has(referredUrn(state.provider))) return [];
  const concerned = Object.keys(state.inputs).filter((key) => state.propertyDependencies[key]?.some((urn) => replaced.has(urn)));
  if (concerned.length === 0) return undefined;
  const inputs: PropertyMap = { ...state.inputs, ...Object.fromEntries(concerned.map((key) => [key, unknown])) };
  const decision = await decide(operation, await operation.provider(state.provider), state, inputs, state);
  return decision.replace ? decision.replaceKeys : undefined;
}
