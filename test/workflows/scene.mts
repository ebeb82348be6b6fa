import { readFileSync } from "node:fs";
import { z } from "zod";

const texts = z.record(z.string(), z.string()).default({});

/** The files of an action: the one that is run, and the one that is run after the job. */
const Action = z.union([z.string().transform((main) => ({ main, post: undefined })), z.object({ main: z.string(), post: z.string() })]);

const Scene = z.object({
  workflow: z.string(),
  /** `pull_request` and what the event says. */
  eventName: z.string(),
  event: z.record(z.string(), z.unknown()).default({}),
  /** More of the context `github`. */
  github: texts,
  secrets: texts,
  vars: texts,
  inputs: z.record(z.string(), z.unknown()).default({}),
  /** The action's files by what stands behind `uses` before `@`. */
  actions: z.record(z.string(), Action).default({}),
  /** Environment that the runner's machine has. */
  env: texts,
  /** A folder: the checkout, and everything that is written. */
  workspace: z.string(),
  scratch: z.string(),
});

/** What is played, as it comes on stdin. */
export const scene = Scene.parse(JSON.parse(readFileSync(0, "utf8")));
