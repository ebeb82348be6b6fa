import type { Connection } from "../../provider/cleanup/connection";
import type { CleanupSelection } from "../../provider/cleanup/policy/resolve-policy";
import type { Shard } from "../../provider/cleanup/run/shard";
import { connectionOf } from "../connection-fields";
import type { Environment } from "../environment";
import { InputError, type Problem } from "../input-error";
import { readFields } from "../read-fields";
import { contradictions } from "./contradictions";
import type { FailOn } from "./failures";
import { type Fields, fieldsOf } from "./fields";
import { type RawInputs, readRaw } from "./raw-inputs";
import { besidePolicy, selectionProblems, selectorsOf } from "./selection";

/** What the inputs ask for. */
export type Job = PlanJob | ApplyJob | CollectJob;

interface AnyJob {
  readonly connection: Connection;
  readonly dryRun: boolean;
  readonly concurrency: number;
  readonly failOn: FailOn;
}

/** Make a plan and, unless `dryRun`, apply it. */
export interface PlanJob extends AnyJob {
  readonly mode: "plan";
  readonly selection: CleanupSelection;
  readonly planFile?: string;
  readonly shard?: Shard;
  readonly cacheDir?: string;
  readonly runGc: "auto" | "true" | "false";
  readonly comment: boolean;
  readonly githubToken?: string;
}

/** Apply the plan of another run; with `dryRun`, look at it. */
export interface ApplyJob extends AnyJob {
  readonly mode: "apply";
  readonly planFile: string;
  readonly runGc: "auto" | "true" | "false";
  readonly comment: boolean;
  readonly githubToken?: string;
}

/** Collect garbage and do nothing else. */
export interface CollectJob extends AnyJob {
  readonly mode: "gc";
  readonly repositories: readonly string[];
}

/** Parses the inputs. Throws InputError with everything that is wrong. `now`: milliseconds since 1970. */
export function parseInputs(env: Environment, now: number): Job {
  const { raw, problems: unknown } = readRaw(env);
  const problems: Problem[] = [...unknown];
  const fields = readFields(fieldsOf(raw["pattern-syntax"] === "regex" ? "regex" : "glob", now), raw, problems);
  problems.push(...contradictions(raw));
  problems.push(...selectionProblems(fields, raw, problems, now));
  if (problems.length > 0) throw new InputError(problems);
  return jobOf(fields, raw);
}

function jobOf(fields: Fields, raw: RawInputs): Job {
  const any: AnyJob = {
    connection: connectionOf(fields),
    dryRun: fields["dry-run"],
    concurrency: fields.concurrency,
    failOn: fields["fail-on"],
  };
  const runGc = fields["run-gc"];
  if (runGc === "only") return { ...any, mode: "gc", repositories: fields.repositories };
  const writing = { ...any, runGc, comment: fields.comment, githubToken: fields["github-token"] };
  if (fields["apply-plan"] !== undefined) return { ...writing, mode: "apply", planFile: fields["apply-plan"] };
  return {
    ...writing,
    mode: "plan",
    selection: {
      ...(fields.policy === undefined ? selectorsOf(fields) : { policy: fields.policy, ...besidePolicy(fields, raw) }),
      keepDigests: fields["keep-digests"],
      keepList: fields["keep-list"],
    },
    planFile: fields["plan-file"],
    shard: fields.shard,
    cacheDir: fields["cache-dir"],
  };
}
