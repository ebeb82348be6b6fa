import { withSignal } from "../../provider/http";
import { issueToken, type MintedToken, sweepLeftovers, type TokenState } from "../../provider/tokens";
import type { Environment } from "../environment";
import { KnownSecrets } from "../known-secrets";
import { Log } from "../log";
import { failureTexts } from "../token/failure-texts";
import { parseInputs, rawCredentials } from "../token/inputs";
import { openMinter } from "../token/open-minter";
import { parsed } from "./action-environment";
import { writeLogin } from "./docker-login";
import { type ExitCode, exitCodes } from "./exit-codes";
import { programName } from "./program-name";
import { commandLine } from "./shell-word";
import type { Terminal } from "./terminal";
import { TokenWorkflow } from "./token-workflow";
import type { World } from "./world";

export interface MintRequest {
  /** The inputs of the action, as it takes them. */
  readonly env: Environment;
  readonly options: readonly string[];
  readonly json: boolean;
  /** Folder of a Docker configuration that is made; the token itself is not printed then. */
  readonly login?: string;
}

/** Mints a token as the action does and prints it, or fails and leaves none. Throws UsageError before anything is sent. */
export async function mintToken({ env, options, json, login }: MintRequest, world: World, terminal: Terminal): Promise<ExitCode> {
  const { now, random, signal, hurry } = world;
  const workflow = new TokenWorkflow(terminal);
  const secrets = new KnownSecrets(workflow);
  secrets.add(rawCredentials(env));
  const log = new Log(workflow, secrets.redact);
  const job = parsed(() => parseInputs(env, { now, random }), options);
  const [info, warn] = [(line: string) => log.info(line), (line: string) => log.warning(line)];
  let state: TokenState = { stage: "none" };
  hurry.addEventListener("abort", () => sayWhatIsLeft(state, warn), { once: true });
  try {
    const minter = await openMinter(job.connection, { env, mask: (credentials) => secrets.add(credentials) });
    try {
      const token = await issueToken({
        minter,
        request: job.request,
        keep: (next) => {
          state = next;
        },
        mask: ({ username, secret }) => secrets.add({ username, token: secret }),
        deliver: (minted) => deliver(minted, { json, ...(login !== undefined && { login }) }, terminal),
        log: info,
        warn,
        signal,
      });
      info(howItEnds(token, programName(env)));
      if (job.sweep) await withSignal(signal, () => sweepLeftovers(minter, job.request.name, { log: info, warn }));
    } finally {
      await minter.close().catch((error: unknown) => failureTexts(error).forEach(warn));
    }
    return exitCodes.done;
  } catch (error) {
    if (signal.aborted) log.error("Interrupted. No token is handed out.");
    else for (const text of failureTexts(error)) log.error(text);
    return exitCodes.failed;
  }
}

/** No job is there after which somebody ends it. */
function howItEnds({ receipt: { type, registry, id, expiresAt } }: MintedToken, program: readonly string[]): string {
  if (type === "oci") return `The token for ${registry} ends at ${expiresAt}.`;
  const how = type === "dtr" ? "Nothing ends it but you" : `It ends at ${expiresAt}; to end it before`;
  const revoke = commandLine([...program, "token", "revoke", id], { type }, {});
  return `${how}: ${revoke}, with the same registry and credentials.`;
}

/** The one place where a secret is written. What is thrown here takes the token back: nobody has it then. */
async function deliver(token: MintedToken, { json, login }: Pick<MintRequest, "json" | "login">, terminal: Terminal): Promise<void> {
  const { secret, username, receipt } = token;
  const folder = login === undefined ? undefined : await writeLogin(token, login);
  const { id, registry, expiresAt } = receipt;
  const document = { ...(folder === undefined && { token: secret }), username, registry, id, expiresAt, dockerConfig: folder ?? null };
  const text = json ? JSON.stringify(document, null, 2) : (folder ?? secret);
  if (folder === undefined) await terminal.handOver(text);
  // It is where it was to be.
  else terminal.line(text);
}

/** A second Ctrl-C: there is no time to take back what may be there. */
function sayWhatIsLeft(state: TokenState, warn: (line: string) => void): void {
  if (state.stage === "minting") warn(`A token named ${state.name} may have been minted; it ends at ${state.expiresAt}.`);
  if (state.stage === "minted") warn(`The token ${state.receipt.id} was minted; it ends at ${state.receipt.expiresAt}.`);
}
