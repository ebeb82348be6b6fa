import type { OneResource, State } from "../engine";

/** Makes the object; gives the state. */
export const declare = async (resource: OneResource, inputs: object, state?: State): Promise<State> =>
  (await resource.up(inputs, state)).state;

/** Refreshes; throws where it is gone. */
export async function refreshed(resource: OneResource, state: State): Promise<State> {
  const found = await resource.refresh(state);
  if (!found) throw new Error("it is gone");
  return found;
}
