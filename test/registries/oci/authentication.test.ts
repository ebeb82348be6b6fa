import { parseRepository, parseTag, RegistryError } from "../../../provider/registries/oci";
import { clientOf, ociError, type Reply, type Scripted, type Seen, scripted } from "./scripted";

const repository = parseRepository("team/app");
const all = async <T>(list: AsyncIterable<T>) => Array.fromAsync(list);
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

function unauthorized(challenge: string | string[], code = "UNAUTHORIZED"): Reply {
  return { ...ociError(401, code, "authentication required"), headers: { "www-authenticate": challenge } };
}

const tagList: Reply = { json: { name: "team/app", tags: ["v1"] } };

/** A token server; `answer` is its answer, `token-<n>` by default. */
function tokenServer(answer: (n: number, request: Seen) => Reply = (n) => ({ json: { token: `token-${n}` } })): Promise<Scripted> {
  let n = 0;
  return scripted((request) => answer(++n, request));
}

/** A registry that wants a Bearer token with `scope`; `accept` says which tokens are good. */
function bearerRegistry(
  tokens: Scripted,
  accept: (token: string, request: Seen) => boolean,
  scope: (request: Seen) => string,
  extra = "",
): Promise<Scripted> {
  return scripted((request) => {
    const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? "")?.[1];
    if (token !== undefined && accept(token, request)) return request.path === "/v2/" ? { json: {} } : tagList;
    const wanted = scope(request);
    return unauthorized(`Bearer realm="${tokens.url}/token",service="r"${wanted && `,scope="${wanted}"`}${extra}`);
  });
}

