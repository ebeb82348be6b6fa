import { type Command, Option } from "commander";
import { connectionInputs } from "../connection-inputs";
import { actionEnvironment } from "./action-environment";
import { connectionOf } from "./cleanup-commands";
import { addConnectionOptions, connectionOptionNames, credentialsText, urlOption } from "./connection-options";
import { exitCodesText } from "./exit-codes";
import { collected, givenInputs } from "./input-options";
import type { Run } from "./program";
import type * as RunImport from "./run-import";
import { UsageError } from "./usage-error";

const group = "Import:";
const defaultFolder = "registry-import";

type Values = Readonly<Record<string, unknown>>;

export function addImportCommand(program: Command, run: Run): void {
  const command = program
    .command("import")
    .description("Read a registry and write it as a Pulumi program with an import file. Changes nothing.");
  addConnectionOptions(command, { declared: connectionInputs });
  command
    .addOption(urlOption())
    .addOption(
      new Option("--out <folder>", `Where import.json and index.ts are written. (default: ${defaultFolder})`)
        .argParser(collected(false))
        .helpGroup(group),
    )
    .addOption(
      new Option(
        "--include <globs>",
        "Globs over names (team/app, registries, users …), separated by commas, or several times; ! in front leaves out. (default: everything)",
      )
        .argParser(collected(true))
        .helpGroup(group),
    )
    .addOption(
      new Option(
        "--kinds <kinds>",
        "Kinds of resources: Repository, Team …, separated by commas, or several times. (default: all that stand for something lasting)",
      )
        .argParser(collected(true))
        .helpGroup(group),
    )
    .addOption(new Option("--concurrency <n>", "Parallel requests. (default: 8)").argParser(collected(false)).helpGroup(group))
    .addOption(new Option("--force", "Overwrite import.json and index.ts.").helpGroup(group))
    .addOption(new Option("--json", "One JSON document on stdout: files, resources, secrets, skipped, next.").helpGroup("Output:"))
    .addHelpText("after", help)
    .action((given: Values) =>
      run(async (world, terminal) => {
        const values: Values = { ...given, registry: registryOf(given) };
        const inputs = { ...givenInputs(connectionOptionNames, values), ...(await connectionOf(values, world)) };
        const { runImport } = require("./run-import") as typeof RunImport;
        return runImport(
          {
            // The connection is read as the actions read theirs.
            env: actionEnvironment(world.env, inputs),
            folder: textOf(values, "out") ?? defaultFolder,
            include: textOf(values, "include"),
            kinds: listOf(textOf(values, "kinds")),
            concurrency: textOf(values, "concurrency"),
            force: values.force === true,
            json: values.json === true,
          },
          world,
          terminal,
        );
      }),
    );
}

function registryOf({ registry, url }: Values): unknown {
  if (registry !== undefined && url !== undefined) throw new UsageError(["--url and --registry are the same: give one of them."]);
  return registry ?? url;
}

const textOf = (values: Values, name: string): string | undefined => {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
};

function listOf(text: string | undefined): readonly string[] | undefined {
  const entries = text?.split(/[\r\n,]+/).map((entry) => entry.trim());
  return entries?.filter((entry) => entry !== "");
}

const help = `
${credentialsText}

${exitCodesText}

Examples:
  # Everything that this user may read
  registry-as-code import --type dtr --url https://dtr.example.com --username admin --password-stdin --out registry < password

  # Repositories and teams of two namespaces
  registry-as-code import --type dtr --url https://dtr.example.com --include 'team/*,web/*' --kinds Repository,Team

  # Then, in the folder of a Pulumi project with this index.ts
  pulumi import --file import.json --generate-code=false
  pulumi preview
  # Sends nothing; then the import file, which is as secret as the state, can go
  pulumi up && rm import.json`;
