import type { ApiToken, DtrClient } from "../../../registries/dtr";
import { readFunction } from "../../functions";
import { dtr } from "../module";

const apiTokens = readFunction(
  "getApiTokens",
  dtr,
  (
    client: DtrClient,
    args: {
      /** Whose. Default: the user's own, for an administrator probably everybody's. */
      username?: string;
    },
    signal,
  ): Promise<ApiToken[]> => Array.fromAsync(client.apiTokens.list(args, { signal })),
);
/** Access tokens, without their secrets. */
export const getApiTokens = apiTokens.plain;
export const getApiTokensOutput = apiTokens.output;

const apiToken = readFunction(
  "getApiToken",
  dtr,
  (
    client: DtrClient,
    args: {
      /** What names the token in the API: `ApiToken.hashedToken`. It is no secret. */
      hashedToken: string;
    },
    signal,
  ): Promise<ApiToken> => client.apiTokens.get(args, { signal }),
);
/** One access token, without its secret; an error if there is none. */
export const getApiToken = apiToken.plain;
export const getApiTokenOutput = apiToken.output;
