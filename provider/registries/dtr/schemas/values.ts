import { z } from "zod";

/** Beside `shape`: what must be told from nothing. */

/** A text that is absent where it is empty: `workerID` of a job that no worker has taken. */
export const filled = z
  .string()
  .nullish()
  .transform((value) => value || undefined)
  .optional();

/** An array as the whole answer. `null` is Go's empty one; no answer at all is none: it must not pass for "there are none". */
export const array = <T>(schema: z.ZodType<T>): z.ZodType<readonly T[]> =>
  z
    .array(schema)
    .nullable()
    .transform((items) => items ?? []);

/** The list that an answer wraps: `{"crons":[…]}`. `{}` of whoever answered in the registry's place is none. */
export const within = <T>(member: string, schema: z.ZodType<T>): z.ZodType<readonly T[]> =>
  z.object({ [member]: array(schema) }).transform((answer) => answer[member] ?? []);

const Errors = z.object({ errors: z.array(z.looseObject({ code: z.string() })).min(1) });

/** Whether the body of a success says that it is none: `{"errors":[{"code":"INTERNAL_ERROR"}]}`. */
export const holdsErrors = (body: unknown): boolean => Errors.safeParse(body).success;

/** For objects of which any member may be absent: errors must not pass for one with none. */
export const unlessErrors = <T>(schema: z.ZodType<T>): z.ZodType<T> =>
  z
    .unknown()
    .refine((body) => !holdsErrors(body))
    .pipe(schema);
