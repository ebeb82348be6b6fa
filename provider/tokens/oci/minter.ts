import { type HttpClock, systemClock } from "../../http";
import { connectOci, type OciOptions, registryHost } from "../../registries/oci";
import { type AccessTokens, accessTokens } from "../../registries/oci/access-token";
import type { TokenAnswer } from "../../registries/oci/token-server";
import { inWords, toSecond } from "../expiry";
import { MintedToken } from "../minted-token";
import type { TokenMinter, TokenOrder } from "../minter";
import { checkRequest, type TokenRequest } from "../request";
import { type RequestProblem, requestError } from "../request-error";
import type { Receipt } from "../token-state";
import { readClaims, type TokenClaims } from "./jwt";
import { accessFor, actionsOf, levelsOf, wantedRepositories } from "./order";
import { verifyAccess, verifyByTrial } from "./verify";

/**
 * Gets tokens from a registry's own token server: scoped by repository and action. They have no name, live as long as the server says, and
 * cannot be ended before.
 */
export function ociTokens(options: OciOptions): TokenMinter {
  const clock = options.clock ?? systemClock;
  const tokens = accessTokens(options);
  const registry = registryHost(tokens.url) === "docker.io" ? "docker.io" : new URL(tokens.url).host;
  return {
    type: "oci",
    registry,
    prepare: (request) => prepare(request, { options, tokens, registry, clock }),
    find: async () => [],
    revoke: async () => "lives",
    sweep: async () => [],
    close: () => tokens.close(),
  };
}

interface Parts {
  readonly options: OciOptions;
  readonly tokens: AccessTokens;
  readonly registry: string;
  readonly clock: HttpClock;
}

async function prepare(request: TokenRequest, parts: Parts): Promise<TokenOrder> {
  const { options, tokens, registry, clock } = parts;
  const problems: RequestProblem[] = [];
  const repositories = wantedRepositories(request, registry, problems);
  checkRequest(request, clock.now(), problems);
  if (options.credentials && "registryToken" in options.credentials)
    throw requestError(
      "token",
      "a token that the registry takes as it is cannot be traded for a narrower one: give user name and password",
    );
  const [first] = repositories;
  if (first === undefined) throw requestError("repositories", "is missing: list the repositories that the token may reach");
  const levels = await levelsOf(tokens, registry, first, request.permission);
  const actions = actionsOf(request.permission, levels);
  const grant = { repositories, actions, knowsDelete: levels.knowsDelete };
  const same = "This registry asks for pull and push to delete something: write and delete are the same here, so this token can delete.";
  return {
    expiresAt: toSecond(clock.now() + request.lifetime),
    notes: request.permission !== "read" && !levels.knowsDelete ? [same] : [],
    mint: async () => {
      const answer = await tokens.request(levels.server, accessFor(repositories, actions));
      const claims = readClaims(answer.value);
      const { expiresAt, life } = lifeOf(answer, claims, clock.now());
      const receipt: Receipt = { type: "oci", registry, id: claims.id ?? "", name: request.name.text, expiresAt: toSecond(expiresAt) };
      return new MintedToken(answer.value, { receipt, username: "", warnings: warningsOn(life, request.lifetime) });
    },
    verify: async (token) => {
      const { access } = readClaims(token.secret);
      if (access) return verifyAccess(access, grant);
      const client = connectOci({ ...options, credentials: { registryToken: token.secret } });
      const { credentials: _, ...anonymously } = options;
      const anonymous = connectOci(anonymously);
      try {
        await verifyByTrial(client, anonymous, grant);
      } finally {
        await Promise.all([client.close(), anonymous.close()]);
      }
    },
  };
}

/** Seconds that a token lives where the server does not say it (distribution, "Token Authentication Specification"). */
const defaultLife = 60;

/** The end as the server says it: in the token, which is what the registry looks at, else beside it. */
function lifeOf({ life = defaultLife, issuedAt }: TokenAnswer, claims: TokenClaims, now: number): { expiresAt: number; life: number } {
  const said = issuedAt === undefined ? Number.NaN : Date.parse(issuedAt);
  const issued = Number.isNaN(said) ? (claims.issuedAt ?? now) : said;
  const expiresAt = claims.expiresAt ?? issued + life * 1000;
  // Both by the server's clock, which may not be ours.
  return { expiresAt, life: expiresAt - (claims.expiresAt === undefined ? issued : (claims.issuedAt ?? issued)) };
}

function warningsOn(life: number, wanted: number): string[] {
  // Servers date tokens back a little.
  if (Math.abs(life - wanted) < 1000) return [];
  const lives = `The token server decides how long its tokens live: this one for ${inWords(Math.max(life, 0))}, not ${inWords(wanted)} as asked`;
  return [life < wanted ? `${lives}. Mint it right before it is used.` : `${lives}, and nothing can end it before.`];
}
