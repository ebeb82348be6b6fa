import { z } from "zod";

/** Rules for what callers give, checked before anything is sent. */

/** A text that says something. */
export const name = z.string("must be a text").min(1, "must not be empty");

/** How many tasks of which kind: `{ scan: 2 }`. */
export const capacityMap = z.record(z.string(), z.number().int("must be a whole number").nonnegative("must not be negative"));
/** What an action is told. */
export const jobParameters = z.record(z.string(), z.string("must be a text"));

/** How a job is run; what is absent the server decides. */
export const run = {
  retries: z.number().int("must be a whole number").nonnegative("must not be negative").optional(),
  capacityMap: capacityMap.optional(),
  parameters: jobParameters.optional(),
  /** A duration such as `2h`; empty: none. */
  deadline: z.string().optional(),
  /** A duration such as `30s`. */
  stopTimeout: z.string().optional(),
};
