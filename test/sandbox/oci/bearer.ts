import { randomBytes } from "node:crypto";
import type { Access, Authorize, Clock, Handler, SandboxResponse } from "../contract";
import { accessDetail, neededActions } from "./basic";
import { failure } from "./errors";
import { type Scope, scopesOf } from "./scope";
import { type Claims, TokenMint } from "./token";
import { basicUser, type Directory, may, type Principal, passwordUser, userByName } from "./users";

export interface BearerOptions extends Directory {
  readonly clock: Clock;
  /** URL of the token endpoint, as the challenge names it. */
  readonly realm: string;
  /** Default: `sandbox-registry`. */
  readonly service?: string;
  /** Seconds an access token lives. Default: 300. */
  readonly lifetime?: number;
  /** `false`: POST is answered 404, as by token servers that know only GET. Default: true. */
  readonly post?: boolean;
  /** Which fields of the answer carry the token. Default: both. */
  readonly tokenField?: "both" | "token" | "access_token";
  /** `jwt`: as distribution's token specification wants them, `access` and all; `opaque`: nobody but the registry can read them. Default: `opaque`. */
  readonly tokenFormat?: "opaque" | "jwt";
  /**
   * What is granted to a user who may do everything that was asked for. `less`: without the last action of each repository; `more-actions`:
   * every action; `more-repositories`: the same in every repository, whatever its name. Default: `asked`.
   */
  readonly tokenGrant?: "asked" | "less" | "more-actions" | "more-repositories";
  /** `quay`: pull and push are demanded for a delete, and the token server refuses scopes that hold the word `delete`. Default: `distribution`. */
  readonly tokenActions?: "distribution" | "quay";
}

const REFRESH_LIFETIME = 365 * 24 * 3_600;

export interface Bearer {
  readonly authorize: Authorize;
  readonly tokenServer: Handler;
  /** Name of the user for whom the token of an `Authorization` header was issued, empty for nobody; undefined for one that does not count. */
  readonly subjectOf: (authorization: string) => string | undefined;
}

/** A registry's `Bearer` authorization and the token server behind it, by Docker's token specification (GET) and its OAuth 2 one (POST). */
export function createBearer(options: BearerOptions): Bearer {
  const { clock, realm, service = "sandbox-registry", lifetime = 300 } = options;
  const mint = new TokenMint(randomBytes(32), clock, options.tokenFormat);

  const authorize: Authorize = (request, demanded) => {
    const access = options.tokenActions === "quay" ? withoutDelete(demanded) : demanded;
    const token = bearerToken(request.headers.authorization);
    if (token === undefined) return challenge(realm, service, access);
    const claims = request.fault === "expired-session" ? undefined : mint.verify(token, "access");
    if (!claims) return challenge(realm, service, access, "invalid_token");
    const covered = neededActions(access).every(([repository, action]) => covers(claims, repository, action));
    return covered ? undefined : challenge(realm, service, access, "insufficient_scope");
  };

  const issue = (user: Principal, wanted: readonly Scope[], withRefresh: boolean): SandboxResponse => {
    const now = clock.now().getTime();
    const sign = (kind: Claims["kind"], seconds: number, access: Claims["access"]) =>
      mint.sign({ kind, subject: user.name, service, expires: now + seconds * 1_000, access });
    const token = sign("access", lifetime, granted(intersect(user, wanted), options.tokenGrant));
    const field = options.tokenField ?? "both";
    const tokens = { ...(field !== "access_token" && { token }), ...(field !== "token" && { access_token: token }) };
    const refresh = withRefresh ? { refresh_token: sign("refresh", REFRESH_LIFETIME, []) } : {};
    return { status: 200, json: { ...tokens, expires_in: lifetime, issued_at: clock.now().toISOString(), ...refresh } };
  };

  const tokenServer: Handler = (request) => {
    if (request.rawPath !== new URL(realm).pathname) return { status: 404, json: { details: "not found" } };
    if (request.method === "GET") {
      const user = basicUser(options, request.headers.authorization) ?? userByName(options, "") ?? { name: "", rights: [] };
      if (user === "refused") return unauthorized();
      if (request.query.get("service") !== service) return wrong("unknown service");
      if (options.tokenActions === "quay" && request.query.getAll("scope").some((scope) => /[:,]delete\b/.test(scope))) {
        return wrong("unable to decode repository and actions");
      }
      return issue(user, scopesOf(request.query.getAll("scope")), request.query.get("offline_token") === "true");
    }
    if (request.method !== "POST" || options.post === false) return { status: 404, json: { details: "not found" } };
    const form = new URLSearchParams(request.body.toString("utf8"));
    if (form.get("service") !== service) return wrong("unknown service");
    if (!form.get("client_id")) return wrong("client_id is missing");
    const user = grantedUser(options, mint, form);
    if (user === undefined) return wrong("unsupported grant_type");
    if (user === "refused") return unauthorized();
    return issue(user, scopesOf(form.getAll("scope")), form.get("access_type") === "offline");
  };

  const subjectOf = (authorization: string) => mint.verify(bearerToken(authorization) ?? "", "access")?.subject;
  return { authorize, tokenServer, subjectOf };
}

