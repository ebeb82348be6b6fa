import { withSignal } from "../../provider/http";
import { formatTokenState, issueToken, type MintedToken, sweepLeftovers, type TokenMinter } from "../../provider/tokens";
import type { Environment } from "../environment";
import { KnownSecrets } from "../known-secrets";
import { Log } from "../log";
import { attempt } from "./attempt";
import { deliver } from "./deliver";
import { failureTexts } from "./failure-texts";
import { type Chance, parseInputs, rawCredentials, type TokenJob } from "./inputs";
import { loginPlace } from "./login-place";
import type { OpenMinter } from "./open-minter";
import { type StateKey, stateKeys } from "./state";
import type { MainWorkflow } from "./workflow";

/** What a run of `main` has around it. */
export interface MainSurroundings extends Chance {
  readonly workflow: MainWorkflow;
  readonly env: Environment;
  /** Ends the way to a token; a token that is there by then is taken back all the same. */
  readonly signal: AbortSignal;
  readonly openMinter: OpenMinter;
}

/** Mints a token and hands it out, or fails and hands out nothing. Gives the exit code; never throws. */
export async function runMain(around: MainSurroundings): Promise<number> {
  const { workflow, env, signal } = around;
  const secrets = new KnownSecrets(workflow);
  secrets.add(rawCredentials(env));
  const log = new Log(workflow, secrets.redact);
  try {
    await mint(parseInputs(env, around), around, secrets, log);
    return 0;
  } catch (error) {
    if (signal.aborted) log.error("The step was cancelled. No token is handed out.");
    else for (const text of failureTexts(error)) log.error(text);
    return 1;
  }
}

async function mint(job: TokenJob, around: MainSurroundings, secrets: KnownSecrets, log: Log): Promise<void> {
  const { workflow, env, signal } = around;
  const { request } = job;
  const save = (key: StateKey, value: string) =>
    attempt("What is needed to end the token after the job cannot be saved", () => workflow.saveState(key, value));
  save(stateKeys.nonce, request.name.nonce);
  const minter = await around.openMinter(job.connection, { env, mask: (credentials) => secrets.add(credentials) });
  const login = job.login ? loginPlace(env, request.name.nonce) : undefined;
  const [info, warn] = [(line: string) => log.info(line), (line: string) => log.warning(line)];
  try {
    let folder = "";
    const token = await issueToken({
      minter,
      request,
      keep: (state) => save(stateKeys.token, formatTokenState(state)),
      mask: ({ username, secret }) => secrets.add({ username, token: secret }),
      deliver: async (minted) => {
        folder = await deliver(minted, { workflow, login });
      },
      log: info,
      warn,
      signal,
    });
    info(handedOut(token, job));
    if (folder !== "") info(`DOCKER_CONFIG is set to ${folder} for the steps that follow.`);
    if (job.sweep) await withSignal(signal, () => sweepLeftovers(minter, request.name, { log: info, warn }));
  } finally {
    await close(minter, warn);
  }
}

function handedOut({ receipt }: MintedToken, { request }: TokenJob): string {
  const id = receipt.id === "" ? "" : ` ${receipt.id}`;
  if (receipt.type === "dtr") return `Token${id} for ${receipt.registry}: whatever its user may, until it is deleted after the job.`;
  const where = request.repositories?.length ? request.repositories : request.registries;
  return `Token${id} for ${receipt.registry}: ${request.permission} in ${where?.join(", ")}, until ${receipt.expiresAt}.`;
}

/** By then the token is handed out, or taken back: a connection that does not end changes nothing. */
async function close(minter: TokenMinter, warn: (line: string) => void): Promise<void> {
  try {
    await minter.close();
  } catch (error) {
    for (const text of failureTexts(error)) warn(text);
  }
}
