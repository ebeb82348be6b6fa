import { inspect } from "node:util";
import {
  connectSelectel,
  isUnauthorized,
  type PasswordAuth,
  type RegistryError,
  type SelectelClient,
} from "../../../provider/registries/selectel";
import { jumpingClock } from "./connected";
import { type Reply, type Seen, startServer } from "./scripted-server";

const PASSWORD = "s3cret/pass word+ü";
const user = { accountId: "123456", username: "deployer", password: PASSWORD, projectId: "0123456789abcdef0123456789abcdef" };
const registry = { id: "r1", name: "one", status: "ACTIVE" };
const start = Date.parse("2026-01-01T00:00:00Z");

interface Scene {
  readonly client: SelectelClient;
  readonly clock: ReturnType<typeof jumpingClock>;
  readonly toIdentity: readonly Seen[];
  readonly toApi: readonly Seen[];
}

interface Answers {
  readonly identity?: (request: Seen, index: number) => Reply | Promise<Reply>;
  readonly api?: (request: Seen, index: number) => Reply | Promise<Reply>;
  readonly auth?: Partial<PasswordAuth>;
}

const issue = (token: string, lifetime = 24 * 3_600_000, at = start): Reply => ({
  status: 201,
  headers: { "x-subject-token": token },
  json: { token: { issued_at: new Date(at).toISOString(), expires_at: new Date(at + lifetime).toISOString().replace("Z", "000Z") } },
});

async function scene(
  { identity = (_, index) => issue(`token-${index + 1}`), api = () => ({ json: registry }), auth }: Answers,
  run: (scene: Scene) => Promise<void>,
) {
  const keystone = await startServer(identity);
  const service = await startServer(api);
  const clock = jumpingClock(start);
  const client = connectSelectel({
    apiUrl: `${service.url}/api`,
    auth: { ...user, authUrl: `${keystone.url}/identity/v3/`, ...auth },
    clock,
    random: () => 0.5,
    env: {},
  });
  try {
    await run({ client, clock, toIdentity: keystone.seen, toApi: service.seen });
  } finally {
    await client.close();
    await keystone.close();
    await service.close();
  }
}

const get = (client: SelectelClient) => client.v1.registries.get({ id: "r1" });
const tokens = (requests: readonly Seen[]) => requests.map(({ headers }) => headers["x-auth-token"]);

async function failure(promise: Promise<unknown>): Promise<RegistryError> {
  return promise.then(
    () => {
      throw new Error("it succeeded");
    },
    (error: RegistryError) => error,
  );
}

const texts = (error: Error) => [error.message, error.stack, JSON.stringify(error), inspect(error, { depth: 9 })].join("\n");

describe("the request to the identity service", () => {
  const identity = { methods: ["password"], password: { user: { name: "deployer", domain: { name: "123456" }, password: PASSWORD } } };
  const bodies: [string, Partial<PasswordAuth>, unknown][] = [
    ["names a project by id, without a domain", {}, { auth: { identity, scope: { project: { id: user.projectId } } } }],
    [
      "names a project by name, in the account",
      { projectId: undefined, projectName: "my project" },
      { auth: { identity, scope: { project: { name: "my project", domain: { name: "123456" } } } } },
    ],
    [
      "prefers the id where both are given",
      { projectName: "my project" },
      { auth: { identity, scope: { project: { id: user.projectId } } } },
    ],
    [
      "names the user's own domain where it differs",
      { userDomainName: "other" },
      {
        auth: {
          identity: { methods: ["password"], password: { user: { name: "deployer", domain: { name: "other" }, password: PASSWORD } } },
          scope: { project: { id: user.projectId } },
        },
      },
    ],
  ];
  it.each(bodies)("%s", async (_, auth, body) => {
    await scene({ auth }, async ({ client, toIdentity }) => {
      await get(client);
      expect(toIdentity.map(({ method, url }) => `${method} ${url}`)).toEqual(["POST /identity/v3/auth/tokens"]);
      expect(JSON.parse(String(toIdentity[0]?.body))).toEqual(body);
      expect(toIdentity[0]?.headers["content-type"]).toBe("application/json");
      expect(toIdentity[0]?.headers).not.toHaveProperty("x-auth-token");
    });
  });

  it("is not sent before the first call", async () => {
    await scene({}, async ({ toIdentity }) => expect(toIdentity).toEqual([]));
  });

  it("is repeated when its answer is lost", async () => {
    await scene({ identity: (_, index) => (index === 0 ? { reset: true } : issue("second")) }, async ({ client, toApi }) => {
      await get(client);
      expect(tokens(toApi)).toEqual(["second"]);
    });
  });
});