function bearerToken(authorization = ""): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1];
}

function grantedUser(directory: Directory, mint: TokenMint, form: URLSearchParams): Principal | "refused" | undefined {
  switch (form.get("grant_type")) {
    case "password":
      return passwordUser(directory, form.get("username") ?? "", form.get("password") ?? "") ?? "refused";
    case "refresh_token": {
      const claims = mint.verify(form.get("refresh_token") ?? "", "refresh");
      return (claims && userByName(directory, claims.subject)) ?? "refused";
    }
    default:
      return undefined;
  }
}

/** The token server grants what the user may of what was asked, silently: also nothing at all. */
function intersect(user: Principal, wanted: readonly Scope[]): Claims["access"] {
  return wanted.flatMap(({ type, name, actions }) => {
    if (type === "registry") return name === "catalog" && may(user, "catalog", undefined) ? [{ type, name, actions: ["*"] }] : [];
    const all = ["pull", "push", "delete"];
    const granted = actions.filter((action) => (action === "*" ? all.every((one) => may(user, one, name)) : may(user, action, name)));
    return type === "repository" && granted.length > 0 ? [{ type, name, actions: granted }] : [];
  });
}

/** What a token server makes of it that does not do as it was asked. */
function granted(access: Claims["access"], grant: BearerOptions["tokenGrant"]): Claims["access"] {
  switch (grant) {
    case "less":
      return access.map((entry) => ({ ...entry, actions: entry.actions.slice(0, -1) }));
    case "more-actions":
      return access.map((entry) => ({ ...entry, actions: ["pull", "push", "delete"] }));
    case "more-repositories":
      return access.flatMap((entry) => (entry.type === "repository" ? [entry, { ...entry, name: EVERYWHERE }] : [entry]));
    default:
      return access;
  }
}

/** No repository can have this name. */
const EVERYWHERE = "*";

function withoutDelete(access: Access): Access {
  return access.actions.includes("delete") ? { ...access, actions: ["pull", "push"] } : access;
}

function covers({ access }: Claims, repository: string | undefined, action: string): boolean {
  const [type, name] = repository === undefined ? ["registry", "catalog"] : ["repository", repository];
  const entries = access.filter((entry) => entry.type === type && (entry.name === name || entry.name === EVERYWHERE));
  return entries.some(({ actions }) => actions.includes("*") || actions.includes(action));
}

function challenge(realm: string, service: string, access: Access, error?: string): SandboxResponse {
  const { repository, from, actions } = access;
  const scopes = [
    ...(repository === undefined
      ? actions.includes("catalog")
        ? ["registry:catalog:*"]
        : []
      : [`repository:${repository}:${actions.join(",")}`]),
    ...(from === undefined ? [] : [`repository:${from}:pull`]),
  ];
  const parameters = { realm, service, ...(scopes.length > 0 && { scope: scopes.join(" ") }), ...(error && { error }) };
  const header = Object.entries(parameters).map(([key, value]) => `${key}="${value}"`);
  return failure(401, { code: "UNAUTHORIZED", detail: accessDetail(access) }, { "www-authenticate": `Bearer ${header.join(",")}` });
}

function unauthorized(): SandboxResponse {
  return { status: 401, json: { details: "incorrect username or password" } };
}

function wrong(details: string): SandboxResponse {
  return { status: 400, json: { details } };
}
