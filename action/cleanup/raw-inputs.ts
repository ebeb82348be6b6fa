import { defaultOf, type Environment, type RawInputs as Raw, readInputs } from "../environment";
import type { Problem } from "../input-error";
import { type InputName, inputs } from "./declaration";

export type RawInputs = Raw<InputName>;

/** The inputs of this action as texts, and those that it does not have. */
export const readRaw = (env: Environment): { readonly raw: RawInputs; readonly problems: readonly Problem[] } =>
  readInputs<InputName>(env, inputs);

/** Whether somebody has said something else than the default. */
export const isSet = (raw: RawInputs, name: InputName): boolean => raw[name] !== undefined && raw[name] !== defaultOf(inputs[name]);
