import type { ApiToken } from "../../registries/dtr";
import { isGone } from "../../registries/dtr/errors";
import { familyOf, type TokenName } from "../token-name";
import type { TokensClient } from "./client";
import { parseLabel } from "./label";

/** Clocks differ: a token whose time is over is left alone for so many milliseconds more. */
const doubt = 3_600_000;
/** What is left is for the next run. */
const atOnce = 100;

/**
 * Deletes the user's tokens with labels of the same family that are no longer active or were to be gone long ago, and gives them. Each is looked at once more
 * right before.
 */
export async function sweepTokens(client: TokensClient, name: TokenName, now: number): Promise<ApiToken[]> {
  const leftovers: ApiToken[] = [];
  for await (const token of ownTokens(client)) {
    if (isLeftover(token, name, now)) leftovers.push(token);
    if (leftovers.length === atOnce) break;
  }
  const swept: ApiToken[] = [];
  for (const { hashedToken } of leftovers) {
    try {
      const token = await client.apiTokens.get({ hashedToken });
      if (!isLeftover(token, name, now)) continue;
      await client.apiTokens.delete({ hashedToken });
      swept.push(token);
    } catch (error) {
      // Another run sweeps, too, or its owner was quicker.
      if (!isGone(error, "NO_SUCH_API_TOKEN")) throw error;
    }
  }
  return swept;
}

/** Nobody else's tokens are looked at, whatever the user may see. */
export const ownTokens = (client: TokensClient): AsyncIterable<ApiToken> =>
  client.apiTokens.list(client.username === undefined ? {} : { username: client.username });

function isLeftover({ tokenLabel, isActive }: ApiToken, own: TokenName, now: number): boolean {
  const label = parseLabel(tokenLabel);
  if (label === undefined || familyOf(label.name) !== familyOf(own) || label.name.text === own.text) return false;
  return !isActive || label.end + doubt < now;
}
