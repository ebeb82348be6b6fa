import { z } from "zod";

/** A text that a parser accepts; the parser's own message is the failure. The text itself stays as it was written. */
export const textFor = (parse: (text: string) => unknown): z.ZodType<string> =>
  z.string().superRefine((text, context) => {
    try {
      parse(text);
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
    }
  });
