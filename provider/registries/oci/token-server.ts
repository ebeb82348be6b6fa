import { z } from "zod";
import type { Http, HttpRequest } from "../../http/request";
import { basicHeader, type OciCredentials } from "./credentials";
import { type Access, formatScopes } from "./scope";

/** A token server as a registry's challenge names it. */
export interface TokenServer {
  /** Checked by `parseRealm`. */
  readonly realm: URL;
  readonly service?: string;
}

export interface Token {
  readonly value: string;
  /** Milliseconds since the epoch; a token is renewed before. */
  readonly expiresAt: number;
}

/** What talking to token servers needs. */
export interface TokenClient {
  /** Gives a client of the token server's origin, which sends no credentials but those in the request itself. */
  connect(origin: URL): Http;
  readonly credentials: OciCredentials;
  readonly clientId: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Seconds. distribution's token specification: the default, and clients must not assume less. */
const shortestLife = 60;
/** Seconds before its end at which a token is no longer used, since the request needs time too. */
const margin = 5;

const answerShape = z.looseObject({
  token: z.string().nullish(),
  access_token: z.string().nullish(),
  expires_in: z.coerce.number().nullish().catch(undefined),
  issued_at: z.string().nullish().catch(undefined),
});

/** What a token server said. */
export interface TokenAnswer {
  readonly value: string;
  /** Seconds, where the server says it. */
  readonly life?: number;
  /** RFC 3339, where the server says it. */
  readonly issuedAt?: string;
}

/** Asks a token server for a token with this access, for requests to the registry. It may give one with less, and says nothing about it. */
export async function requestToken(client: TokenClient, server: TokenServer, access: Access): Promise<Token> {
  const { value, life, issuedAt } = await askTokenServer(client, server, access);
  return { value, expiresAt: expiryOf(life, issuedAt, client.now()) };
}

/**
 * The question itself. Identity tokens are sent by POST (OAuth2), passwords and anonymous requests by GET; where a server knows only one
 * way (404 or 405), by the other.
 */
export async function askTokenServer(client: TokenClient, server: TokenServer, access: Access): Promise<TokenAnswer> {
  const http = client.connect(server.realm);
  const { credentials } = client;
  const ways: HttpRequest[] = [];
  if (credentials && "identityToken" in credentials) {
    ways.push(byPost(client, server, access, { grant_type: "refresh_token", refresh_token: credentials.identityToken }));
    ways.push(byGet(client, server, access, "<token>", credentials.identityToken));
  } else if (credentials && "username" in credentials) {
    const { username, password } = credentials;
    ways.push(byGet(client, server, access, username, password));
    ways.push(byPost(client, server, access, { grant_type: "password", username, password }));
  } else {
    ways.push(byGet(client, server, access));
  }
  const [first, second] = ways;
  if (first && second) {
    const answer = await http.send({ ...first, expect: [404, 405] });
    if (answer.status < 400) return readToken(parseAnswer(answer.body, server), server);
  }
  const answer = await http.send(second ?? first ?? byGet(client, server, access));
  return readToken(parseAnswer(answer.body, server), server);
}

/** Life as distribution's token specification has it, made proof against clocks that differ. */
export function expiryOf(life: number | null | undefined, issuedAt: string | null | undefined, now: number): number {
  const seconds = Math.max(Number.isFinite(life) ? Number(life) : shortestLife, shortestLife) - margin;
  const issued = issuedAt ? Date.parse(issuedAt) : Number.NaN;
  const expiry = (Number.isNaN(issued) || issued > now ? now : issued) + seconds * 1000;
  // A token that was just given is good: if it seems to be over already, the server's clock is behind ours.
  return expiry > now ? expiry : now + seconds * 1000;
}

function byGet(client: TokenClient, server: TokenServer, access: Access, username?: string, password?: string): HttpRequest {
  const { service } = server;
  return {
    method: "GET",
    ...address(server),
    query: {
      ...realmQuery(server),
      ...(service !== undefined && { service }),
      // One a resource: unlike POST, which joins them by spaces.
      scope: formatScopes(access),
      client_id: client.clientId,
      ...(username !== undefined && username !== "<token>" && { account: username }),
    },
    ...(username !== undefined && password !== undefined && { headers: { authorization: basicHeader(username, password) } }),
  };
}

function byPost(client: TokenClient, server: TokenServer, access: Access, grant: Readonly<Record<string, string>>): HttpRequest {
  const { service } = server;
  const scope = formatScopes(access).join(" ");
  return {
    method: "POST",
    ...address(server),
    query: realmQuery(server),
    // Giving out one token more than is used does no harm.
    repeatable: true,
    body: { form: { ...grant, ...(service !== undefined && { service }), client_id: client.clientId, ...(scope && { scope }) } },
    secretParameters: ["password", "refresh_token"],
  };
}

/** The realm's path as a route: its segments may hold anything but never braces, which URLs encode. */
function address(server: TokenServer): { route: string } {
  return { route: server.realm.pathname };
}

/** A realm may bring its own query. */
function realmQuery(server: TokenServer): Record<string, string[]> {
  const query: Record<string, string[]> = {};
  for (const name of new Set(server.realm.searchParams.keys())) query[name] = server.realm.searchParams.getAll(name);
  return query;
}

function parseAnswer(body: Buffer, server: TokenServer): z.infer<typeof answerShape> {
  const where = `${server.realm.origin}${server.realm.pathname}`;
  let json: unknown;
  try {
    json = JSON.parse(body.toString("utf8"));
  } catch {
    throw new Error(`The token server ${where} answered with something that is no JSON.`);
  }
  const parsed = answerShape.safeParse(json);
  // Not the parser's own message: it might quote a token.
  if (!parsed.success) throw new Error(`The token server ${where} answered with JSON that holds no token.`);
  return parsed.data;
}

function readToken(answer: z.infer<typeof answerShape>, server: TokenServer): TokenAnswer {
  const value = answer.token || answer.access_token;
  if (!value) throw new Error(`The token server ${server.realm.origin}${server.realm.pathname} answered without a token.`);
  const { expires_in: life, issued_at: issuedAt } = answer;
  return { value, ...(typeof life === "number" && { life }), ...(typeof issuedAt === "string" && { issuedAt }) };
}