describe("a registry without authentication", () => {
  it("gets no credentials, even if there are some", async () => {
    const registry = await scripted(() => ({ json: {}, headers: { "docker-distribution-api-version": "registry/2.0" } }));
    const ping = await registry.client({ credentials: { username: "me", password: "secret-1" } }).ping();
    expect(ping).toEqual({ apiVersion: "registry/2.0", authentication: "none" });
    expect(registry.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it("that is none is an error that says so", async () => {
    const web = await scripted(() => ({ status: 404, body: "404 page not found", headers: { "content-type": "text/plain" } }));
    await expect(web.client().ping()).rejects.toThrow(/check that the URL is a registry's/);
  });
});

describe("Basic authentication", () => {
  const registry = (challenge: string | string[]) =>
    scripted(({ headers, path }) =>
      headers.authorization === basic("me", "sec:ret") ? (path === "/v2/" ? { json: {} } : tagList) : unauthorized(challenge),
    );

  it.each([
    ['Basic realm="r"'],
    ["basic realm=r"],
    ['BASIC REALM="a, b"'],
    ['Negotiate, Basic realm="r"'],
    [["Negotiate", 'Basic realm="r"']],
  ])("answers %j", async (challenge) => {
    const server = await registry(challenge);
    const client = server.client({ credentials: { username: "me", password: "sec:ret" } });
    expect(await all(client.tags(repository))).toEqual(["v1"]);
    expect((await client.ping()).authentication).toBe("basic");
    // Once it was asked for, every request brings it.
    expect(server.seen.map(({ headers }) => headers.authorization !== undefined)).toEqual([false, true, true]);
  });

  it("with wrong credentials ends after one attempt with an error that names the user and not the password", async () => {
    const server = await registry('Basic realm="r"');
    const failure = await server
      .client({ credentials: { username: "me", password: "hunter22" } })
      .ping()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RegistryError);
    expect(String(failure)).toMatch(/401 UNAUTHORIZED.*does not accept user me/);
    expect(JSON.stringify(failure) + String(failure)).not.toMatch(/hunter22|bWU6aHVudGVyMjI=/);
    expect(server.seen).toHaveLength(2);
  });

  it("without credentials is reported by ping, and an error elsewhere", async () => {
    const server = await registry('Basic realm="r"');
    expect(await server.client().ping()).toEqual({ authentication: "basic" });
    await expect(all(server.client().tags(repository))).rejects.toThrow("run docker login");
  });
});

describe("Concurrent requests under Basic authentication", () => {
  it("are all answered, though each of them is the first", async () => {
    const server = await scripted(({ headers }) =>
      headers.authorization === basic("me", "pw") ? tagList : unauthorized('Basic realm="r"'),
    );
    const client = server.client({ credentials: { username: "me", password: "pw" } });
    const lists = await Promise.all(Array.from({ length: 8 }, () => all(client.tags(repository))));
    expect(lists).toEqual(Array.from({ length: 8 }, () => ["v1"]));
  });
});

describe("Bearer authentication", () => {
  const pull = () => "repository:team/app:pull";

  it("gets an anonymous token where there are no credentials", async () => {
    const tokens = await tokenServer();
    const registry = await bearerRegistry(tokens, (token) => token === "token-1", pull);
    expect(await all(registry.client().tags(repository))).toEqual(["v1"]);
    expect(tokens.lines()).toEqual(["GET /token?service=r&scope=repository%3Ateam%2Fapp%3Apull&client_id=registry-as-code"]);
    expect(tokens.seen[0]?.headers.authorization).toBeUndefined();
  });

  it("sends user and password to the token server, and to the registry only the token", async () => {
    const tokens = await tokenServer();
    const registry = await bearerRegistry(tokens, (token) => token === "token-1", pull);
    const client = registry.client({ credentials: { username: "me", password: "pw-123" } });
    await all(client.tags(repository));
    await all(client.tags(repository));
    expect(tokens.seen.map(({ headers }) => headers.authorization)).toEqual([basic("me", "pw-123")]);
    expect(tokens.seen[0]?.query.get("account")).toBe("me");
    expect(registry.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, "Bearer token-1", "Bearer token-1"]);
    expect((await client.ping()).authentication).toBe("bearer");
  });

  it("keeps the query of the realm, and asks for each scope apart", async () => {
    const tokens = await tokenServer();
    const registry = await scripted(({ headers }) =>
      headers.authorization
        ? tagList
        : unauthorized(`Bearer realm="${tokens.url}/token?tenant=7",scope="repository:a:pull,push repository:b:pull"`),
    );
    await all(registry.client().tags(repository));
    expect(tokens.seen[0]?.query.get("tenant")).toBe("7");
    expect(tokens.seen[0]?.query.getAll("scope")).toEqual(["repository:a:pull,push", "repository:b:pull", "repository:team/app:pull"]);
  });

  it("is preferred to Basic where both are offered", async () => {
    const tokens = await tokenServer();
    const registry = await scripted(({ headers }) =>
      headers.authorization === "Bearer token-1" ? tagList : unauthorized(['Basic realm="r"', `bearer realm="${tokens.url}/token"`]),
    );
    expect(await all(registry.client({ credentials: { username: "me", password: "pw" } }).tags(repository))).toEqual(["v1"]);
  });

  it.each([["token"], ["access_token"]])("reads the token from %s", async (member) => {
    const tokens = await tokenServer(() => ({ json: { [member]: "good", expires_in: "nonsense" } }));
    const registry = await bearerRegistry(tokens, (token) => token === "good", pull);
    expect(await all(registry.client().tags(repository))).toEqual(["v1"]);
  });

  it("trades an identity token by POST", async () => {
    const tokens = await tokenServer(() => ({ json: { access_token: "good" } }));
    const registry = await bearerRegistry(tokens, (token) => token === "good", pull);
    await all(registry.client({ credentials: { identityToken: "identity-1" } }).tags(repository));
    expect(tokens.seen.map(({ method, body }) => [method, Object.fromEntries(new URLSearchParams(body.toString()))])).toEqual([
      [
        "POST",
        {
          grant_type: "refresh_token",
          refresh_token: "identity-1",
          service: "r",
          client_id: "registry-as-code",
          scope: "repository:team/app:pull",
        },
      ],
    ]);
  });

  it.each([[404], [405]])("falls back to GET where POST is %i", async (status) => {
    const tokens = await tokenServer((_, { method }) => (method === "POST" ? { status } : { json: { token: "good" } }));
    const registry = await bearerRegistry(tokens, (token) => token === "good", pull);
    expect(await all(registry.client({ credentials: { identityToken: "identity-1" } }).tags(repository))).toEqual(["v1"]);
    expect(tokens.seen.map(({ method, headers }) => [method, headers.authorization])).toEqual([
      ["POST", undefined],
      ["GET", basic("<token>", "identity-1")],
    ]);
  });

  it("sends a password by POST where GET is 405", async () => {
    const tokens = await tokenServer((_, { method }) => (method === "GET" ? { status: 405 } : { json: { access_token: "good" } }));
    const registry = await bearerRegistry(tokens, (token) => token === "good", pull);
    await all(registry.client({ credentials: { username: "me", password: "pw" } }).tags(repository));
    expect(new URLSearchParams(tokens.seen[1]?.body.toString()).get("grant_type")).toBe("password");
  });

  it("sends a registry token as it is", async () => {
    const registry = await scripted(({ headers }) => (headers.authorization === "Bearer ready" ? tagList : { status: 401 }));
    expect(await all(registry.client({ credentials: { registryToken: "ready" } }).tags(repository))).toEqual(["v1"]);
    await expect(all(registry.client({ credentials: { registryToken: "stale-token" } }).tags(repository))).rejects.toThrow(
      /does not accept the given token/,
    );
    expect(registry.seen).toHaveLength(2);
  });

  it("asks once for all requests that begin together", async () => {
    const tokens = await tokenServer();
    const registry = await bearerRegistry(tokens, (token) => token === "token-1", pull);
    const client = registry.client();
    await Promise.all(Array.from({ length: 12 }, () => all(client.tags(repository))));
    expect(tokens.seen).toHaveLength(1);
  });

  it("renews a token that the registry no longer takes, once for all", async () => {
    let good = "token-1";
    const tokens = await tokenServer();
    const registry = await bearerRegistry(tokens, (token) => token === good, pull);
    const client = registry.client();
    await all(client.tags(repository));
    good = "token-2";
    await Promise.all(Array.from({ length: 12 }, () => all(client.tags(repository))));
    expect(tokens.seen).toHaveLength(2);
  });

  it("renews a token before it ends, by the injected clock", async () => {
    const time = { now: Date.parse("2026-01-01T00:00:00Z") };
    const clock = { now: () => time.now, sleep: async () => undefined };
    const tokens = await tokenServer((n) => ({ json: { token: `token-${n}`, expires_in: 100 } }));
    const registry = await bearerRegistry(tokens, () => true, pull);
    const client = registry.client({ clock });
    await all(client.tags(repository));
    time.now += 94_000;
    await all(client.tags(repository));
    expect(tokens.seen).toHaveLength(1);
    time.now += 1_000;
    await all(client.tags(repository));
    expect(tokens.seen).toHaveLength(2);
    expect(registry.seen.at(-1)?.headers.authorization).toBe("Bearer token-2");
  });

  it("asks for what the registry demands beyond what was expected, and remembers that", async () => {
    // Quay wants pull and push for a delete.
    const tokens = await tokenServer((n, { query }) => ({ json: { token: `${query.getAll("scope").join(" ")} #${n}` } }));
    const registry = await scripted((request) => {
      const token = request.headers.authorization ?? "";
      const wanted = request.method === "DELETE" ? "pull,push" : "pull";
      const has = request.method === "DELETE" ? /:\S*push/ : /:\S*pull/;
      if (has.test(token)) return request.method === "DELETE" ? { status: 202 } : ociError(404, "MANIFEST_UNKNOWN");
      return unauthorized(`Bearer realm="${tokens.url}/token",scope="repository:team/app:${wanted}",error="insufficient_scope"`);
    });
    const client = registry.client();
    await client.manifests.delete(repository, parseTag("v1"));
    await client.manifests.delete(repository, parseTag("v2"));
    expect(tokens.seen.map(({ query }) => query.getAll("scope"))).toEqual([["repository:team/app:delete,pull,push"]]);
    expect(registry.lines()).toEqual([
      "DELETE /v2/team/app/manifests/v1",
      "DELETE /v2/team/app/manifests/v1",
      "DELETE /v2/team/app/manifests/v2",
    ]);
  });

  it("takes a second refusal for final and says what was refused", async () => {
    const tokens = await tokenServer((n) => ({ json: { token: `jwt-secret-${n}` } }));
    const registry = await bearerRegistry(tokens, () => false, pull, ',error="insufficient_scope"');
    const failure = await all(registry.client({ credentials: { username: "me", password: "pw-123" } }).tags(repository)).catch(
      (error: unknown) => error,
    );
    expect(String(failure)).toMatch(/GET .*\/v2\/team\/app\/tags\/list.*401 UNAUTHORIZED.*user me/);
    expect(JSON.stringify(failure)).not.toMatch(/jwt-secret|pw-123/);
    expect([registry.seen.length, tokens.seen.length]).toEqual([2, 1]);
  });

  it("that the token server refuses is its error, without the password", async () => {
    const tokens = await tokenServer((_, { headers }) => ({ status: 401, json: { details: `wrong ${headers.authorization} pw-123` } }));
    const registry = await bearerRegistry(tokens, () => true, pull);
    const failure = await all(registry.client({ credentials: { username: "me", password: "pw-123" } }).tags(repository)).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(RegistryError);
    expect(failure).toMatchObject({ status: 401, url: expect.stringContaining(`${tokens.url}/token`) });
    expect(JSON.stringify(failure) + String(failure)).not.toMatch(/pw-123|bWU6cHctMTIz/);
  });

  it.each([
    ["no JSON", { body: "<html>secret-abc</html>" }, "no JSON"],
    ["no token", { json: { tokens: "secret-abc" } }, "without a token"],
    ["an odd token", { json: { token: { secret: "secret-abc" } } }, "no token"],
  ])("fails clearly when the token server answers with %s", async (_, reply, text) => {
    const tokens = await tokenServer(() => reply);
    const registry = await bearerRegistry(tokens, () => true, pull);
    const failure = await all(registry.client().tags(repository)).catch((error: unknown) => error);
    expect(String(failure)).toContain(text);
    expect(String(failure)).not.toContain("secret-abc");
  });

  it("sends no credentials to a realm that is refused", async () => {
    const registry = await scripted(() => unauthorized('Bearer realm="http://169.254.169.254/token"'));
    const client = registry.client({ credentials: { username: "me", password: "pw-123" } });
    await expect(all(client.tags(repository))).rejects.toThrow(/No credentials were sent/);
  });

  it("is noticed in the challenge that comes with a success, as zot sends it", async () => {
    const tokens = await tokenServer();
    const registry = await scripted(({ path, headers }) =>
      path === "/v2/"
        ? { json: {}, headers: { "www-authenticate": `bearer realm="${tokens.url}/token"` } }
        : headers.authorization
          ? tagList
          : { status: 500 },
    );
    const client = registry.client();
    expect((await client.ping()).authentication).toBe("bearer");
    expect(await all(client.tags(repository))).toEqual(["v1"]);
  });

  it("passes the credentials of one client to no other", async () => {
    const tokens = await tokenServer();
    const registry = await bearerRegistry(tokens, (token) => token === "token-1", pull);
    await all(registry.client({ credentials: { username: "me", password: "pw" } }).tags(repository));
    await all(clientOf(registry.url).tags(repository)).catch(() => undefined);
    expect(tokens.seen.map(({ headers }) => headers.authorization !== undefined)).toEqual([true, false]);
  });
});
