import { z } from "zod";
import { parseRepository, parseTag } from "../oci";

/** Rules for what callers give, checked before anything is sent. */

const accepted = (parse: (text: string) => unknown): z.ZodType<string> =>
  z.string("must be a text").superRefine((text, context) => {
    try {
      parse(text);
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
    }
  });

/**
 * A whole path by the grammar of repository names, so never empty, never `/`, `.` or `..`, never with a slash at an end, an empty part, a wildcard or
 * anything else that a server could take for "all": `DELETE folder` removes whatever lies at and below its path.
 */
export const path = accepted(parseRepository);
export const tag = accepted(parseTag);

/** How much of a list is wanted. The server's own default of `take` is not documented. */
export const page = {
  startAfter: z.string().min(1, "must not be empty").optional(),
  skip: z.number().int().nonnegative().optional(),
  take: z.number().int().positive().optional(),
};
