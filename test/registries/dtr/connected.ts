import { connectDtr, type DtrClient, type DtrOptions } from "../../../provider/registries/dtr";
import { type Answer, type ConnectedTo, connectedTo } from "../connected";

export { failure } from "../connected";

export const password = "admin-password-0815";

/** Runs a test against a client and a server that answers as the test says, and closes both. */
export function connected(
  answer: Answer,
  run: (connected: ConnectedTo<DtrClient>) => Promise<void>,
  options: Partial<DtrOptions> = {},
): Promise<void> {
  return connectedTo((base) => connectDtr({ ...base, username: "admin", password, ...options }), answer, run);
}
