import { type LoginPlace, type MintedToken, removeDockerLogin, writeDockerLogin } from "../../provider/tokens";
import { attempt, attemptLater } from "./attempt";
import { type OutputName, outputNames } from "./declaration";
import type { MainWorkflow } from "./workflow";

export interface Delivery {
  readonly workflow: Pick<MainWorkflow, "setOutput" | "exportVariable">;
  /** Where Docker's configuration is to lie; undefined without `login`. */
  readonly login: LoginPlace | undefined;
}

/**
 * Hands a token out to the steps that follow. The login comes first: it is what can fail. If anything fails, nothing stays: neither a folder nor
 * an output. Gives the folder of Docker's configuration, empty without one.
 */
export async function deliver(token: MintedToken, { workflow, login }: Delivery): Promise<string> {
  const folder = login ? await attemptLater("The Docker configuration cannot be written", () => writeDockerLogin(token, login)) : "";
  const values: Record<OutputName, string> = {
    token: token.secret,
    username: token.username,
    registry: token.receipt.registry,
    "token-id": token.receipt.id,
    "expires-at": token.receipt.expiresAt,
    "docker-config-path": folder,
  };
  const set: OutputName[] = [];
  try {
    for (const name of outputNames) {
      set.push(name);
      attempt(`The output ${name} cannot be set`, () => workflow.setOutput(name, values[name]));
    }
    if (login) attempt("DOCKER_CONFIG cannot be set for the steps that follow", () => workflow.exportVariable("DOCKER_CONFIG", folder));
  } catch (error) {
    takeBack(workflow, set);
    if (login) await removeDockerLogin(login);
    throw error;
  }
  return folder;
}

/** Of an output that is set twice the last value counts. */
function takeBack(workflow: Delivery["workflow"], names: readonly OutputName[]): void {
  for (const name of names) {
    try {
      workflow.setOutput(name, "");
    } catch {
      // What could not be set could not be set before either; the token is revoked in any case.
    }
  }
}
