import { Argument, type Command, Option } from "commander";
import { connectionInputNames } from "../connection-inputs";
import { type InputName, inputNames, inputs } from "../token/declaration";
import { actionEnvironment } from "./action-environment";
import { connectionOf } from "./cleanup-commands";
import { addConnectionOptions, connectionOptionNames, credentialsText } from "./connection-options";
import { collected, givenInputs, inputOptions, notEmpty } from "./input-options";
import type * as MintToken from "./mint-token";
import type { Run } from "./program";
import type * as RevokeToken from "./revoke-token";

/** There is no job after which something is to be done; and a login goes where somebody says. */
const leftOut: ReadonlySet<InputName> = new Set<InputName>([...connectionInputNames, "login", "skip-token-revoke"]);
const ownNames = inputNames.filter((name) => !leftOut.has(name));
export const tokenOptionNames: readonly InputName[] = [...connectionOptionNames, ...ownNames];

/** The family of the names of tokens that are minted without `--name`. */
export const defaultName = "registry-as-code";

const texts: Partial<Record<InputName, string>> = {
  "expires-in":
    "How long the token lives: 90s, 30m, 1h. selectel: exact to the second. oci: the token server decides; another life than this is a warning. dtr: when it may be swept if nobody has revoked it.",
  name: `Beginning of the token's name: letters, digits, dots, dashes, underscores. Random digits follow. (default: ${defaultName})`,
  sweep:
    "Leave alone the tokens of the same name that earlier runs left behind and that nobody can use any more. Without this they are removed.",
};

type Values = Readonly<Record<string, unknown>>;

export function addTokenCommand(program: Command, run: Run): void {
  const token = program
    .command("token")
    .description("Mint a token that can do only what is needed, for as long as it takes, and print it.")
    .enablePositionalOptions();
  addConnectionOptions(token, { declared: inputs });
  for (const option of inputOptions({ declared: inputs, names: ownNames, texts, group: "Token:" })) token.addOption(option);
  token
    .addOption(
      new Option("--login <folder>", "Write the token into config.json of this folder, for DOCKER_CONFIG, and print the folder instead.")
        .argParser(collected(false))
        .helpGroup("Output:"),
    )
    .addOption(
      new Option("--json", "One JSON document on stdout: token, username, registry, id, expiresAt, dockerConfig.").helpGroup("Output:"),
    )
    .addHelpText("after", help)
    .action((values: Values) =>
      run(async (world, terminal) => {
        const given = { ...givenInputs(tokenOptionNames, values), ...(await connectionOf(values, world)) };
        const env = actionEnvironment(world.env, { name: defaultName, sweep: "true", ...given });
        const { mintToken } = require("./mint-token") as typeof MintToken;
        const login = typeof values.login === "string" ? values.login : undefined;
        return mintToken(
          { env, options: tokenOptionNames, json: values.json === true, ...(login !== undefined && { login }) },
          world,
          terminal,
        );
      }),
    );

  const revoke = token
    .command("revoke")
    .description("End a token before its time (selectel, dtr).")
    .addArgument(new Argument("<id>", "the token's id, as --json shows it").argParser(notEmpty));
  addConnectionOptions(revoke, { declared: inputs });
  revoke
    .addOption(new Option("--json", "One JSON document on stdout: id, outcome (revoked or gone), text.").helpGroup("Output:"))
    .addHelpText("after", revokeHelp)
    .action((id: string, _: Values, command: Command) =>
      run(async (world, terminal) => {
        // What stands before the word `revoke` counts as well.
        const values = command.optsWithGlobals();
        const given = { ...givenInputs(connectionOptionNames, values), ...(await connectionOf(values, world)) };
        const { revokeToken } = require("./revoke-token") as typeof RevokeToken;
        const request = { id, env: actionEnvironment(world.env, given), options: tokenOptionNames, json: values.json === true };
        return revokeToken(request, world, terminal);
      }),
    );
}

const help = `
${credentialsText}

Only the token is written to stdout; everything else goes to stderr.

Examples:
  # Pull from one repository for an hour
  TOKEN=$(registry-as-code token --registry registry.example.com --repositories team/app)

  # Log in with a token of Selectel for two registries, and end it afterwards
  export DOCKER_CONFIG=$(registry-as-code token --type selectel --registries team-a,team-b --permission write --expires-in 30m --login ./docker)

  # The token's id, to revoke it
  registry-as-code token --type selectel --registries team-a --json | jq -r .id`;

const revokeHelp = `
Tokens of type oci cannot be revoked: they die by their expiry.

Examples:
  registry-as-code token revoke 7d1b8a2e-1f0c-4b57-9f39-0a8f3c7b6f11 --type selectel
  registry-as-code token revoke 4f6c… --type dtr --registry dtr.example.com --username ci --password-stdin < password`;
