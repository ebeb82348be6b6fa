import { randomUUID } from "node:crypto";
import { type HttpClock, isConflict, RegistryError } from "../http";
import type { Attempt, CommonInputs, Context, Creation, Declaration, Raw } from "./declaration";
import { compare } from "./diff";
import { Incomplete, NothingMade, ResourceError } from "./failure";
import type { Surroundings } from "./surroundings";

/**
 * Creates an object, or goes on with what an interrupted create of this very resource made, or adopts what is there, or says that it may not.
 * `identity` is the stack's resource; without one nothing is remembered of the attempt.
 */
export async function begin<I extends CommonInputs, O extends object, C>(
  declaration: Declaration<I, O, C>,
  { attempts }: Pick<Surroundings, "attempts">,
  context: Context<C>,
  inputs: I,
  identity: string | undefined,
): Promise<Creation<O>> {
  const { type } = declaration;
  const objectKey = declaration.key(inputs);
  const place = `${declaration.module.server(context.client)} ${objectKey}`;
  const earlier = identity === undefined ? undefined : attempts.unfinished(identity, type, place);
  if (earlier) {
    const id = await resumed(declaration, context, inputs, earlier);
    const outputs = id === undefined ? undefined : await existing(declaration, context, inputs, id);
    if (id !== undefined && outputs) {
      context.log(`${type} ${objectKey}: going on with what an interrupted run had begun`);
      earlier.created(id);
      return { id, outputs };
    }
  }
  const found = await declaration.find?.(context, inputs);
  if (found !== undefined) {
    if (!inputs.adopt)
      throw new ResourceError(
        `${type} ${objectKey} already exists (id ${found}). Set adopt: true to manage the existing object with this resource, or choose another name`,
      );
    context.log(`${type} ${objectKey}: adopting the existing object`);
    const outputs = await existing(declaration, context, inputs, found);
    if (!outputs) throw new ResourceError(`${type} ${objectKey} was there a moment ago and is gone: run it again`);
    return { id: found, outputs };
  }
  const begun = identity === undefined ? unremembered(context.clock) : attempts.begin(identity, type, place, earlier?.noted);
  let somethingMade = false;
  const attempt: Attempt = {
    ...begun,
    created: (id) => {
      somethingMade = true;
      begun.created(id);
    },
  };
  try {
    const made = await declaration.create(context, inputs, attempt);
    attempt.created(made.id);
    return made;
  } catch (error) {
    if (error instanceof Incomplete) attempt.created(error.id);
    else if (identity !== undefined && !somethingMade && (await nothingIsThere(declaration, context, inputs, error)))
      attempts.forget(identity, type);
    if (isConflict(error) && declaration.find) {
      throw new ResourceError(
        `create of ${type} ${objectKey}: ${error.message} If the object exists and is yours, set adopt: true; else choose another name`,
      );
    }
    throw error;
  }
}

/** What an unfinished attempt made, or undefined: it made nothing, or somebody deleted that since. */
async function resumed<I extends CommonInputs, O extends object, C>(
  declaration: Declaration<I, O, C>,
  context: Context<C>,
  inputs: I,
  earlier: Attempt,
): Promise<string | undefined> {
  if (declaration.resume) return declaration.resume(context, inputs, earlier);
  return declaration.find ? declaration.find(context, inputs) : earlier.id;
}

/** Makes an object that is there as declared; undefined if it is gone. */
async function existing<I extends CommonInputs, O extends object, C>(
  declaration: Declaration<I, O, C>,
  context: Context<C>,
  inputs: I,
  id: string,
): Promise<O | undefined> {
  if (declaration.adopt) return declaration.adopt(context, id, inputs);
  const found = await declaration.read(context, id, inputs as unknown as I & O); // read takes what is there of both
  if (!found) return undefined;
  const differs = compare(declaration, { ...inputs, ...found }, inputs as unknown as Raw, context.clock.now());
  if (differs.replaces.length > 0) {
    throw new ResourceError(
      `${declaration.type} ${declaration.key(inputs)} exists with another ${differs.replaces.join(", ")}, which cannot be changed: declare it as it is, or choose another name`,
    );
  }
  const last = { ...inputs, ...found } as unknown as I & O; // what read found, over what was declared
  if (declaration.update && (differs.inputs.length > 0 || differs.due !== undefined)) return declaration.update(context, id, inputs, last);
  return Object.fromEntries(Object.keys(declaration.outputs).map((name) => [name, (last as Raw)[name]])) as unknown as O; // read gives every output
}

/**
 * Whether a failed create left nothing of ours. A conflict says that what is there is somebody else's. After any other refusal an earlier
 * request of the same create may have made the object all the same: the server is asked.
 */
async function nothingIsThere<I extends CommonInputs, O extends object, C>(
  declaration: Declaration<I, O, C>,
  context: Context<C>,
  inputs: I,
  error: unknown,
): Promise<boolean> {
  if (isConflict(error) || error instanceof NothingMade) return true;
  if (!lastRequestFailed(error)) return false;
  return (await declaration.find?.(context, inputs).catch(() => "unknown")) === undefined;
}

/** Whether an error proves that the server did not do what it was last asked. */
function lastRequestFailed(error: unknown): boolean {
  if (!(error instanceof RegistryError)) return false;
  if (error.fate === "not-sent" || error.fate === "refused") return true;
  return error.fate === "answered" && error.status !== undefined && error.status >= 400 && error.status < 500;
}

const unremembered = (clock: HttpClock): Attempt => ({
  nonce: randomUUID(),
  startedAt: clock.now(),
  created: () => undefined,
  note: () => undefined,
});
