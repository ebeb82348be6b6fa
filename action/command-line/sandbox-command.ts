import { type Command, Option } from "commander";
import type * as SandboxOptions from "../../test/sandbox/command-line";
import { exitCodes } from "./exit-codes";
import { collected } from "./input-options";
import type { Run } from "./program";
import { UsageError } from "./usage-error";

/** The options of `npm run sandbox`, which reads them. */
const options: Readonly<Record<string, readonly [placeholder: string, text: string, choices?: readonly string[]]>> = {
  "port-base": ["n", "The first of nine fixed ports. (default: any free ones)"],
  host: ["host", "The address to listen on. (default: 127.0.0.1)"],
  latency: ["ms", "Milliseconds before every answer. (default: 0)"],
  "oci-auth": ["mode", 'How the registry "oci" asks for credentials: none, basic, bearer. (default: basic)', ["none", "basic", "bearer"]],
  "dtr-version": ["version", "Which Docker Trusted Registry is simulated: 2.6 or 2.7. (default: 2.6)", ["2.6", "2.7"]],
};

export function addSandboxCommand(program: Command, run: Run): void {
  const command = program.command("sandbox").description("Simulate all registry APIs in memory, on this machine, until Ctrl-C.");
  for (const [name, [placeholder, text, choices]] of Object.entries(options)) {
    const option = new Option(`--${name} <${placeholder}>`, text).argParser(collected(false));
    if (choices) option.argChoices = [...choices];
    command.addOption(option);
  }
  command.addHelpText("after", help).action((values: Readonly<Record<string, unknown>>) =>
    run(async ({ startSandbox, signal, hurry }, terminal) => {
      const { parseCommandLine } = require("../../test/sandbox/command-line") as typeof SandboxOptions;
      const given = Object.keys(options).flatMap((name) => {
        const value = values[new Option(`--${name}`).attributeName()];
        return value === undefined ? [] : [`--${name}=${String(value)}`];
      });
      const asked = parseCommandLine(given);
      if (asked.kind !== "start") throw new UsageError([asked.kind === "error" ? asked.message : "The options are not understood."]);
      const sandbox = await startSandbox(asked.options);
      terminal.line(JSON.stringify(sandbox.info));
      await aborted(signal);
      await Promise.race([sandbox.close(), aborted(hurry)]);
      return exitCodes.done;
    }),
  );
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

const help = `
Prints one line of JSON that says where the APIs are and who may log in. Nothing is kept when it ends.
The control endpoint injects faults (POST /faults), tells the requests received (GET /requests), sets the clock (PUT /clock).

Examples:
  registry-as-code sandbox
  registry-as-code sandbox --port-base 5000 --dtr-version 2.7
  registry-as-code sandbox > where.json & sleep 1; jq -r .dtr.url where.json`;
