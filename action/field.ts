import { z } from "zod";

/** Kinds of inputs. What is wrong with one is said without its name. */

export const line = z.string().regex(/^[^\r\n]*$/, "must be one line.");

/** Runs a parser of the core; its errors become those of the input. */
export function checked<T>(parse: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  });
}

export function word<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words, { error: ({ input }) => `${JSON.stringify(input)} is not one of ${words.join(", ")}.` });
}

/** The forms that YAML 1.2 has for booleans, as core.getBooleanInput. */
export const flag = z
  .string()
  .regex(/^(?:true|True|TRUE|false|False|FALSE)$/, { error: ({ input }) => `${JSON.stringify(input)} is neither true nor false.` })
  .transform((text) => text.toLowerCase() === "true");
