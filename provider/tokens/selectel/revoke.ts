import { isNotFound } from "../../http";
import type { SelectelClient } from "../../registries/selectel";

/**
 * Makes a token's secret worthless, then removes the token. `gone`: somebody did that before. The deletion is tried even if revoking failed:
 * it ends the token as well.
 */
export async function revokeToken(client: SelectelClient, id: string): Promise<"revoked" | "gone"> {
  const refusal = await failureOf(client.v2.tokens.revoke({ id }));
  const failure = await failureOf(client.v2.tokens.delete({ id }));
  if (failure === undefined) return "revoked";
  if (isNotFound(failure)) return "gone";
  if (refusal !== undefined) throw isNotFound(refusal) ? failure : refusal;
  const why = failure instanceof Error ? failure.message : "unknown reason";
  throw new Error(`It is revoked, so nobody can use it any more, but it stays in the list: ${why}`, { cause: failure });
}

const failureOf = (call: Promise<void>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error ?? new Error("unknown reason"),
  );
