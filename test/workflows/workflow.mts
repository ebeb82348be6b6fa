import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const scalars = z.record(z.string(), scalar).default({});

const Step = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  if: scalar.optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: scalars,
  env: scalars,
  "continue-on-error": z.boolean().optional(),
});

const any = {
  needs: z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
  if: scalar.optional(),
};

const StepsJob = z.object({
  ...any,
  environment: z.string().optional(),
  strategy: z.object({ "fail-fast": z.boolean().optional(), matrix: z.record(z.string(), z.array(scalar)) }).optional(),
  outputs: scalars,
  env: scalars,
  steps: z.array(Step),
  "runs-on": z.string(),
  "timeout-minutes": z.number(),
  permissions: z.record(z.string(), z.string()).optional(),
});

/** A job that is another workflow of the same repository. */
const CallJob = z.strictObject({ ...any, uses: z.string().startsWith("./"), with: scalars, secrets: scalars });

const call = z.object({ outputs: z.record(z.string(), z.object({ value: z.string() })).default({}) });

/** As much of a workflow's form as the examples use; an example that needs more fails here. */
const Workflow = z.object({
  name: z.string(),
  on: z.looseObject({ workflow_call: call.optional() }),
  env: scalars,
  jobs: z.record(z.string(), z.union([CallJob, StepsJob])),
});

export type Step = z.infer<typeof Step>;
export type StepsJob = z.infer<typeof StepsJob>;
export type CallJob = z.infer<typeof CallJob>;
export type Job = StepsJob | CallJob;
export type Workflow = z.infer<typeof Workflow>;

export function readWorkflow(file: string): Workflow {
  return Workflow.parse(parse(readFileSync(file, "utf8")));
}

/** Every combination of a matrix's values; one without values if there is no matrix. */
export function legs(job: StepsJob): Readonly<Record<string, string>>[] {
  return Object.entries(job.strategy?.matrix ?? {}).reduce<Record<string, string>[]>(
    (made, [name, values]) => made.flatMap((leg) => values.map((value) => ({ ...leg, [name]: value }))),
    [{}],
  );
}
