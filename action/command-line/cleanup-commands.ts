import { existsSync } from "node:fs";
import path from "node:path";
import { Argument, type Command } from "commander";
import { actionEnvironment } from "./action-environment";
import { addApplyOptions, addPlanOptions, applyOptionNames, defaultPlanFile, planOptionNames } from "./cleanup-options";
import { addConnectionOptions, connectionOptionNames, credentialsText, refuseSecrets } from "./connection-options";
import type * as Credentials from "./credentials";
import { type ExitCode, exitCodesText } from "./exit-codes";
import { givenInputs, notEmpty } from "./input-options";
import type { Run } from "./program";
import { programName } from "./program-name";
import type * as RunCleanup from "./run-cleanup";
import { readSecret } from "./secret-input";
import { commandLine } from "./shell-word";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";
import type { World } from "./world";

type Values = Readonly<Record<string, unknown>>;

/** What GitHub's own clients read, for tags of pull requests and branches. */
const github = ["GITHUB_REPOSITORY", "GITHUB_API_URL", "GITHUB_SERVER_URL"] as const;

export function addCleanupCommands(program: Command, run: Run): void {
  const plan = program.command("plan").description("Say what a cleanup would delete, and write it to a file. Deletes nothing.");
  addConnectionOptions(plan);
  addPlanOptions(plan);
  plan.addHelpText("after", planHelp).action((values: Values) => run((world, terminal) => runPlan(values, world, terminal)));

  const apply = program.command("apply").description("Delete what a plan says, as far as nothing has changed since.");
  apply.addArgument(new Argument("<plan>", "the file that plan has written").argParser(notEmpty));
  addConnectionOptions(apply);
  addApplyOptions(apply);
  apply
    .addHelpText("after", applyHelp)
    .action((file: string, values: Values) => run((world, terminal) => runApply(file, values, world, terminal)));
}

async function runPlan(values: Values, world: World, terminal: Terminal): Promise<ExitCode> {
  const given = givenInputs(planOptionNames, values);
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository } = world.env;
  const asks = given["pull-request-tags"] ?? given["branch-tags"];
  if (asks !== undefined && (!token || !repository))
    throw new UsageError(["--pull-request-tags and --branch-tags ask GitHub: set GITHUB_TOKEN and GITHUB_REPOSITORY (owner/name)."]);
  const planFile = given["plan-file"] ?? defaultPlanFile;
  const connection = await connectionOf(values, world);
  const inputs = { ...given, ...connection, "plan-file": planFile, "dry-run": "true", comment: "false", "github-token": token };
  const { runCleanup } = require("./run-cleanup") as typeof RunCleanup;
  return runCleanup(
    {
      command: "plan",
      env: actionEnvironment(world.env, inputs, github),
      options: planOptionNames,
      json: values.json === true,
      quiet: values.quiet === true,
      next: commandLine([...programName(world.env), "apply", planFile], givenInputs(connectionOptionNames, values), values),
    },
    world,
    terminal,
  );
}

async function runApply(file: string, values: Values, world: World, terminal: Terminal): Promise<ExitCode> {
  const reportFile = typeof values.reportFile === "string" ? values.reportFile : newReport(file);
  if (path.resolve(reportFile) === path.resolve(file))
    throw new UsageError(["--report-file is the plan itself, which the report would be written over. Choose another file."]);
  const inputs = {
    ...givenInputs(applyOptionNames, values),
    ...(await connectionOf(values, world)),
    "apply-plan": file,
    "dry-run": "false",
  };
  if (inputs["run-gc"] === "only") throw new UsageError(["--run-gc only has nothing to do with a plan. Give auto, true or false."]);
  const { runCleanup } = require("./run-cleanup") as typeof RunCleanup;
  return runCleanup(
    {
      command: "apply",
      env: actionEnvironment(world.env, { ...inputs, comment: "false" }),
      options: applyOptionNames,
      json: values.json === true,
      quiet: values.quiet === true,
      yes: values.yes === true,
      reportFile,
    },
    world,
    terminal,
  );
}

/** Beside the plan. The report of an earlier apply of the same plan is all that says what that one has deleted: it stays. */
function newReport(planFile: string): string {
  const start = `${planFile.replace(/\.jsonl?$/, "")}.report`;
  for (let number = 1; ; number++) {
    const file = number === 1 ? `${start}.jsonl` : `${start}-${number}.jsonl`;
    if (!existsSync(file)) return file;
  }
}

/** The inputs of the connection, with credentials. */
export async function connectionOf(
  values: Values,
  { env, ...input }: Pick<World, "env" | "stdin" | "signal">,
): Promise<Credentials.ConnectionGiven> {
  refuseSecrets(values);
  const given = givenInputs(connectionOptionNames, values);
  const { connectionWith } = require("./credentials") as typeof Credentials;
  return connectionWith(given, await readSecret(values, input), env);
}

const planHelp = `
${credentialsText}

${exitCodesText}

Examples:
  # What would go if builds of pull requests were kept for 30 days?
  registry-as-code plan --registry registry.example.com --repositories 'team/*' --delete-tags 'pr-*' --older-than 30d

  # The newest ten of each repository stay, releases always do
  registry-as-code plan --type dtr --registry dtr.example.com --keep-n-tagged 10 --exclude-tags 'v*'

  # A policy file, the result for a program
  registry-as-code plan --registry registry.example.com --policy cleanup.yml --json | jq .outputs

  # The password from a manager of passwords
  pass show registry | registry-as-code plan --registry registry.example.com --username robot --password-stdin --delete-untagged`;

const applyHelp = `
${credentialsText}

${exitCodesText}

Examples:
  # Look at it, then apply it
  registry-as-code plan --registry registry.example.com --delete-tags 'pr-*'
  registry-as-code apply ${defaultPlanFile} --registry registry.example.com

  # Without a terminal, with garbage collection at the end
  registry-as-code apply ${defaultPlanFile} --type dtr --registry dtr.example.com --run-gc true --yes --json`;
