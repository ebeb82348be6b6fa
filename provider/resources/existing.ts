import { inputShape } from "./check";
import type { CommonInputs, Context, Declaration, Raw } from "./declaration";
import { normal } from "./normal";

/** What the state says of an object: what a program would declare, and that with all that the server adds. */
export interface ExistingState {
  readonly inputs: Raw;
  /** Secrets in clear, as they are known. */
  readonly outputs: Raw;
}

/** The state after a read that found `now`; `last` is what was known before. */
export function stateAfterRead<I extends CommonInputs, O extends object, C>(
  declaration: Declaration<I, O, C>,
  last: Raw,
  now: object,
): ExistingState {
  const state: Raw = { ...last, ...now };
  const inputs = Object.fromEntries(
    Object.keys(inputShape(declaration)).flatMap((name) => (state[name] === undefined ? [] : [[name, state[name]]])),
  );
  return { inputs: normal(inputs, declaration.type), outputs: state };
}

/**
 * Reads an object that no state knows, as `.get` does, over a client that is open already. `given`: inputs that the id does not tell. Undefined: it
 * is not there. Errors come as they were thrown.
 */
export async function readExisting<I extends CommonInputs, O extends object, C>(
  declaration: Declaration<I, O, C>,
  context: Context<C>,
  id: string,
  given: Raw,
): Promise<ExistingState | undefined> {
  const now = await declaration.read(context, id, given as Partial<I & O>); // inputs by their own names
  if (!now) return undefined;
  const { inputs, outputs } = stateAfterRead(declaration, given, now);
  return { inputs, outputs: normal({ ...outputs, schemaVersion: declaration.schemaVersion ?? 1 }, declaration.type) };
}
