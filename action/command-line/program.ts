import { Command, Option } from "commander";
import { version } from "../../package.json";
import { addCleanupCommands } from "./cleanup-commands";
import { addCompletionCommand } from "./completion-command";
import { type ExitCode, exitCodesText } from "./exit-codes";
import { addImportCommand } from "./import-command";
import { hasColours } from "./paint";
import { addSandboxCommand } from "./sandbox-command";
import { addSchemaCommand } from "./schema-command";
import type { Terminal } from "./terminal";
import { addTokenCommand } from "./token-command";
import type { World } from "./world";

/** Runs a command's work, which gives the exit code. */
export type Run = (work: (world: World, terminal: Terminal) => Promise<ExitCode>) => Promise<void>;

/** The tree of commands. It neither writes nor ends the process by itself: what goes wrong is thrown. */
export function programOf({ stdout, stderr, env }: Pick<World, "stdout" | "stderr" | "env">, run: Run): Command {
  const program = new Command("registry-as-code");
  program
    .description("Container registries as code: bring a registry under Pulumi, clean it up, mint tokens for it.")
    .version(version, "-V, --version", "Show the version.")
    .addHelpOption(helpOption())
    .helpCommand("help [command]", "Show the help of a command.")
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({
      // Choices and defaults stand in the texts.
      optionDescription: (option) => option.description,
      argumentDescription: (argument) => argument.description,
      subcommandTerm: (command) => command.name(),
      showGlobalOptions: false,
    })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHelpWidth: () => width(stdout),
      getErrHelpWidth: () => width(stderr),
      getOutHasColors: () => hasColours(stdout, env),
      getErrHasColors: () => hasColours(stderr, env),
      // Told by whoever catches what is thrown.
      outputError: () => undefined,
    })
    .addHelpText("after", help);
  addImportCommand(program, run);
  addCleanupCommands(program, run);
  addTokenCommand(program, run);
  addSandboxCommand(program, run);
  addSchemaCommand(program, run);
  addCompletionCommand(program, run);
  groupHelp(program);
  return program;
}

const helpOption = (): Option => new Option("-h, --help", "Show this help.");

/** Where options are in groups, `--help` is in the last one, too, and not in one of its own among them. */
function groupHelp(command: Command): void {
  const heading = command.options.findLast(({ hidden }) => !hidden)?.helpGroupHeading;
  if (heading !== undefined) command.addHelpOption(helpOption().helpGroup(heading));
  command.commands.forEach(groupHelp);
}

/** Lines that are wider are hard to read, however wide the terminal is. */
const width = ({ isTTY, columns }: World["stdout"]): number => (isTTY === true && columns !== undefined ? Math.min(columns, 140) : 100);

const help = `
${exitCodesText}

Passwords and tokens come from standard input or the environment, never from the command line.

Examples:
  registry-as-code import --type dtr --url https://dtr.example.com --out registry
  registry-as-code plan --registry registry.example.com --delete-tags 'pr-*' --older-than 30d
  registry-as-code apply cleanup-plan.jsonl --registry registry.example.com
  registry-as-code token --registry registry.example.com --repositories team/app --permission read
  registry-as-code sandbox
  registry-as-code schema policy > policy.schema.json
  source <(registry-as-code completion bash)`;
