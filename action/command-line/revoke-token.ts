import { withSignal } from "../../provider/http";
import type { Environment } from "../environment";
import { KnownSecrets } from "../known-secrets";
import { Log } from "../log";
import { failureTexts } from "../token/failure-texts";
import { parseEndInputs, rawCredentials } from "../token/inputs";
import { openMinter } from "../token/open-minter";
import { parsed } from "./action-environment";
import { type ExitCode, exitCodes } from "./exit-codes";
import type { Terminal } from "./terminal";
import { TokenWorkflow } from "./token-workflow";
import type { World } from "./world";

export interface RevokeRequest {
  readonly id: string;
  readonly env: Environment;
  readonly options: readonly string[];
  readonly json: boolean;
}

/** Ends a token. One that is gone already is as good. Throws UsageError before anything is sent. */
export async function revokeToken({ id, env, options, json }: RevokeRequest, { signal }: World, terminal: Terminal): Promise<ExitCode> {
  const workflow = new TokenWorkflow(terminal);
  const secrets = new KnownSecrets(workflow);
  secrets.add(rawCredentials(env));
  const log = new Log(workflow, secrets.redact);
  const { connection } = parsed(() => parseEndInputs(env), options);
  try {
    const minter = await openMinter(connection, { env, mask: (credentials) => secrets.add(credentials) });
    try {
      // Nothing but the id is known of it.
      const receipt = { type: minter.type, registry: minter.registry, id, name: "", expiresAt: "" };
      const outcome = await withSignal(signal, () => minter.revoke(receipt));
      const text = `The token ${id} ${outcomes[outcome]}.`;
      if (json) terminal.line(JSON.stringify({ id, outcome, text }, null, 2));
      if (outcome === "lives") log.error(text);
      else if (!json) terminal.line(text);
      return outcome === "lives" ? exitCodes.failed : exitCodes.done;
    } finally {
      await minter.close();
    }
  } catch (error) {
    for (const text of failureTexts(error)) log.error(text);
    return exitCodes.failed;
  }
}

const outcomes = {
  revoked: "is revoked",
  gone: "was gone already",
  lives: "cannot be revoked at this registry: its tokens die by their expiry",
} as const;
