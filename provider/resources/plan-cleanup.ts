import type { CleanupSelection } from "../cleanup/policy/resolve-policy";

/** What may go and what must stay, as the action's inputs of the same names say it. Pull requests and branches are the action's business. */
export interface PlanCleanupArgs extends Omit<CleanupSelection, "policy" | "pullRequestTags" | "branchTags"> {
  /** In place of selectors: the path of a YAML file with several rules, or its text. */
  readonly policy?: string;
  /** Requests that read, in flight at a time. Default 8. */
  readonly concurrency?: number;
}

/** The cleanup, loaded when it is called: YAML, globs and RE2 would slow the start of every program that plans nothing. */
export function loadCleanup(): typeof import("../cleanup") {
  return require("../cleanup") as typeof import("../cleanup"); // `require` gives `any`; the path is the type's
}

/** What an adapter takes of the arguments. */
export const adapterOptions = ({ concurrency }: PlanCleanupArgs): { readonly concurrency?: number } =>
  concurrency === undefined ? {} : { concurrency };