describe("a session", () => {
  it("serves all calls, v1 and v2, concurrent or not", async () => {
    await scene({}, async ({ client, toIdentity, toApi }) => {
      await Promise.all([get(client), get(client), client.v2.tokens.delete({ id: "x" })]);
      await get(client);
      expect(toIdentity).toHaveLength(1);
      expect(tokens(toApi)).toEqual(["token-1", "token-1", "token-1", "token-1"]);
    });
  });

  it("is renewed when less than five minutes remain", async () => {
    await scene({}, async ({ client, clock, toApi }) => {
      await get(client);
      clock.advance(24 * 3_600_000 - 5 * 60_000 - 1);
      await get(client);
      clock.advance(1);
      await get(client);
      expect(tokens(toApi)).toEqual(["token-1", "token-1", "token-2"]);
    });
  });

  it("lasts as long as the service says, whatever the time is here", async () => {
    const identity = (_: Seen, index: number) => issue(`token-${index + 1}`, 3_600_000, start - 7 * 24 * 3_600_000);
    await scene({ identity }, async ({ client, clock, toApi }) => {
      await get(client);
      clock.advance(54 * 60_000);
      await get(client);
      clock.advance(60_001);
      await get(client);
      expect(tokens(toApi)).toEqual(["token-1", "token-1", "token-2"]);
    });
  });

  it("of less than ten minutes is used for half of it, not renewed with each call", async () => {
    await scene({ identity: (_, index) => issue(`token-${index + 1}`, 120_000) }, async ({ client, clock, toApi }) => {
      await get(client);
      clock.advance(59_999);
      await get(client);
      clock.advance(1);
      await get(client);
      expect(tokens(toApi)).toEqual(["token-1", "token-1", "token-2"]);
    });
  });

  it("without an end in the answer lasts until it is refused", async () => {
    await scene(
      { identity: () => ({ status: 201, headers: { "x-subject-token": "t" }, text: "" }) },
      async ({ client, clock, toIdentity }) => {
        await get(client);
        clock.advance(48 * 3_600_000);
        await get(client);
        expect(toIdentity).toHaveLength(1);
      },
    );
  });
});

describe("a 401 of the API", () => {
  it("is answered with one new authentication and one more attempt", async () => {
    await scene(
      { api: ({ headers }) => (headers["x-auth-token"] === "token-1" ? { status: 401 } : { json: registry }) },
      async ({ client, toApi, toIdentity }) => {
        await expect(get(client)).resolves.toMatchObject(registry);
        expect(tokens(toApi)).toEqual(["token-1", "token-2"]);
        expect(toIdentity).toHaveLength(2);
      },
    );
  });

  it("repeats a POST, too: it was refused", async () => {
    await scene(
      { api: ({ headers }) => (headers["x-auth-token"] === "token-1" ? { status: 401 } : { status: 201, json: registry }) },
      async ({ client, toApi }) => {
        await client.v1.registries.create({ name: "one" });
        expect(toApi.map(({ body }) => body)).toEqual(['{"name":"one"}', '{"name":"one"}']);
      },
    );
  });

  it("is final the second time", async () => {
    await scene({ api: () => ({ status: 401, json: { error: "no" } }) }, async ({ client, toApi, toIdentity }) => {
      const error = await failure(get(client));
      expect(isUnauthorized(error)).toBe(true);
      expect(toApi).toHaveLength(2);
      expect(toIdentity).toHaveLength(2);
      expect(error.hint).toContain("identity service");
    });
  });

  it("to a call that went out with an older token takes no new authentication", async () => {
    let renewed = () => {};
    const settled = new Promise<void>((resolve) => {
      renewed = resolve;
    });
    const api = async ({ headers }: Seen, index: number): Promise<Reply> => {
      if (headers["x-auth-token"] !== "token-1") return { json: registry };
      if (index === 1) await settled;
      return { status: 401 };
    };
    await scene({ api }, async ({ client, toIdentity, toApi }) => {
      const [first, second] = [get(client), get(client)];
      await Promise.race([first, second]);
      renewed();
      await Promise.all([first, second]);
      expect(tokens(toApi)).toEqual(["token-1", "token-1", "token-2", "token-2"]);
      expect(toIdentity).toHaveLength(2);
    });
  });

  it("is the only reason: a 403 is final", async () => {
    await scene(
      { api: () => ({ status: 403, headers: { "www-authenticate": 'Bearer realm="x"' } }) },
      async ({ client, toApi, toIdentity }) => {
        expect(await failure(get(client))).toMatchObject({ status: 403 });
        expect([toApi.length, toIdentity.length]).toEqual([1, 1]);
      },
    );
  });

  it("to several calls at once takes one new authentication", async () => {
    const waiting: (() => void)[] = [];
    const api = async ({ headers }: Seen): Promise<Reply> => {
      if (headers["x-auth-token"] !== "token-1") return { json: registry };
      // All of them have gone out with the old token before the first is refused.
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 4) for (const go of waiting) go();
      });
      return { status: 401 };
    };
    await scene({ api }, async ({ client, toIdentity }) => {
      await Promise.all([get(client), get(client), get(client), get(client)]);
      expect(toIdentity).toHaveLength(2);
    });
  });
});

