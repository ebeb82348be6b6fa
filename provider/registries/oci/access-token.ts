import { HttpClient, type HttpClientOptions } from "../../http";
import type { HttpRequest } from "../../http/request";
import { absenceOf, refusal, routeHint } from "./answer-errors";
import { OciAuthorizer } from "./authorizer";
import { addressOf, type OciOptions, secretsOf } from "./client";
import { hintFor } from "./hints";
import type { Access } from "./scope";
import { askTokenServer, type TokenAnswer, type TokenServer } from "./token-server";

/** How a registry wants to be spoken to: a token server and the access that it is to be asked for, a password, or nothing. */
export type RegistryChallenge =
  | { readonly scheme: "bearer"; readonly server: TokenServer; readonly access: Access }
  | { readonly scheme: "basic" }
  | { readonly scheme: "none" };

/** Gets access tokens from a registry's own token server, for others to use. `connectOci` gets its own. */
export interface AccessTokens {
  /** The registry, without final slash. */
  readonly url: string;
  /** What the registry answers to a request without credentials, which therefore has no effect. */
  challenge(request: HttpRequest): Promise<RegistryChallenge>;
  /** A new token; the server may have given less access than it was asked for, and says nothing about it. */
  request(server: TokenServer, access: Access): Promise<TokenAnswer>;
  close(): Promise<void>;
}

/** Statuses that may come with a challenge, or instead of one. */
const refusals = [400, 401, 403, 404, 405];

/** Throws TypeError for a URL that is none. Nothing is sent before the first question. */
export function accessTokens(options: OciOptions): AccessTokens {
  const { url, credentials, nonce: _, ...http } = options;
  const now = options.clock ? () => options.clock?.now() ?? 0 : Date.now;
  const shared: Omit<HttpClientOptions, "baseUrl"> = { ...http, hints: hintFor(credentials), secrets: () => secretsOf(credentials) };
  const registry = new HttpClient({ ...shared, baseUrl: addressOf(url) });
  const servers = new Map<string, HttpClient>();
  const connect = (realm: URL) => {
    const server = servers.get(realm.origin) ?? new HttpClient({ ...shared, baseUrl: realm.origin });
    servers.set(realm.origin, server);
    return server;
  };
  return {
    url: registry.baseUrl.href.replace(/\/+$/, ""),
    challenge: async (request) => {
      const answer = await registry.send({ ...request, expect: refusals });
      // Knows which challenge to choose, and where credentials may go.
      const authorizer = new OciAuthorizer({ registry: () => registry.baseUrl, credentials: undefined, requestToken: unasked, now });
      const challenge = authorizer.learn(answer.headers);
      if (challenge) return challenge;
      if (request.route === "/v2/" && answer.status === 404)
        throw refusal(request, answer, absenceOf(answer) === "route" ? routeHint : "There is no registry at this address");
      if (request.route === "/v2/" && [401, 403].includes(answer.status))
        throw refusal(
          request,
          answer,
          "The answer does not say how to log in; perhaps it is not the registry's but that of a proxy or firewall before it",
        );
      return { scheme: "none" };
    },
    request: (server, access) => askTokenServer({ connect, credentials, clientId: "registry-as-code", now }, server, access),
    close: async () => {
      await Promise.all([registry, ...servers.values()].map((client) => client.close()));
    },
  };
}

/** An authorizer that only reads challenges asks nobody. */
const unasked = (): Promise<never> => Promise.reject(new Error("no token was wanted"));
