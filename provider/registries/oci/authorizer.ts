import { parseChallenges, RegistryError } from "../../http";
import type { AnswerHeaders, Authorizer, HttpAnswer, HttpRequest } from "../../http/request";
import { BearerTokens, type RequestToken } from "./bearer";
import { basicHeader, type OciCredentials } from "./credentials";
import { parseRealm } from "./realm";
import { type Access, covers, mergeAccess, parseScopes } from "./scope";
import type { TokenServer } from "./token-server";

export interface AuthorizerOptions {
  readonly registry: () => URL;
  readonly credentials: OciCredentials;
  readonly requestToken: RequestToken;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Where nobody has asked for credentials. */
const nothing: Readonly<Record<string, string>> = {};

export type Authentication = "none" | "basic" | "bearer";

type Challenge = { readonly scheme: "basic" } | { readonly scheme: "bearer"; readonly server: TokenServer; readonly access: Access };

/**
 * Answers a registry's challenges. Nothing is sent before the registry has asked for it once; afterwards every request brings what it
 * needs from the start. Passwords go to the registry (Basic) or to the token server that it names (Bearer), nowhere else.
 */
export class OciAuthorizer implements Authorizer {
  private challenge: Challenge | undefined;
  // Secrets stand in fields that nothing shows: clients are printed and logged.
  readonly #options: AuthorizerOptions;
  readonly #tokens: BearerTokens;
  /** Which token or password a request was sent with: the one that a 401 to it refuses. */
  readonly #sent = new WeakMap<HttpRequest, string>();
  /** What servers demanded for a scope where that was more or other than the scope itself, e.g. Quay pull and push for a delete. */
  private readonly demanded = new Map<string, Access>();
  private last?: { readonly key: string; readonly access: Access };

  constructor(options: AuthorizerOptions) {
    this.#options = options;
    this.#tokens = new BearerTokens(options.requestToken, options.now);
  }

  /** How the registry wants to be spoken to, as far as it has said. */
  get authentication(): Authentication {
    return this.challenge?.scheme ?? "none";
  }

  atHand(request: HttpRequest): Readonly<Record<string, string>> | undefined {
    const { credentials } = this.#options;
    if (credentials && "registryToken" in credentials) return { authorization: `Bearer ${credentials.registryToken}` };
    if (this.challenge?.scheme === "basic") return this.basic(request);
    if (this.challenge?.scheme !== "bearer") return nothing;
    const token = this.#tokens.current(this.challenge.server, this.accessFor(request));
    if (!token) return undefined;
    this.#sent.set(request, token.value);
    return { authorization: `Bearer ${token.value}` };
  }

  async authorize(request: HttpRequest): Promise<Readonly<Record<string, string>>> {
    const known = this.atHand(request);
    if (known || this.challenge?.scheme !== "bearer") return known ?? nothing;
    try {
      const token = await this.#tokens.get(this.challenge.server, this.accessFor(request));
      this.#sent.set(request, token.value);
      return { authorization: `Bearer ${token.value}` };
    } catch (error) {
      if (!isUnknownScope(error)) throw error;
      // The registry's challenge will say what this server has a word for.
      return {};
    }
  }

  async renew(request: HttpRequest, answer: HttpAnswer): Promise<boolean> {
    const challenge = this.learn(answer.headers);
    const { credentials } = this.#options;
    if (!challenge || (credentials && "registryToken" in credentials)) return false;
    // A Basic credential that was sent and refused is wrong, or not enough.
    if (challenge.scheme === "basic") return !this.#sent.has(request) && "authorization" in this.basic(request);
    const wanted = this.accessFor(request);
    const merged = mergeAccess(challenge.access, wanted);
    const renewed = await this.other(challenge, merged, request).catch((error: unknown) => {
      if (!isUnknownScope(error) || covers(challenge.access, merged)) throw error;
      return this.other(challenge, challenge.access, request);
    });
    if (!covers(wanted, renewed) || !covers(renewed, wanted)) this.demanded.set(scopeKey(request), renewed);
    return true;
  }

  private async other(challenge: Challenge & { scheme: "bearer" }, access: Access, request: HttpRequest): Promise<Access> {
    const token = await this.#tokens.getOther(challenge.server, access, this.#sent.get(request));
    this.#sent.set(request, token.value);
    return access;
  }

  /** Takes notice of the challenges in an answer: registries send some with a 200 too (zot, which everybody may read). */
  learn(headers: AnswerHeaders): Challenge | undefined {
    const offered = parseChallenges(headers.all("www-authenticate"));
    const bearer = offered.find(({ scheme, parameters }) => scheme === "bearer" && parameters.has("realm"));
    const realm = bearer?.parameters.get("realm");
    if (bearer && realm !== undefined) {
      const service = bearer.parameters.get("service");
      const scope = bearer.parameters.get("scope");
      const server = { realm: parseRealm(realm, this.#options.registry()), ...(service !== undefined && { service }) };
      this.challenge = { scheme: "bearer", server, access: parseScopes(scope === undefined ? [] : [scope]) };
      return this.challenge;
    }
    // Others, such as Negotiate, are not understood and left to those who can do better.
    if (!offered.some(({ scheme }) => scheme === "basic")) return undefined;
    this.challenge = { scheme: "basic" };
    return this.challenge;
  }

  private basic(request: HttpRequest): Readonly<Record<string, string>> {
    const { credentials } = this.#options;
    if (!credentials || !("username" in credentials)) return {};
    this.#sent.set(request, credentials.password);
    return { authorization: basicHeader(credentials.username, credentials.password) };
  }

  private accessFor(request: HttpRequest): Access {
    const key = scopeKey(request);
    // Thousands of requests in a row want the same.
    if (this.last?.key !== key) this.last = { key, access: parseScopes(request.scope ?? []) };
    return this.demanded.get(key) ?? this.last.access;
  }
}

/** Quay answers 400 to a scope with an action that it has no word for: it wants pull and push for deletes, and knows no `delete`. */
function isUnknownScope(error: unknown): boolean {
  return error instanceof RegistryError && error.status === 400;
}

function scopeKey(request: HttpRequest): string {
  return (request.scope ?? []).join(" ");
}
