import { type HttpClock, systemClock } from "../../http";
import { connectOci, type OciOptions } from "../../registries/oci";
import { createToken, type Registry, type SelectelClient, type Token, tokenUsername } from "../../registries/selectel";
import { inWords, toSecond } from "../expiry";
import { MintedToken } from "../minted-token";
import type { TokenMinter, TokenOrder } from "../minter";
import { checkRequest, type TokenRequest } from "../request";
import type { RequestProblem } from "../request-error";
import { parseTokenName } from "../token-name";
import type { Receipt } from "../token-state";
import { modeOf, resolveRegistries, wantedRegistries } from "./reach";
import { revokeToken } from "./revoke";
import { sweepTokens } from "./sweep";
import { verifyAtHost, verifyTerms } from "./verify";

export interface SelectelTokens {
  readonly client: SelectelClient;
  /** For trials at the registry's host: certificate, proxy, time limits. The host itself is the client's. */
  readonly http?: Omit<OciOptions, "url" | "credentials">;
  /** Default: the real time. */
  readonly clock?: HttpClock;
  /** `close` closes the client, too. Default false. */
  readonly ownsClient?: boolean;
}

/** Registries that are tried with a new token, of those that it reaches. */
const trials = 3;

/** Mints named tokens (v2) of Selectel's Container Registry: scoped by registry, with two levels, ended when told to. */
export function selectelTokens({ client, http, clock = systemClock, ownsClient = false }: SelectelTokens): TokenMinter {
  const { registryHost: registry } = client;
  const receiptOf = (token: Token, expiresAt: string): Receipt => ({
    type: "selectel",
    registry,
    id: token.id,
    name: token.name ?? "",
    expiresAt,
  });
  const find = async (name: string): Promise<Receipt[]> => {
    const found: Receipt[] = [];
    for await (const token of client.v2.tokens.list({ search: name }))
      if (token.name === name) found.push(receiptOf(token, token.expiration.expiresAt ?? ""));
    return found;
  };
  /** A creation whose answer was lost may have taken effect later than anybody looked: then a second token has the name, and nobody its secret. */
  const revokeTwins = async (name: string): Promise<void> => {
    try {
      if (parseTokenName(name)) for (const { id } of await find(name)) await revokeToken(client, id);
    } catch (error) {
      // It ends by its expiry, and is swept.
      if (!(error instanceof Error)) throw error;
    }
  };
  return {
    type: "selectel",
    registry,
    prepare: (request) => prepare(request, { client, http, clock, receiptOf }),
    find,
    revoke: async ({ id, name }) => {
      const outcome = await revokeToken(client, id);
      await revokeTwins(name);
      return outcome;
    },
    sweep: async (name) =>
      (await sweepTokens(client, name, clock.now())).map((token) => receiptOf(token, token.expiration.expiresAt ?? "")),
    close: async () => {
      if (ownsClient) await client.close();
    },
  };
}

interface Parts extends Required<Pick<SelectelTokens, "client" | "clock">>, Pick<SelectelTokens, "http"> {
  readonly receiptOf: (token: Token, expiresAt: string) => Receipt;
}

async function prepare(request: TokenRequest, { client, http, clock, receiptOf }: Parts): Promise<TokenOrder> {
  const problems: RequestProblem[] = [];
  const wanted = wantedRegistries(request, client.registryHost, problems);
  checkRequest(request, clock.now(), problems);
  const known: Registry[] = [];
  for await (const one of client.v1.registries.list()) known.push(one);
  const reach = resolveRegistries(wanted, known);
  const reached = known.filter(({ id }) => reach.allRegistries || reach.registryIds?.includes(id)).map(({ name }) => name);
  const scope = { modeRW: modeOf(request.permission), ...reach };
  const expiresAt = toSecond(clock.now() + request.lifetime);
  const terms = { scope, expiresAt };
  return {
    expiresAt,
    notes: notesOn(request, reached),
    mint: async () => {
      const made = await createToken(client, { name: request.name.text, expiration: { isSet: true, expiresAt }, scope });
      const said = made.expiration.expiresAt ?? expiresAt;
      return new MintedToken(made.token, { receipt: { ...receiptOf(made, said), name: request.name.text }, username: tokenUsername });
    },
    verify: async (token) => {
      await verifyTerms(client, token, terms);
      const host = connectOci({
        ...http,
        url: client.registryUrl,
        credentials: { username: tokenUsername, password: token.secret },
        clock,
      });
      try {
        await verifyAtHost({ client: host, registries: reached.slice(0, trials), write: scope.modeRW, clock });
      } finally {
        await host.close();
      }
    },
  };
}

function notesOn({ permission, repositories = [], lifetime }: TokenRequest, reached: readonly string[]): string[] {
  const notes = [`The token will live for ${inWords(lifetime)}.`];
  if (permission !== "read") notes.push("Selectel has two levels: write and delete are the same, so this token can pull, push and delete.");
  if (repositories.length > 0)
    notes.push(`Selectel scopes tokens by registry: this one reaches all of ${reached.join(", ")}, not only ${repositories.join(", ")}.`);
  return notes;
}
