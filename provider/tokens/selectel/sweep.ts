import { isNotFound } from "../../http";
import { type SelectelClient, type Token, timestampDate } from "../../registries/selectel";
import { familyOf, parseTokenName, type TokenName } from "../token-name";

/** Clocks differ: by our own alone, a token that the service calls active counts as expired only after this many milliseconds. */
const doubt = 3_600_000;
/** What is left is for the next run. */
const atOnce = 100;
const ended: ReadonlySet<string> = new Set(["expired", "revoked", "deleted"]);

/**
 * Deletes tokens whose names are of the same family and that nobody can use any more, and gives them. Each is looked at once more right
 * before: somebody may have given it a new secret meanwhile.
 */
export async function sweepTokens(client: SelectelClient, name: TokenName, now: number): Promise<Token[]> {
  const family = familyOf(name);
  const leftovers: Token[] = [];
  for await (const token of client.v2.tokens.list({ search: family })) {
    if (isLeftover(token, name, family, now)) leftovers.push(token);
    if (leftovers.length === atOnce) break;
  }
  const swept: Token[] = [];
  for (const { id } of leftovers) {
    try {
      const token = await client.v2.tokens.get({ id });
      if (!isLeftover(token, name, family, now)) continue;
      await client.v2.tokens.delete({ id });
      swept.push(token);
    } catch (error) {
      // Another run sweeps, too, or its owner was quicker.
      if (!isNotFound(error)) throw error;
    }
  }
  return swept;
}

function isLeftover({ name, status, expiration }: Token, own: TokenName, family: string, now: number): boolean {
  const parsed = parseTokenName(name ?? "");
  if (parsed === undefined || familyOf(parsed) !== family || parsed.text === own.text) return false;
  if (ended.has(status.toLowerCase())) return true;
  const end = expiration.isSet ? timestampDate(expiration.expiresAt ?? "")?.getTime() : undefined;
  // A status that is not known says nothing about whether the token is in use.
  return end !== undefined && end + doubt < now;
}
