import type { z } from "zod";
import type { Problem } from "./input-error";

/**
 * Reads the inputs one by one; all that is wrong goes to `problems`. An input that could not be read is missing in what is given, so that with
 * a problem it is for finding further problems only.
 */
export function readFields<Shape extends z.ZodRawShape>(
  { shape }: z.ZodObject<Shape>,
  raw: Readonly<Record<string, string | undefined>>,
  problems: Problem[],
): z.infer<z.ZodObject<Shape>> {
  const read: Record<string, unknown> = {};
  for (const [input, field] of Object.entries<z.core.$ZodType>(shape)) {
    // Every shape is made of zod's ordinary types.
    const result = (field as z.ZodType).safeParse(raw[input]);
    if (result.success) read[input] = result.data;
    else problems.push(...result.error.issues.map(({ message }) => ({ input, text: message })));
  }
  // Each was read by its own type.
  return read as z.infer<z.ZodObject<Shape>>;
}
