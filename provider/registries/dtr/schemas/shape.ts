import { z } from "zod";

/**
 * What the schemas of answers are made of. The server is written in Go and its versions differ, so: unknown members are dropped, what is `null` or absent
 * is Go's zero value where the description says that the member is always there, and absent otherwise.
 */

export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
export const count = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);

/** A member that need not be there; `null` is absent. */
export const optional = <T>(schema: z.ZodType<T>) =>
  schema
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();

/** RFC 3339 with up to nine fraction digits; absent for Go's zero time `0001-01-01T00:00:00Z`, which means never. */
export const time = z
  .string()
  .nullish()
  .transform((value) => (!value || value.startsWith("0001-01-01T") ? undefined : value))
  .optional();

/** `null` and nothing are an empty list. */
export const list = <T>(schema: z.ZodType<T>) =>
  z
    .array(schema)
    .nullish()
    .transform((value): readonly T[] => value ?? []);

/** `null` and nothing are an empty map. */
export const map = <T>(schema: z.ZodType<T>) =>
  z
    .record(z.string(), schema)
    .nullish()
    .transform((value): Readonly<Record<string, T>> => value ?? {});
