import { createSign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { selfSigned } from "./certificate";

export interface TokenServerOptions {
  readonly service?: string;
  readonly issuer?: string;
  /** User to password. */
  readonly users?: Readonly<Record<string, string>>;
  /** Identity token to user. */
  readonly identityTokens?: Readonly<Record<string, string>>;
  /** Actions that a user gets out of those that were asked for. Default: known users everything, others (undefined) `pull`. */
  readonly grant?: (user: string | undefined, type: string, name: string, action: string) => boolean;
  /** Seconds. Default 300. */
  readonly expiresIn?: number;
  /** Default: GET and POST. */
  readonly methods?: readonly ("GET" | "POST")[];
}

/** One question to the token server. */
export interface TokenRequest {
  readonly method: string;
  readonly user: string | undefined;
  readonly scopes: readonly string[];
  /** Query (GET) or form (POST). */
  readonly parameters: URLSearchParams;
}

export interface TokenServer {
  readonly realm: string;
  readonly certificate: string;
  readonly requests: readonly TokenRequest[];
  forget(): void;
  stop(): Promise<void>;
}

/** A token server as distribution's token specification describes it: RS256, certificate in `x5c`, the intersection of what is asked and allowed. */
export async function startTokenServer(options: TokenServerOptions = {}): Promise<TokenServer> {
  const { privateKey, der, pem } = selfSigned("token-server");
  const requests: TokenRequest[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const method = request.method ?? "";
    if (!(options.methods ?? ["GET", "POST"]).some((known) => known === method)) return void response.writeHead(405).end();
    const url = new URL(request.url ?? "/", "http://token");
    const parameters = method === "GET" ? url.searchParams : new URLSearchParams(await read(request));
    const scopes =
      method === "GET" ? parameters.getAll("scope") : (parameters.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
    const user = method === "GET" ? basicUser(request, options) : formUser(parameters, options);
    requests.push({ method, user: user ?? undefined, scopes, parameters });
    if (user === null)
      return void response
        .writeHead(401, { "content-type": "application/json" })
        .end(JSON.stringify({ details: "incorrect username or password" }));
    const grant = options.grant ?? ((who, _type, _name, action) => who !== undefined || action === "pull");
    const access = scopes.map((scope) => granted(scope, (type, name, action) => grant(user, type, name, action)));
    const now = Math.floor(Date.now() / 1000);
    const life = options.expiresIn ?? 300;
    const claims = {
      iss: options.issuer ?? "test-issuer",
      sub: user ?? "",
      aud: options.service ?? "test-registry",
      exp: now + life,
      nbf: now - 10,
      iat: now,
      jti: `${requests.length}`,
      access,
    };
    const head = { typ: "JWT", alg: "RS256", x5c: [der.toString("base64")] };
    const signed = `${base64url(head)}.${base64url(claims)}`;
    const token = `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey).toString("base64url")}`;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(
      JSON.stringify({
        [method === "GET" ? "token" : "access_token"]: token,
        expires_in: life,
        issued_at: new Date(now * 1000).toISOString(),
      }),
    );
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    realm: `http://127.0.0.1:${port}/token`,
    certificate: pem,
    requests,
    forget: () => requests.splice(0),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** null: wrong credentials; undefined: none. */
function basicUser(request: IncomingMessage, { users = {} }: TokenServerOptions): string | null | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return undefined;
  const [user = "", ...rest] = Buffer.from(header.replace(/^Basic /, ""), "base64")
    .toString("utf8")
    .split(":");
  return users[user] !== undefined && users[user] === rest.join(":") ? user : null;
}

function formUser(form: URLSearchParams, { users = {}, identityTokens = {} }: TokenServerOptions): string | null {
  if (form.get("grant_type") === "refresh_token") return identityTokens[form.get("refresh_token") ?? ""] ?? null;
  const user = form.get("username") ?? "";
  return users[user] !== undefined && users[user] === form.get("password") ? user : null;
}

function granted(scope: string, allowed: (type: string, name: string, action: string) => boolean): object {
  const [, type = "", name = "", actions = ""] = /^([^:]+):(.*):([^:]*)$/.exec(scope) ?? [];
  return { type, name, actions: actions.split(",").filter((action) => allowed(type, name, action)) };
}

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
