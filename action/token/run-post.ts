import { withSignal } from "../../provider/http";
import { endToken, parseTokenState, removeDockerLogin } from "../../provider/tokens";
import type { Environment } from "../environment";
import { KnownSecrets } from "../known-secrets";
import { Log } from "../log";
import { failureTexts } from "./failure-texts";
import { parseEndInputs, rawCredentials } from "./inputs";
import { loginPlace } from "./login-place";
import type { OpenMinter } from "./open-minter";
import { stateKeys } from "./state";
import type { PostWorkflow } from "./workflow";

/** What a run of `post` has around it. */
export interface PostSurroundings {
  readonly workflow: PostWorkflow;
  readonly env: Environment;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** There is no time to wait for the registry any longer. */
  readonly deadline: AbortSignal;
  readonly openMinter: OpenMinter;
}

/** Ends what `main` has begun: the login and the token. Whatever fails is a warning; never throws. */
export async function runPost(around: PostSurroundings): Promise<void> {
  const { workflow, env } = around;
  const secrets = new KnownSecrets(workflow);
  secrets.add(rawCredentials(env));
  const log = new Log(workflow, secrets.redact);
  for (const step of [removeLogin, end]) {
    try {
      await step(around, secrets, log);
    } catch (error) {
      for (const text of failureTexts(error)) log.warning(text);
    }
  }
}

async function removeLogin({ workflow, env }: PostSurroundings): Promise<void> {
  const nonce = workflow.getState(stateKeys.nonce);
  if (nonce !== "") await removeDockerLogin(loginPlace(env, nonce));
}

async function end({ workflow, env, now, deadline, openMinter }: PostSurroundings, secrets: KnownSecrets, log: Log): Promise<void> {
  const state = parseTokenState(workflow.getState(stateKeys.token));
  if (state.stage !== "none" && parseEndInputs(env).skipTokenRevoke) {
    const { expiresAt } = state.stage === "minted" ? state.receipt : state;
    log.info(`The token is not revoked, since skip-token-revoke is true. It ends at ${expiresAt}.`);
    return;
  }
  const open = () => openMinter(parseEndInputs(env).connection, { env, mask: (credentials) => secrets.add(credentials) });
  const { outcome, text } = await withSignal(deadline, () => endToken({ state, open, now }));
  if (outcome === "failed") log.warning(text);
  else log.info(text);
}
