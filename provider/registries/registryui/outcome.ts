import { z } from "zod";

/** What an answer says: the thing that was asked for, or the server's `error`, which comes with status 200. */
export type Outcome<T> = { readonly value: T } | { readonly error: string };

/** Standard error codes of the Extended API (vendor's overview page). */
export const codes = ["OFFLINE", "NOTAUTHORIZED", "EXISTS"] as const;
export type Code = (typeof codes)[number];

/** The standard code that a text is, however it is written. */
export const codeOf = (text: string | undefined): Code | undefined => codes.find((code) => code === text?.trim().toUpperCase());

/** Reads an answer: looks for `error` first, whatever else is there, then holds it against the schema. */
export const outcome = <T>(schema: z.ZodType<T>): z.ZodType<Outcome<T>> =>
  z.unknown().transform((answer, context): Outcome<T> => {
    const error = errorOf(answer);
    if (error !== undefined) return { error };
    const parsed = schema.safeParse(answer);
    if (parsed.success) return { value: parsed.data };
    // Only what the HTTP client tells of an issue is handed on: where it is, and of which kind.
    for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: answer } as z.core.$ZodRawIssue);
    return z.NEVER;
  });

/** The text of an error; undefined where the answer has none. */
function errorOf(answer: unknown): string | undefined {
  if (typeof answer === "string") return codeOf(answer);
  if (typeof answer !== "object" || answer === null || !("error" in answer)) return undefined;
  const { error } = answer;
  if (error === null || error === undefined || error === false || error === "") return undefined;
  return typeof error === "string" ? error : "an error without a text";
}
