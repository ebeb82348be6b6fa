import { type Command, Option } from "commander";
import { type InputName, inputNames, inputs } from "../cleanup/declaration";
import { selectors } from "../cleanup/selector-inputs";
import { connectionInputNames } from "../connection-inputs";
import { connectionOptionNames } from "./connection-options";
import { collected, inputOptions } from "./input-options";

/** What a terminal has no use for: it has a plan instead of a dry run, no pull request to comment on, and its token from the environment. */
const leftOut: ReadonlySet<InputName> = new Set<InputName>([...connectionInputNames, "dry-run", "apply-plan", "comment", "github-token"]);

/** Only when something is deleted. */
const ofApply = ["run-gc"] as const satisfies readonly InputName[];
/** When it is planned and when it is applied. */
const ofBoth = ["concurrency", "fail-on"] as const satisfies readonly InputName[];
const selecting: ReadonlySet<InputName> = new Set<InputName>([...selectors, "repositories", "policy", "keep-digests", "keep-list"]);
const planned = inputNames.filter((name) => !leftOut.has(name) && !isIn(ofApply, name));

export const defaultPlanFile = "cleanup-plan.jsonl";

/** The inputs that are options of `plan` and of `apply`. */
export const planOptionNames: readonly InputName[] = [...connectionOptionNames, ...planned];
export const applyOptionNames: readonly InputName[] = [...connectionOptionNames, ...ofApply, ...ofBoth];

const texts: Partial<Record<InputName, string>> = {
  "plan-file": `Where the plan is written (JSON lines). (default: ${defaultPlanFile})`,
  "pull-request-tags":
    "Template such as `pr-{number}`: a matching tag is a candidate exactly when that pull request is closed. Takes GITHUB_TOKEN and GITHUB_REPOSITORY (owner/name) from the environment.",
  "branch-tags":
    "Template such as `branch-{branch}`: a matching tag is a candidate exactly when the repository has no branch of that name any more. Takes GITHUB_TOKEN and GITHUB_REPOSITORY, too.",
  "run-gc":
    "Garbage collection (not oci): auto (once at the end if something went; never on registryui and dtr, which nobody can push to meanwhile), true, false.",
  "fail-on":
    "When the exit code is not 0: error, blocked (or something was protected against its rule), changes (or the plan is not empty), never.",
  shard: "2/8: take this share of the repositories, decided by their names alone, so that several runs spread the work.",
};

export function addPlanOptions(command: Command): void {
  const add = (names: readonly InputName[], group: string) => {
    for (const option of inputOptions({ declared: inputs, names, texts, group })) command.addOption(option);
  };
  add(
    planned.filter((name) => selecting.has(name)),
    "What goes and what stays:",
  );
  add(
    planned.filter((name) => !selecting.has(name) && !isIn(ofBoth, name)),
    "Guards and files:",
  );
  add(ofBoth, "Run:");
  addOutputOptions(command);
}

export function addApplyOptions(command: Command): void {
  for (const option of inputOptions({ declared: inputs, names: [...ofApply, ...ofBoth], texts, group: "Run:" })) command.addOption(option);
  command.addOption(new Option("-y, --yes", "Do not ask. Needed without a terminal.").helpGroup("Run:"));
  command.addOption(
    new Option(
      "--report-file <file>",
      "Where the report is written (JSON lines). (default: a new file beside the plan, .report.jsonl, .report-2.jsonl …)",
    )
      .argParser(collected(false))
      .helpGroup("Run:"),
  );
  addOutputOptions(command);
}

function addOutputOptions(command: Command): void {
  command.addOption(new Option("-q, --quiet", "Only the table, not every image with its reason.").helpGroup("Output:"));
  command.addOption(new Option("--json", "One JSON document on stdout: plan, report, outputs, failures.").helpGroup("Output:"));
}

function isIn(list: readonly string[], name: string): boolean {
  return list.includes(name);
}
