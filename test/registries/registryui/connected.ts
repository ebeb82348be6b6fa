import { connectRegistryUi, type RegistryUiClient, type RegistryUiOptions } from "../../../provider/registries/registryui";
import { type Answer, type ConnectedTo, connectedTo } from "../connected";

export { failure } from "../connected";

export const token = "user-token-0815";

/** Runs a test against a client and a server that answers as the test says, and closes both. */
export function connected(
  answer: Answer,
  run: (connected: ConnectedTo<RegistryUiClient>) => Promise<void>,
  options: Partial<RegistryUiOptions> = {},
): Promise<void> {
  return connectedTo((base) => connectRegistryUi({ ...base, username: "build", token, ...options }), answer, run);
}
