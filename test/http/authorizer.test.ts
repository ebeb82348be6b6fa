import { type Authorizer, type HttpRequest, RegistryError } from "../../provider/http";
import { cleanUp, client, failure, fakeClock, opened } from "./client";
import { json, type Reply, serve, text } from "./server";

afterEach(cleanUp);

const get: HttpRequest = { method: "GET", route: "/x", scope: ["repository:a:pull"] };

/** Takes only the newest token. */
const guarded =
  (valid: () => string): Reply =>
  (...all) =>
    (all[1].headers.authorization === valid() ? json({ fine: true }) : text("", 401, { "www-authenticate": "Bearer" }))(...all);

function tokens(): Authorizer & { current: string; renewals: number; requests: HttpRequest[] } {
  const authorizer = {
    current: "Bearer old-token-1",
    renewals: 0,
    requests: [] as HttpRequest[],
    authorize: async (request: HttpRequest) => {
      authorizer.requests.push(request);
      return { Authorization: authorizer.current };
    },
    renew: async () => {
      authorizer.renewals++;
      authorizer.current = "Bearer new-token-2";
      return true;
    },
  };
  return authorizer;
}

describe("credentials", () => {
  it("come from the authorizer, which sees the request and its scope", async () => {
    const authorizer = tokens();
    const server = await opened(serve(json({})));
    await client(server, { authorizer }).send(get);
    expect(server.received[0]?.headers.authorization).toBe("Bearer old-token-1");
    expect(authorizer.requests).toEqual([get]);
  });

  it("that the request brings along go first", async () => {
    const server = await opened(serve(json({})));
    await client(server, { authorizer: tokens() }).send({ ...get, headers: { Authorization: "Basic own" } });
    expect(server.received[0]?.headers.authorization).toBe("Basic own");
  });

  it("are asked for anew with each attempt", async () => {
    const authorizer = tokens();
    const server = await opened(serve(text("", 503), json({})));
    await client(server, { authorizer }).send(get);
    expect(authorizer.requests).toHaveLength(2);
  });

  it("that cannot be had are an error, and nothing is sent", async () => {
    const server = await opened(serve(json({})));
    const broken = {
      authorize: async () => {
        throw new Error("keyring is locked");
      },
      renew: async () => false,
    };
    const error = await failure(client(server, { authorizer: broken }).send(get));
    expect(error).toMatchObject({ kind: "request", fate: "not-sent" });
    expect(error.message).toContain("no credentials: keyring is locked");
    const own = new RegistryError({
      method: "POST",
      route: "/token",
      url: "https://auth.example/token",
      kind: "status",
      fate: "answered",
      status: 401,
    });
    const refused = {
      authorize: async () => {
        throw own;
      },
      renew: async () => false,
    };
    expect(await failure(client(server, { authorizer: refused }).send(get))).toBe(own);
    expect(server.received).toHaveLength(0);
  });
});

describe("a 401", () => {
  it.each(["GET", "POST"] as const)("renews the credentials and sends a %s once more, without waiting", async (method) => {
    const authorizer = tokens();
    const clock = fakeClock();
    const server = await opened(serve(guarded(() => "Bearer new-token-2")));
    await client(server, { authorizer, clock }).send({ ...get, method });
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual(["Bearer old-token-1", "Bearer new-token-2"]);
    expect([authorizer.renewals, clock.sleeps]).toEqual([1, []]);
  });

  it("that remains is an error after one renewal", async () => {
    const authorizer = tokens();
    const server = await opened(serve(text('{"errors":[{"code":"UNAUTHORIZED"}]}', 401)));
    const error = await failure(client(server, { authorizer }).send(get));
    expect(error.message).toBe(`GET ${server.url}/x: 401 UNAUTHORIZED (2 attempts). Check user name, password or token`);
    expect([authorizer.renewals, server.received.length]).toEqual([1, 2]);
  });

  it("is an error at once if there are no other credentials", async () => {
    const server = await opened(serve(text("", 401)));
    const authorizer = { authorize: async () => ({}), renew: async () => false };
    expect(await failure(client(server, { authorizer }).send(get))).toMatchObject({ status: 401, attempts: 1 });
  });

  it("renews once a request, not once an attempt", async () => {
    const authorizer = tokens();
    const server = await opened(serve(text("", 401), text("", 503), text("", 401)));
    expect(await failure(client(server, { authorizer }).send(get))).toMatchObject({ status: 401, attempts: 3 });
    expect(authorizer.renewals).toBe(1);
  });

  it("that is expected renews nothing", async () => {
    const authorizer = tokens();
    const server = await opened(serve(text("", 401)));
    expect((await client(server, { authorizer }).send({ ...get, expect: [401] })).status).toBe(401);
    expect(authorizer.renewals).toBe(0);
  });

  it("of many requests at once serves them all, even if all slots are taken", async () => {
    const server = await opened(serve(guarded(() => "Bearer new-token-2")));
    const authorizer = tokens();
    // Its renewal needs the very client that waits for it: as with a Keystone on the same host.
    const http = client(server, {
      connections: 2,
      authorizer: {
        authorize: authorizer.authorize,
        renew: async (request, answer) => {
          await http.send({ method: "GET", route: "/auth", headers: { authorization: "Bearer new-token-2" } });
          return authorizer.renew(request, answer);
        },
      },
    });
    const answers = await Promise.all(Array.from({ length: 10 }, () => http.send(get)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
  });
});

describe("a 403", () => {
  it("with a challenge renews, without one it does not", async () => {
    const authorizer = tokens();
    const server = await opened(serve(text("", 403, { "www-authenticate": 'Bearer scope="x"' }), json({}), text("", 403)));
    const http = client(server, { authorizer });
    await http.send(get);
    expect(authorizer.renewals).toBe(1);
    expect(await failure(http.send(get))).toMatchObject({ status: 403 });
    expect(authorizer.renewals).toBe(1);
  });
});
