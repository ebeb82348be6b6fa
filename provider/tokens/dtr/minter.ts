import { type HttpClock, systemClock } from "../../http";
import type { ApiToken } from "../../registries/dtr";
import { createApiToken } from "../../registries/dtr/api-tokens";
import type { DtrOptions } from "../../registries/dtr/connect-operations";
import { isGone, isNotAuthorized } from "../../registries/dtr/errors";
import { inWords, NEVER } from "../expiry";
import { MintedToken } from "../minted-token";
import type { TokenMinter, TokenOrder } from "../minter";
import { checkRequest, type TokenRequest } from "../request";
import { type RequestProblem, requestError } from "../request-error";
import type { Receipt } from "../token-state";
import { WrongToken } from "../wrong-token";
import { connectTokens, type TokensClient } from "./client";
import { labelOf, parseLabel } from "./label";
import { ownTokens, sweepTokens } from "./sweep";
import { dtrProblems } from "./terms";

/**
 * Creates access tokens of a Docker Trusted Registry for the user of these credentials. They may do what the user may, and end only when they are deleted; each
 * is labelled with its name and when it is to be gone, and the next run deletes what is left over.
 */
export function dtrTokens(options: DtrOptions): TokenMinter {
  const clock = options.clock ?? systemClock;
  const client = connectTokens(options);
  const { registryHost: registry } = client;
  const receiptOf = ({ hashedToken, tokenLabel }: ApiToken): Receipt => ({
    type: "dtr",
    registry,
    id: hashedToken,
    name: parseLabel(tokenLabel)?.name.text ?? tokenLabel,
    expiresAt: NEVER,
  });
  return {
    type: "dtr",
    registry,
    prepare: (request) => prepare(request, { client, options, clock, receiptOf }),
    find: async (name) => {
      const found: Receipt[] = [];
      for await (const token of ownTokens(client)) if (parseLabel(token.tokenLabel)?.name.text === name) found.push(receiptOf(token));
      return found;
    },
    revoke: async ({ id }) => {
      try {
        await client.apiTokens.delete({ hashedToken: id });
        return "revoked";
      } catch (error) {
        if (isGone(error, "NO_SUCH_API_TOKEN")) return "gone";
        throw error;
      }
    },
    sweep: async (name) => (await sweepTokens(client, name, clock.now())).map(receiptOf),
    close: () => client.close(),
  };
}

interface Parts {
  readonly client: TokensClient;
  readonly options: DtrOptions;
  readonly clock: HttpClock;
  readonly receiptOf: (token: ApiToken) => Receipt;
}

async function prepare(request: TokenRequest, { client, options, clock, receiptOf }: Parts): Promise<TokenOrder> {
  const problems: RequestProblem[] = [];
  dtrProblems(request, problems);
  checkRequest(request, clock.now(), problems);
  const { username } = client;
  if (username === undefined)
    throw requestError("username", "is missing: an access token belongs to a user, so give user name and password");
  const end = clock.now() + request.lifetime;
  return {
    expiresAt: NEVER,
    notes: [
      `The token may do everything that ${username} may, in every repository, whatever permission says.`,
      `It never ends by itself: it is deleted after the job, or else by a run that follows, ${inWords(request.lifetime)} from now at the earliest.`,
    ],
    mint: async () => {
      const made = await createApiToken(client, { tokenLabel: labelOf(request.name, end), username });
      return new MintedToken(made.token, { receipt: receiptOf({ ...made, tokenLabel: labelOf(request.name, end) }), username });
    },
    verify: async (token) => {
      const { password: _, token: __, ...others } = options;
      const trial = connectTokens({ ...others, username, token: token.secret, clock });
      try {
        const { isActive } = await trial.apiTokens.get({ hashedToken: token.receipt.id });
        if (!isActive) throw new WrongToken("less", `The registry made the token ${token.receipt.id}, but it is not active.`);
      } catch (error) {
        if (isNotAuthorized(error)) throw new WrongToken("less", `The registry does not accept the new token: ${error.message}`);
        throw error;
      } finally {
        await trial.close();
      }
    },
  };
}
