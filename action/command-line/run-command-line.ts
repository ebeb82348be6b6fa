import { type Command, CommanderError } from "commander";
import { type ExitCode, exitCodes } from "./exit-codes";
import { programOf } from "./program";
import { programName } from "./program-name";
import { Terminal } from "./terminal";
import { UsageError } from "./usage-error";
import type { World } from "./world";

/** Runs a command line to its end, and tells on stderr what is wrong. Gives the exit code; never throws. */
export async function runCommandLine(args: readonly string[], world: World): Promise<number> {
  const terminal = new Terminal(world);
  let code: ExitCode = exitCodes.done;
  const program = programOf(world, async (work) => {
    code = await work(world, terminal);
  });
  try {
    await program.parseAsync(args, { from: "user" });
    const lost = await terminal.lost();
    if (lost === undefined) return code;
    terminal.error(lost);
    return code === exitCodes.done ? exitCodes.failed : code;
  } catch (error) {
    return told(error, { args, program, world, terminal });
  } finally {
    terminal.clear();
  }
}

interface Failing {
  readonly args: readonly string[];
  readonly program: Command;
  readonly world: World;
  readonly terminal: Terminal;
}

function told(error: unknown, failing: Failing): number {
  const {
    world: { signal },
    terminal,
  } = failing;
  if (error instanceof CommanderError) {
    // Help and version were asked for.
    if (error.exitCode === 0) return exitCodes.done;
    if (!error.code.startsWith("commander.help")) {
      const [problem = "", ...suggestion] = withoutValues(error.message.replace(/^error: /, "")).split("\n");
      terminal.error(problem);
      for (const line of suggestion) terminal.note(line);
      terminal.note(hint(failing));
    }
    return exitCodes.wrongUsage;
  }
  if (error instanceof UsageError) {
    for (const problem of error.problems) terminal.error(problem);
    terminal.note(hint(failing));
    return exitCodes.wrongUsage;
  }
  if (signal.aborted) terminal.error("Interrupted.");
  else terminal.error(error instanceof Error ? error.message : String(error));
  return exitCodes.failed;
}

/** An option that is not known may be a misspelt `--password=…`, or `-p…`: what stands behind its name is not repeated. */
const withoutValues = (text: string): string =>
  text.replace(/(unknown option '--?[^=']*)=[^\n]*'/, "$1=…'").replace(/(unknown option '-[^-=])[^=\n][^\n]*'/, "$1…'");

/** Where help is: of the command that was meant, `token revoke` of `token revoke --tpye dtr`. */
function hint({ args, program, world: { env } }: Failing): string {
  const names = [...programName(env)];
  let at: Command | undefined = program;
  for (const word of args) {
    at = at.commands.find((command) => command.name() === word);
    if (at === undefined) break;
    names.push(word);
  }
  return `See: ${names.join(" ")} --help`;
}
