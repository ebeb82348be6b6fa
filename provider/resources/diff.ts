import { isDeepStrictEqual } from "node:util";
import { commonInputs, inputShape } from "./check";
import type { CommonInputs, Declaration, Raw } from "./declaration";
import { holdsUnknown } from "./unknown";

/** What changed between the state and the checked inputs. Unknown inputs count as changed: that is what a preview can say. */
export interface Change {
  /** Names of the inputs that differ. */
  readonly inputs: readonly string[];
  /** Those of them that force a replacement. */
  readonly replaces: readonly string[];
  /** A reason to update although no input differs. */
  readonly due?: string;
  /** Whether all that differs is how the object is handled, so that nothing has to be sent. */
  readonly onlyHandling: boolean;
}

/** Compares old outputs (where the inputs of the last operation stand, too) with new inputs. Pure. */
export function compare<I extends CommonInputs, O extends object, C>(
  declaration: Declaration<I, O, C>,
  last: Raw,
  inputs: Raw,
  now: number,
): Change {
  // `adopt` speaks of the moment of creation only: taking it out of a program afterwards is no change.
  const changed = Object.keys(inputShape(declaration)).filter((key) => key !== "adopt" && !equal(declaration, key, last[key], inputs[key]));
  const handling = new Set<string>([...Object.keys(commonInputs), ...(declaration.handling ?? [])]);
  const frozen: readonly string[] = declaration.update
    ? (declaration.replaceOn ?? [])
    : Object.keys(declaration.inputs).filter((key) => !handling.has(key));
  const due = declaration.due?.(last as unknown as I & O, now); // the state was written by us and upgraded before it got here
  return {
    inputs: changed,
    replaces: changed.filter((key) => frozen.includes(key)),
    ...(due === undefined ? {} : { due }),
    onlyHandling: due === undefined && changed.every((key) => handling.has(key)),
  };
}

function equal<I extends CommonInputs, O extends object, C>(
  declaration: Declaration<I, O, C>,
  key: string,
  old: unknown,
  now: unknown,
): boolean {
  if (isDeepStrictEqual(old ?? undefined, now ?? undefined)) return true;
  if (old === undefined || now === undefined || old === null || now === null || holdsUnknown(now)) return false;
  const same = (declaration.same as Record<string, ((old: unknown, now: unknown) => boolean) | undefined> | undefined)?.[key]; // keyed by the inputs' own names
  return same?.(old, now) ?? false;
}
