import { ConnectionError } from "../../provider/cleanup/connection";
import { problemOf } from "../../provider/cleanup/run/problem";
import { TokenRequestError } from "../../provider/tokens";
import { InputError } from "../input-error";

/** Why a step failed, one line for each thing that is to be put right. Never a stack. */
export function failureTexts(error: unknown): readonly string[] {
  if (error instanceof InputError) return error.problems.map(({ input, text }) => sentence(input, text));
  if (error instanceof TokenRequestError) return error.problems.map(({ setting, text }) => sentence(setting, text));
  return [error instanceof ConnectionError ? error.message : problemOf(error)];
}

const sentence = (input: string, text: string): string => `${input}: ${text}${/[.!?]$/.test(text) ? "" : "."}`;
