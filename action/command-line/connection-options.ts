import { type Command, Option } from "commander";
import { connectionInputNames, connectionInputs } from "../connection-inputs";
import { collected, type InputOptionsSpec, inputOptions } from "./input-options";
import { UsageError } from "./usage-error";

const group = "Registry:";

/** Passwords and tokens are no options: every user of the machine can read the arguments of a running program. */
const secrets: ReadonlySet<string> = new Set(["password", "token"]);

/** The inputs of a connection that are options. */
export const connectionOptionNames = connectionInputNames.filter((name) => !secrets.has(name));

/** The options that say which registry it is and who asks. */
export function addConnectionOptions(
  command: Command,
  { declared, texts }: Partial<Pick<InputOptionsSpec<string>, "declared" | "texts">> = {},
): void {
  const options = inputOptions({ declared: declared ?? connectionInputs, names: connectionOptionNames, group, ...(texts && { texts }) });
  for (const option of options) command.addOption(option);
  command.addOption(new Option("--password-stdin", "Read the password that goes with --username from standard input.").helpGroup(group));
  command.addOption(
    new Option("--token-stdin", "Read a token from standard input: one that the registry takes as it is, or an access token.").helpGroup(
      group,
    ),
  );
  for (const name of secrets) command.addOption(refused(name));
}

/** Hidden, and refused without its value being shown: the parser's own errors repeat values. */
function refused(name: string): Option {
  return new Option(`--${name} [secret]`).hideHelp().argParser((): never => {
    throw new UsageError([refusal(name)]);
  });
}

/** An option that has no value is not parsed: it is refused here. */
export function refuseSecrets(values: Readonly<Record<string, unknown>>): void {
  for (const name of secrets) if (values[name] !== undefined) throw new UsageError([refusal(name)]);
}

const refusal = (name: string): string =>
  `--${name} does not exist: every user of this machine can read the arguments of a running program. Use --${name}-stdin or the environment variable REGISTRY_${name.toUpperCase()}, and change the ${name} if it was a real one.`;

/** Another name of `--registry`. */
export const urlOption = (): Option =>
  new Option("--url <address>", "The same as --registry.").argParser(collected(false)).helpGroup(group);

export const credentialsText = `Credentials, in this order:
  --password-stdin or --token-stdin, with --username
  REGISTRY_USERNAME and REGISTRY_PASSWORD or REGISTRY_TOKEN in the environment
  OCI_REGISTRY_*, DTR_*, REGISTRYUI_* (_URL, _USERNAME, _PASSWORD, _TOKEN) or SELECTEL_* (_TOKEN, or
  _ACCOUNT_ID, _USERNAME, _PASSWORD, _PROJECT_ID), as the Pulumi resources read them; where _URL names
  another registry they are not used
  what docker login has stored (not selectel)`;
