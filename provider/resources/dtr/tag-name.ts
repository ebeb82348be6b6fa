import { z } from "zod";

/** A tag, as registries take it. */
export const TagName: z.ZodType<string> = z
  .string()
  .regex(
    /^\w[\w.-]{0,127}$/,
    "must be a tag: at most 128 letters, digits, dots, hyphens and underscores, not beginning with a dot or a hyphen",
  );
