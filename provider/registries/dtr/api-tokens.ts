import type { CallOptions } from "../call";
import type { DtrClient } from "./client";
import { isGone } from "./errors";
import type { ApiToken, NewApiToken } from "./schemas";

type Options = Pick<CallOptions, "signal" | "timeouts">;

export interface CreateApiToken {
  /** Need not be unique for the server: take one that nobody else uses at the same time. */
  readonly tokenLabel: string;
  /** Only an administrator may name another user. Default: the caller. */
  readonly username?: string;
}

/**
 * Creates an access token and leaves none behind whose secret nobody knows: if the answer is lost, the one token of that label that was not there before is
 * deleted, and another one is asked for. With two candidates neither is touched: the error of the lost answer is thrown and names them.
 */
export async function createApiToken(
  client: Pick<DtrClient, "apiTokens" | "username">,
  token: CreateApiToken,
  options: Options = {},
): Promise<NewApiToken> {
  const username = token.username ?? client.username;
  const labelled = async () => {
    const found: ApiToken[] = [];
    for await (const one of client.apiTokens.list(username === undefined ? {} : { username }, options)) {
      if (one.tokenLabel === token.tokenLabel) found.push(one);
    }
    return found;
  };
  const before = new Set((await labelled()).map(({ hashedToken }) => hashedToken));
  const find = async () => {
    const [lost, ...others] = (await labelled()).filter(({ hashedToken }) => !before.has(hashedToken));
    if (lost === undefined) return undefined;
    if (others.length > 0) {
      const ids = [lost, ...others].map(({ hashedToken }) => hashedToken).join(", ");
      throw new Error(`there are several new tokens labelled "${token.tokenLabel}" (${ids}): delete those that nobody uses`);
    }
    await client.apiTokens.delete({ hashedToken: lost.hashedToken }, options).catch((error: unknown) => {
      if (!isGone(error, "NO_SUCH_API_TOKEN")) throw error;
    });
    return undefined;
  };
  return client.apiTokens.create(token, { ...options, find });
}
