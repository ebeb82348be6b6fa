import { z } from "zod";
import { type Authorizer, type Http, type HttpAnswer, type HttpClock, type HttpRequest, invalidAnswer } from "../../http";
import { timestampDate } from "./timestamps";

/** A service user of an account. Only service users can have tokens from a password. */
export interface PasswordAuth {
  /** Number of the account: the domain of user and project. */
  readonly accountId: string;
  readonly username: string;
  readonly password: string;
  /** 32 hex digits. Either this or `projectName`; both: this. */
  readonly projectId?: string;
  readonly projectName?: string;
  /** Identity service. Default https://cloud.api.selcloud.ru/identity/v3. */
  readonly authUrl?: string;
  /** Domain of the user where it differs from the account's. */
  readonly userDomainName?: string;
}

/** A token of a project that somebody else got from the identity service (lifetime 24 hours), or what gets one. */
export type SelectelAuth = { readonly token: string } | PasswordAuth;

/** Renewed when less than this is left, so that a long upload or cleanup does not outlive its token. */
const margin = 5 * 60_000;

const Issued = z.object({ token: z.object({ expires_at: z.string().nullish(), issued_at: z.string().nullish() }) });

interface Session {
  readonly token: string;
  /** By our clock; undefined where the service does not say. */
  readonly renewAt?: number;
}

/**
 * Gives requests `X-Auth-Token` for a password. Asks the identity service once for all concurrent requests, again before the token ends,
 * and once more when the API refuses a token that should be good (401): tokens can be revoked early.
 */
export class PasswordAuthorizer implements Authorizer {
  readonly #auth: PasswordAuth;
  readonly #identity: Http;
  readonly #clock: HttpClock;
  #session?: Session;
  #pending?: Promise<Session>;
  /** Which token a request went out with: a 401 to an older one than ours needs no further authentication. */
  readonly #used = new WeakMap<HttpRequest, string>();

  /** `identity` must have no authorizer: nothing but the password goes there. Throws TypeError if something is missing in `auth`. */
  constructor(auth: PasswordAuth, identity: Http, clock: HttpClock) {
    checkPasswordAuth(auth);
    this.#auth = auth;
    this.#identity = identity;
    this.#clock = clock;
  }

  async authorize(request: HttpRequest): Promise<Readonly<Record<string, string>>> {
    const { token } = await this.#current();
    this.#used.set(request, token);
    return { "x-auth-token": token };
  }

  async renew(request: HttpRequest, answer: HttpAnswer): Promise<boolean> {
    if (answer.status !== 401) return false;
    const used = this.#used.get(request);
    if (this.#session !== undefined && this.#session.token === used) this.#session = undefined;
    await this.#current();
    return true;
  }

  async #current(): Promise<Session> {
    const session = this.#session;
    if (session !== undefined && (session.renewAt === undefined || this.#clock.now() < session.renewAt)) return session;
    this.#pending ??= this.#authenticate().finally(() => {
      this.#pending = undefined;
    });
    this.#session = await this.#pending;
    return this.#session;
  }

  async #authenticate(): Promise<Session> {
    const request: HttpRequest = {
      method: "POST",
      route: "/auth/tokens",
      body: { json: keystoneBody(this.#auth) },
      // One more token harms nobody: a lost one just ends unused.
      repeatable: true,
      // Never in an error, whatever the service echoes.
      secretParameters: ["password"],
    };
    const answer = await this.#identity.send(request);
    const token = answer.headers.get("x-subject-token");
    if (!token) {
      const hint = "Check authUrl: it must be the identity service, such as https://cloud.api.selcloud.ru/identity/v3";
      throw invalidAnswer(answer, "without X-Subject-Token, so it gives no token", hint);
    }
    return { token, renewAt: this.#renewAt(answer) };
  }

  /** The token's lifetime is taken from the service's own two times where it gives both, so that a wrong clock here does not matter. */
  #renewAt(answer: HttpAnswer): number | undefined {
    const issued = Issued.safeParse(parseJson(answer.body));
    const [end, begin] = [issued.data?.token.expires_at, issued.data?.token.issued_at].map((text) => timestampDate(text ?? "")?.getTime());
    if (end === undefined) return undefined;
    const now = this.#clock.now();
    const lifetime = end - (begin ?? now);
    return now + Math.max(lifetime - margin, lifetime / 2);
  }
}

/** Gives requests a ready-made token. A 401 is final: there is nothing to renew it with. */
export function tokenAuthorizer(token: string): Authorizer {
  if (token.trim() === "") throw new TypeError("The Selectel token is empty.");
  return { authorize: async () => ({ "x-auth-token": token.trim() }), renew: async () => false };
}

/**
 * Keystone's password method, scoped to a project. By id there must be no domain beside it: an id is unique, and services refuse the pair.
 */
export function keystoneBody(auth: PasswordAuth): unknown {
  const { accountId, username, password, projectId, projectName, userDomainName } = auth;
  const project = projectId ? { id: projectId } : { name: projectName, domain: { name: accountId } };
  const user = { name: username, domain: { name: userDomainName || accountId }, password };
  return { auth: { identity: { methods: ["password"], password: { user } }, scope: { project } } };
}

function checkPasswordAuth(auth: PasswordAuth): void {
  const missing = (["accountId", "username", "password"] as const).filter((name) => !auth[name]);
  const all = [...missing, ...(auth.projectId || auth.projectName ? [] : ["projectId or projectName"])];
  if (all.length > 0) throw new TypeError(`Selectel credentials lack ${all.join(", ")}. Give these, or a ready-made token.`);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