describe("a failure of the identity service", () => {
  const replies: [string, Reply, RegExp][] = [
    [
      "tells its own words and what to check",
      { status: 401, json: { error: { code: 401, title: "Unauthorized", message: "The request you have made requires authentication." } } },
      /401.*requires authentication.*Check account id/,
    ],
    ["names the status alone where the body is empty", { status: 403, text: "" }, /403/],
    [
      "that echoes the password does not show it",
      { status: 400, json: { error: { message: `bad password ${PASSWORD} for deployer` } } },
      /bad password \*\*\*/,
    ],
    ["without X-Subject-Token says so", { status: 201, json: { token: {} } }, /X-Subject-Token/],
  ];
  it.each(replies)("%s", async (_, reply, message) => {
    await scene({ identity: () => reply }, async ({ client, toApi }) => {
      const error = await failure(get(client));
      expect(error.name).toBe("RegistryError");
      expect(error.message).toMatch(message);
      expect(error.message).toContain("/identity/v3/auth/tokens");
      for (const form of [PASSWORD, encodeURIComponent(PASSWORD), JSON.stringify(PASSWORD).slice(1, -1)])
        expect(texts(error)).not.toContain(form);
      expect(toApi).toEqual([]);
    });
  });

  it("does not last: the next call authenticates anew", async () => {
    await scene({ identity: (_, index) => (index === 0 ? { status: 403 } : issue("later")) }, async ({ client, toApi }) => {
      await failure(get(client));
      await get(client);
      expect(tokens(toApi)).toEqual(["later"]);
    });
  });
});

describe("a ready-made token", () => {
  it("is sent as it is, and a 401 says what is the matter with it", async () => {
    const server = await startServer(() => ({ status: 401, json: { error: "token gAAAAAB-ready-made is no good" } }));
    const client = connectSelectel({ apiUrl: server.url, auth: { token: "gAAAAAB-ready-made" }, env: {} });
    const error = await failure(get(client));
    expect(tokens(server.seen)).toEqual(["gAAAAAB-ready-made"]);
    expect(error.message).toContain("The token is expired, revoked or not of a project");
    expect(texts(error)).not.toContain("gAAAAAB-ready-made");
    await client.close();
    await server.close();
  });

  it("is an error at once if it is empty", () => {
    expect(() => connectSelectel({ auth: { token: " " } })).toThrow("token is empty");
  });
});

describe("credentials of a service user", () => {
  it("are complete or an error that names what lacks", () => {
    expect(() => connectSelectel({ auth: { accountId: "1", username: "", password: PASSWORD } })).toThrow(
      "Selectel credentials lack username, projectId or projectName.",
    );
  });
});
