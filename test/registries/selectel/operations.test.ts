import { rows } from "../../../provider/registries/call";
import { isConflict, isNotFound, operations, RegistryError, type SelectelClient } from "../../../provider/registries/selectel";
import { connected } from "./connected";
import type { Reply } from "./scripted-server";

const R1 = "9f3b5b5e-1b5a-4b5c-9b5a-5b5c1b5a4b5c";
const R2 = "fc43e322-b084-4b3c-a04a-1ab2a28cd860";
const TK = "CRgAAAAAWiMnwN63eyASwQk8a3DBPRPirT9fWQTx";
const TID = "c29e3f63-0711-4772-a415-ad79973bdaef";
const D0 = "sha256:0c2777301ee83e106586099533312b684b3782760d59d303865b64b90330a3e4";
const REPOSITORY = { id: R1, name: "a/b/c" };

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}

const registry = {
  id: R1,
  name: "test-registry",
  createdAt: "2022-10-25T10:25:22.556Z",
  status: "CREATING",
  size: 0,
  sizeLimit: 21474836480,
  used: 0,
};
const summary = { id: R1, name: "test-registry", createdAt: "2022-10-25T10:25:22.556Z", status: "ACTIVE", size: 5368709120 };
const repository = { name: "a/b/c", size: 53620078, updatedAt: "2022-09-22T10:15:40.362702Z" };
const chart = { ...repository, type: "helm_chart" };
const image = {
  digest: "sha256:a76df3b4f1478766631c794de7ff466aca466f995fd5bb216bb9643a3dd2a6bb",
  createdAt: "2022-05-17T22:37:17.011072851Z",
  size: 56718266,
  tags: ["latest"],
  layers: [
    { digest: "sha256:aaa", size: 31379476 },
    { digest: "sha256:bbb", size: 25338790 },
  ],
};
const layers = [2814559, 667045, 27429525, 369].map((size, index) => ({ digest: `sha256:${index}`, size }));
const simpleToken = { expireAt: 1666644533, expireIn: 43200, token: TK };
const scope = {
  modeRW: true,
  allRegistries: false,
  registryIds: ["888af692-c646-4b76-a234-81ca9b5bcafe", "6303699d-c2cd-40b1-8428-9dcd6cc3d00d"],
};
const expiration = { isSet: true, expiresAt: "2030-01-01T00:00:00Z" } as const;
const token = {
  id: TID,
  name: "my-token",
  createdAt: "2023-02-13T15:00:00Z",
  lastUsedAt: "2023-02-14T15:25:10Z",
  expiration,
  scope,
  status: "active",
};

interface Row {
  /** The name in the table of operations. */
  readonly name: string;
  readonly call: (client: SelectelClient) => Promise<unknown>;
  /** Method and raw URL below `/api`. */
  readonly sent: string;
  readonly body?: unknown;
  readonly reply: Reply;
  readonly gives: unknown;
  /** Documented error statuses. */
  readonly errors: readonly number[];
}

/** The endpoint table of the reference with the fixtures of the vendor's documentation and of public clients. */
const table: readonly Row[] = [
  {
    name: "v1.registries.list",
    call: (client) => all(client.v1.registries.list({ search: "test", sortField: "createdAt", sortType: "desc" })),
    sent: "GET /v1/registries?limit=100&search=test&sort_field=createdAt&sort_type=desc",
    reply: { status: 204 },
    gives: [],
    errors: [500],
  },
  {
    name: "v1.registries.create",
    call: (client) => client.v1.registries.create({ name: "test-registry" }),
    sent: "POST /v1/registries",
    body: { name: "test-registry" },
    reply: { status: 201, json: registry },
    gives: registry,
    errors: [400, 409, 500],
  },
  {
    name: "v1.registries.get",
    call: (client) => client.v1.registries.get({ id: R1 }),
    sent: `GET /v1/registries/${R1}`,
    reply: { json: registry },
    gives: registry,
    errors: [404, 500],
  },
  {
    name: "v1.registries.delete",
    call: (client) => client.v1.registries.delete({ id: R1 }),
    sent: `DELETE /v1/registries/${R1}`,
    reply: { status: 204 },
    gives: undefined,
    errors: [404, 500],
  },
  {
    name: "v1.registries.clusters",
    call: (client) => client.v1.registries.clusters({ id: R1 }),
    sent: `GET /v1/registries/${R1}/clusters`,
    reply: { json: { clusters: [{ id: "5d8504c1-bb11-43d2-88a8-bb07303422b3", name: "cluster-1", pool: "ru-9" }], totalCount: 1 } },
    gives: [{ id: "5d8504c1-bb11-43d2-88a8-bb07303422b3", name: "cluster-1", pool: "ru-9" }],
    errors: [404, 500],
  },
  {
    name: "v1.garbageCollection.start",
    call: (client) => client.v1.garbageCollection.start({ id: R2, deleteUntagged: true }),
    sent: `POST /v1/registries/${R2}/garbage-collection?delete-untagged=true`,
    reply: { status: 201 },
    gives: { started: true },
    errors: [404, 409, 500],
  },
  {
    name: "v1.garbageCollection.size",
    call: (client) => client.v1.garbageCollection.size({ id: R2 }),
    sent: `GET /v1/registries/${R2}/garbage-collection/size`,
    reply: { json: { sizeNonReferenced: 56723502, sizeUntagged: 30915818, sizeSummary: 87639320 } },
    gives: { sizeNonReferenced: 56723502, sizeUntagged: 30915818, sizeSummary: 87639320 },
    errors: [404, 500],
  },
  {
    name: "v1.repositories.list",
    call: (client) => all(client.v1.repositories.list({ id: R1, search: "a", sortField: "updatedAt", sortType: "asc", short: false })),
    sent: `GET /v1/registries/${R1}/repositories?limit=100&search=a&sort_field=updatedAt&sort_type=asc&short=false`,
    reply: { status: 204 },
    gives: [],
    errors: [404, 500],
  },
  {
    name: "v1.repositories.get",
    call: (client) => client.v1.repositories.get(REPOSITORY),
    sent: `GET /v1/registries/${R1}/repositories/a%2Fb%2Fc`,
    reply: { json: repository },
    gives: repository,
    errors: [404, 500],
  },
  {
    name: "v1.repositories.delete",
    call: (client) => client.v1.repositories.delete(REPOSITORY),
    sent: `DELETE /v1/registries/${R1}/repositories/a%2Fb%2Fc`,
    reply: { status: 204 },
    gives: undefined,
    errors: [404, 409, 500],
  },
  {
    name: "v1.repositories.cleanup",
    call: (client) =>
      client.v1.repositories.cleanup({ ...REPOSITORY, digests: ["sha256:abc123"], tags: ["v1.0", "latest"], disableGc: false }),
    sent: `POST /v1/registries/${R1}/repositories/a%2Fb%2Fc/cleanup`,
    body: { digests: ["sha256:abc123"], tags: ["v1.0", "latest"], disable_gc: false },
    reply: {
      json: {
        deleted: [{ digest: "sha256:abc123", tags: ["v1.0", "latest"] }],
        failed: [{ digest: "sha256:def456", error: "Image is referenced by another manifest", tags: ["tag1", "tag2"] }],
      },
    },
    gives: {
      deleted: [{ digest: "sha256:abc123", tags: ["v1.0", "latest"] }],
      failed: [{ digest: "sha256:def456", error: "Image is referenced by another manifest", tags: ["tag1", "tag2"] }],
    },
    errors: [404, 409, 500],
  },
  {
    name: "v1.images.list",
    call: (client) => all(client.v1.images.list(REPOSITORY)),
    sent: `GET /v1/registries/${R1}/repositories/a%2Fb%2Fc/images?limit=100`,
    reply: { json: null },
    gives: [],
    errors: [404, 500],
  },
  {
    name: "v1.images.tags",
    call: (client) => all(client.v1.images.tags(REPOSITORY)),
    sent: `GET /v1/registries/${R1}/repositories/a%2Fb%2Fc/tags?limit=100`,
    reply: { json: [] },
    gives: [],
    errors: [404, 500],
  },
  {
    name: "v1.images.layers",
    call: (client) => client.v1.images.layers({ ...REPOSITORY, reference: D0 }),
    sent: `GET /v1/registries/${R1}/repositories/a%2Fb%2Fc/${D0}`,
    reply: { json: layers },
    gives: { layers, references: [] },
    errors: [404, 500],
  },
  {
    name: "v1.images.delete",
    call: (client) => client.v1.images.delete({ ...REPOSITORY, digest: D0 }),
    sent: `DELETE /v1/registries/${R1}/repositories/a%2Fb%2Fc/${D0}`,
    reply: { status: 204 },
    gives: undefined,
    errors: [404, 409, 500],
  },
  {
    name: "v1.tokens.create",
    call: (client) => client.v1.tokens.create({ ttl: "12h" }),
    sent: "POST /v1/token?ttl=12h",
    reply: { status: 201, json: simpleToken },
    gives: simpleToken,
    errors: [400, 500],
  },
  {
    name: "v1.tokens.get",
    call: (client) => client.v1.tokens.get({ token: TK }),
    sent: `GET /v1/token/${TK}`,
    reply: { json: { expireAt: 1666644533, expireIn: 43200 } },
    gives: simpleToken,
    errors: [404],
  },
  {
    name: "v1.tokens.revoke",
    call: (client) => client.v1.tokens.revoke({ token: TK }),
    sent: `DELETE /v1/token/${TK}`,
    reply: { status: 204 },
    gives: undefined,
    errors: [400, 500],
  },
  {
    name: "v1.tokens.refresh",
    call: (client) => client.v1.tokens.refresh({ token: TK }),
    sent: `POST /v1/token/${TK}/refresh`,
    reply: { json: { ...simpleToken, expireAt: 1666649999 } },
    gives: { ...simpleToken, expireAt: 1666649999 },
    errors: [400, 404, 500],
  },
  {
    name: "v2.registries.list",
    call: (client) => all(client.v2.registries.list()),
    sent: "GET /v2/registries?limit=100",
    reply: { json: { registries: [summary], totalCount: 1 } },
    gives: [summary],
    errors: [500],
  },
  {
    name: "v2.repositories.list",
    call: (client) => all(client.v2.repositories.list({ id: R1, search: "c" })),
    sent: `GET /v2/registries/${R1}/repositories?limit=100&search=c`,
    reply: { json: { repositories: [chart], filteredCount: 1, totalCount: 7 } },
    gives: [chart],
    errors: [404, 500],
  },
  {
    name: "v2.images.list",
    call: (client) => all(client.v2.images.list({ ...REPOSITORY, search: "x" })),
    sent: `GET /v2/registries/${R1}/repositories/a%2Fb%2Fc/images?limit=100&search=x`,
    reply: { json: { images: [{ ...image, mediaType: "m", os: "linux", architecture: "arm64" }], filteredCount: 1, totalCount: 1 } },
    gives: [{ ...image, mediaType: "m", os: "linux", architecture: "arm64" }],
    errors: [404, 500],
  },
  {
    name: "v2.tokens.list",
    call: (client) => all(client.v2.tokens.list({ search: "tags", sortField: "name", sortType: "asc", scopeMode: "rw" })),
    sent: "GET /v2/tokens?limit=100&search=tags&sort_field=name&sort_type=asc&scope_mode=rw",
    reply: { json: { tokens: [token, { ...token, id: "2" }], totalCount: 2 } },
    gives: [token, { ...token, id: "2" }],
    errors: [500],
  },
  {
    name: "v2.tokens.create",
    call: (client) => client.v2.tokens.create({ name: "my-token", expiration, scope }),
    sent: "POST /v2/tokens",
    body: { name: "my-token", expiration, scope },
    reply: { status: 201, json: { ...token, lastUsedAt: undefined, token: TK } },
    gives: { ...token, lastUsedAt: undefined, token: TK },
    errors: [400, 500],
  },
  {
    name: "v2.tokens.get",
    call: (client) => client.v2.tokens.get({ id: TID }),
    sent: `GET /v2/tokens/${TID}`,
    reply: { json: token },
    gives: token,
    errors: [404, 500],
  },
  {
    name: "v2.tokens.update",
    call: (client) => client.v2.tokens.update({ id: TID, name: "my-new-token", scope: { ...scope, registryIds: ["888af692"] } }),
    sent: `PATCH /v2/tokens/${TID}`,
    body: { name: "my-new-token", scope: { ...scope, registryIds: ["888af692"] } },
    reply: { json: { ...token, name: "my-new-token" } },
    gives: { ...token, name: "my-new-token" },
    errors: [404, 500],
  },
  {
    name: "v2.tokens.refresh",
    call: (client) => client.v2.tokens.refresh({ id: TID, expiration: { isSet: true, expiresAt: "2029-03-20T00:00:00Z" } }),
    sent: `POST /v2/tokens/${TID}/refresh`,
    body: { expiration: { isSet: true, expiresAt: "2029-03-20T00:00:00Z" } },
    reply: { json: token },
    gives: token,
    errors: [404, 500],
  },
  {
    name: "v2.tokens.regenerate",
    call: (client) => client.v2.tokens.regenerate({ id: TID, expiration: { isSet: false } }),
    sent: `POST /v2/tokens/${TID}/regenerate`,
    body: { expiration: { isSet: false } },
    reply: { json: { ...token, expiration: { isSet: false, expiresAt: "0001-01-01T00:00:00Z" }, token: "<new-token>" } },
    gives: { ...token, expiration: { isSet: false }, token: "<new-token>" },
    errors: [404, 500],
  },
  {
    name: "v2.tokens.revoke",
    call: (client) => client.v2.tokens.revoke({ id: TID }),
    sent: `POST /v2/tokens/${TID}/revoke`,
    reply: { status: 204 },
    gives: undefined,
    errors: [404, 500],
  },
  {
    name: "v2.tokens.delete",
    call: (client) => client.v2.tokens.delete({ id: TID }),
    sent: `DELETE /v2/tokens/${TID}`,
    reply: { status: 204, text: "" },
    gives: undefined,
    errors: [404, 500],
  },
];

describe("every operation of the API description", () => {
  it("is in the table, 30 of them", () => {
    expect(rows(operations).map(({ name }) => name)).toEqual(table.map(({ name }) => name));
    expect(table).toHaveLength(30);
  });

  it.each(table)("$name sends what the API describes and gives what it answers", async ({ call, sent, body, reply, gives }) => {
    await connected(
      () => reply,
      async ({ client, server }) => {
        expect(await call(client)).toEqual(gives);
        expect(server.lines()).toEqual([sent.replace(" ", " /api")]);
        const [request] = server.seen;
        expect(request?.headers["x-auth-token"]).toBe("test-token");
        expect(request?.body === "" ? undefined : JSON.parse(String(request?.body))).toEqual(body);
        expect(request?.headers["content-type"]).toBe(body === undefined ? undefined : "application/json");
      },
    );
  });

  it.each(table)("$name takes any 2xx for success", async ({ call, reply, gives }) => {
    // An answer without a body where one is needed stays an error; the others are lists and deletions.
    const empty = reply.json === undefined || reply.json === null;
    for (const status of [200, 201, 202, ...(empty ? [204] : [])]) {
      await connected(
        () => ({ ...reply, status }),
        async ({ client }) => expect(await call(client)).toEqual(gives),
      );
    }
  });

  it.each(table)("$name tells its documented errors", async ({ call, errors, name }) => {
    const row = rows(operations).find((one) => one.name === name);
    expect(row?.operation.errors).toEqual(errors);
    for (const status of errors) {
      await connected(
        () => ({ status, json: { error: `No luck, ${status}.` } }),
        async ({ client }) => {
          const error = await failure(call(client));
          expect(error).toMatchObject({ status, serverMessage: `No luck, ${status}.`, route: row?.operation.template });
          expect(isNotFound(error)).toBe(status === 404);
          expect(isConflict(error)).toBe(status === 409);
          expect(texts(error)).not.toContain("test-token");
          expect(texts(error)).not.toContain(TK);
        },
        { retry: { attempts: 1 } },
      );
    }
  });

  const addressed = table.filter(({ sent }) => /registries\/|token\/|tokens\//.test(sent));
  it.each(addressed)("$name is refused, and not sent, with an empty id, name or token", async ({ name }) => {
    const row = rows(operations).find((one) => one.name === name);
    const [api, group, method] = name.split(".");
    const text = Object.entries(row?.operation.places ?? {}).filter(([, { part }]) => part === "path");
    expect(text.length).toBeGreaterThan(0);
    await connected(
      () => ({}),
      async ({ client, server }) => {
        // The tree is walked by names, which the compiler cannot follow.
        const methods = (client as unknown as Record<string, Record<string, Record<string, (parameters: object) => unknown>>>)[
          String(api)
        ]?.[String(group)];
        const result = methods?.[String(method)]?.(Object.fromEntries(text.map(([parameter]) => [parameter, ""])));
        const error = await failure(isIterable(result) ? all(result) : (result as Promise<unknown>));
        expect(error).toMatchObject({ kind: "request", fate: "not-sent" });
        for (const [parameter] of text) expect(error.message).toContain(`${parameter}: must not be empty`);
        expect(server.seen).toEqual([]);
      },
    );
  });
});

describe("deadlines", () => {
  it("leave the slow operations five minutes to answer, the others what the HTTP client gives all", () => {
    const patient = rows(operations).filter(({ operation }) => (operation.timeouts.headers ?? 0) >= 300_000);
    expect(patient.map(({ name }) => name)).toEqual([
      "v1.garbageCollection.start",
      "v1.garbageCollection.size",
      "v1.repositories.delete",
      "v1.repositories.cleanup",
    ]);
    for (const { operation } of patient) expect(operation.timeouts.total).toBeGreaterThan(300_000);
  });
});

describe("error bodies", () => {
  it.each([
    ["a text", { json: { error: "Registry not found." } }, { serverMessage: "Registry not found." }],
    [
      "an object",
      { json: { error: { id: "9fb12d6e-0da2-4db1-a076-414059cfb448", message: "Registry not found" } } },
      { serverMessage: "Registry not found", code: "9fb12d6e-0da2-4db1-a076-414059cfb448" },
    ],
    [
      "a message",
      { json: { message: "Server is not responding. Please try again later." } },
      { serverMessage: "Server is not responding. Please try again later." },
    ],
    ["nothing", { text: "" }, { message: expect.stringContaining("404 Not Found") }],
    ["broken JSON", { text: "{" }, { serverMessage: "{" }],
    ["HTML", { text: "<html><head><title>404 Not Found</title></head></html>" }, { serverMessage: expect.stringContaining("HTML") }],
  ])("may be %s", async (_, reply, expected) => {
    await connected(
      () => ({ ...reply, status: 404 }),
      async ({ client }) => expect(await failure(client.v1.registries.get({ id: R1 }))).toMatchObject({ status: 404, ...expected }),
    );
  });
});

describe("answers are read with tolerance", () => {
  const get = async (json: unknown, run: (client: SelectelClient) => Promise<unknown>) => {
    let result: unknown;
    await connected(
      () => ({ json }),
      async ({ client }) => {
        result = await run(client);
      },
    );
    return result;
  };

  it("surfaces a status that nobody knows as UNKNOWN, with its text", async () => {
    const found = await get({ ...registry, status: "UNEXPECTED" }, (client) => client.v1.registries.get({ id: R1 }));
    expect(found).toMatchObject({ status: "UNKNOWN", reportedStatus: "UNEXPECTED" });
  });

  it("drops unknown members and takes null for absent", async () => {
    const found = await get({ ...registry, used: null, sizeLimit: null, more: 1 }, (client) => client.v1.registries.get({ id: R1 }));
    expect(found).toEqual({ ...registry, used: undefined, sizeLimit: undefined });
  });

  it("takes null tags and layers of an image for none", async () => {
    const found = await get({ images: [{ ...image, tags: null, layers: null }], totalCount: 1 }, (client) =>
      all(client.v2.images.list(REPOSITORY)),
    );
    expect(found).toEqual([{ ...image, tags: [], layers: [] }]);
  });

  it("reads a short list of bare names", async () => {
    const found = await get({ repositories: ["a", { name: "b" }], totalCount: 2 }, (client) =>
      all(client.v2.repositories.list({ id: R1, short: true })),
    );
    expect(found).toEqual([{ name: "a" }, { name: "b" }]);
  });

  it("shows no secret of a token but in create and regenerate", async () => {
    const found = await get({ ...token, token: TK }, (client) => client.v2.tokens.get({ id: TID }));
    expect(found).toEqual(token);
  });

  it("calls an answer without the secret of a new token an error", async () => {
    const error = await failure(get(token, (client) => client.v2.tokens.create({ expiration, scope })));
    expect(error.kind).toBe("answer");
  });

  it("calls a Docker configuration for which nobody asked an error", async () => {
    const error = await failure(
      get({ auths: { "cr.selcloud.ru": { auth: "eA==" } } }, (client) => client.v1.tokens.create({ ttl: "12h" })),
    );
    expect(error).toMatchObject({ kind: "answer", route: "/token" });
  });

  it("gives a Docker configuration whichever form the service answers in", async () => {
    const auth = Buffer.from(`token:${TK}`).toString("base64");
    const asked = (client: SelectelClient) => client.v2.tokens.create({ expiration, scope, dockerConfig: true });
    expect(await get({ auths: { "cr.selcloud.ru": { auth } } }, asked)).toEqual({ auths: { "cr.selcloud.ru": { auth } } });
    const built = (await get({ ...token, token: TK }, asked)) as { auths: Record<string, unknown> };
    expect(Object.entries(built.auths)).toEqual([[expect.stringMatching(/^127\.0\.0\.1:\d+$/), { auth }]]);
  });
});

describe("what goes out is exact", () => {
  const cases: [string, (client: SelectelClient) => Promise<unknown>, string][] = [
    [
      "garbage-collection without deleteUntagged has no query",
      (client) => client.v1.garbageCollection.start({ id: R1 }),
      `POST /api/v1/registries/${R1}/garbage-collection`,
    ],
    [
      "nor with false",
      (client) => client.v1.garbageCollection.start({ id: R1, deleteUntagged: false }),
      `POST /api/v1/registries/${R1}/garbage-collection`,
    ],
    [
      "an id with a slash is one segment",
      (client) => client.v1.registries.delete({ id: "reg/dangerous" }),
      "DELETE /api/v1/registries/reg%2Fdangerous",
    ],
    [
      "a tag is a reference, too",
      (client) => client.v1.images.layers({ id: "r", name: "x/y", reference: "v1.0_x" }),
      "GET /api/v1/registries/r/repositories/x%2Fy/v1.0_x",
    ],
    [
      "docker-config false is sent when it is asked for",
      (client) => client.v2.tokens.create({ expiration, scope, dockerConfig: false }),
      "POST /api/v2/tokens?docker-config=false",
    ],
  ];
  it.each(cases)("%s", async (_, call, line) => {
    await connected(
      () => ({ json: { ...token, token: TK } }),
      async ({ client, server }) => {
        await call(client);
        expect(server.lines()).toEqual([line]);
      },
    );
  });

  it("accepts manifest lists where layers are asked for, since the service hides them otherwise", async () => {
    await connected(
      () => ({ json: [] }),
      async ({ client, server }) => {
        await client.v1.images.layers({ id: "r", name: "x", reference: "v1" });
        expect(server.seen[0]?.headers.accept).toContain("application/vnd.docker.distribution.manifest.list.v2+json");
      },
    );
  });

  it("sends allRegistries without registryIds", async () => {
    await connected(
      () => ({ json: { ...token, token: TK } }),
      async ({ client, server }) => {
        await client.v2.tokens.create({ expiration: { isSet: false }, scope: { modeRW: false, allRegistries: true, registryIds: [] } });
        expect(JSON.parse(String(server.seen[0]?.body))).toEqual({
          expiration: { isSet: false },
          scope: { modeRW: false, allRegistries: true },
        });
      },
    );
  });

  it("asks for clusters under another path where that is the service's", async () => {
    await connected(
      () => ({ json: { clusters: null } }),
      async ({ client, server }) => {
        expect(await client.v1.registries.clusters({ id: "r" })).toEqual([]);
        expect(server.lines()).toEqual(["GET /api/v1/registries/r/integrations/k8s"]);
      },
      { clustersPath: "integrations/k8s" },
    );
  });
});

describe("what cannot be right is not sent", () => {
  const wrong: [string, (client: SelectelClient) => Promise<unknown>, string][] = [
    ["an empty registry name", (client) => client.v1.registries.create({ name: "" }), "name: must not be empty"],
    ["a ttl of a day", (client) => client.v1.tokens.create({ ttl: "1d" as "12h" }), "ttl: must be 12h or 1y"],
    [
      "all registries and some",
      (client) => client.v2.tokens.create({ expiration, scope: { ...scope, allRegistries: true } }),
      "allRegistries and registryIds exclude each other",
    ],
    [
      "an end that is no time",
      (client) => client.v2.tokens.create({ expiration: { isSet: true, expiresAt: "tomorrow" }, scope }),
      "expiration.expiresAt: must be an RFC 3339 time",
    ],
    [
      "an end on the 30th of February",
      (client) => client.v2.tokens.refresh({ id: "x", expiration: { isSet: true, expiresAt: "2030-02-30T00:00:00Z" } }),
      "must be an RFC 3339 time",
    ],
    [
      "an end that is set and missing",
      (client) => client.v2.tokens.refresh({ id: "x", expiration: { isSet: true } as never }),
      "expiration.expiresAt",
    ],
    ["a deletion by tag", (client) => client.v1.images.delete({ ...REPOSITORY, digest: "latest" }), "digest: must be a digest"],
    [
      "a tag called tags",
      (client) => client.v1.images.layers({ ...REPOSITORY, reference: "tags" }),
      'reference: must be a digest: the API takes a tag called "tags"',
    ],
    ["a path as id", (client) => client.v1.registries.delete({ id: ".." }), '".." segment'],
    ["an empty cleanup", (client) => client.v1.repositories.cleanup({ ...REPOSITORY, digests: [], tags: [] }), "nothing to delete"],
    ["an empty update", (client) => client.v2.tokens.update({ id: "x" }), "nothing to change"],
    ["a parameter that is not known", (client) => client.v1.registries.get({ id: "x", force: true } as never), "force"],
  ];
  it.each(wrong)("%s", async (_, call, text) => {
    await connected(
      () => ({}),
      async ({ client, server }) => {
        const error = await failure(call(client));
        expect(error).toMatchObject({ kind: "request", fate: "not-sent" });
        expect(error.message).toContain(text);
        expect(server.seen).toEqual([]);
      },
    );
  });
});

describe("an answer that is lost", () => {
  const repeated: [string, number, (client: SelectelClient) => Promise<unknown>][] = [
    ["registries.create", 1, (client) => client.v1.registries.create({ name: "x" })],
    ["garbageCollection.start", 1, (client) => client.v1.garbageCollection.start({ id: "x" })],
    ["cleanup of tags", 1, (client) => client.v1.repositories.cleanup({ ...REPOSITORY, digests: ["sha256:a"], tags: ["v1"] })],
    ["cleanup of digests", 2, (client) => client.v1.repositories.cleanup({ ...REPOSITORY, digests: ["sha256:a"] })],
    ["simple tokens.create", 1, (client) => client.v1.tokens.create({ ttl: "1y" })],
    ["tokens.create", 1, (client) => client.v2.tokens.create({ expiration, scope })],
    ["tokens.update", 2, (client) => client.v2.tokens.update({ id: "x", name: "y" })],
    ["tokens.refresh", 2, (client) => client.v2.tokens.refresh({ id: "x", expiration })],
    ["tokens.regenerate", 2, (client) => client.v2.tokens.regenerate({ id: "x", expiration })],
    ["tokens.revoke", 2, (client) => client.v2.tokens.revoke({ id: "x" })],
    ["images.delete", 2, (client) => client.v1.images.delete({ ...REPOSITORY, digest: D0 })],
  ];
  it.each(repeated)("of %s means %d requests", async (_, requests, call) => {
    await connected(
      (_request, index) => (index === 0 ? { reset: true } : { json: { ...token, token: TK, deleted: [], failed: [] } }),
      async ({ client, server }) => {
        const result = await call(client).then(
          () => undefined,
          (error: unknown) => error,
        );
        expect(server.seen).toHaveLength(requests);
        expect(new Set(server.seen.map(({ body }) => body)).size).toBe(1);
        if (requests === 1) expect(result).toMatchObject({ fate: "unknown" });
        else expect(result).toBeUndefined();
      },
    );
  });
});

describe("an answer that cannot be read", () => {
  const garbled: Reply = { text: '{"id":' };

  it("is asked for again where that changes nothing", async () => {
    await connected(
      (_, index) => (index === 0 ? garbled : { json: registry }),
      async ({ client, server }) => {
        await expect(client.v1.registries.get({ id: R1 })).resolves.toEqual(registry);
        expect(server.seen).toHaveLength(2);
      },
    );
  });

  it("to a creation is one error", async () => {
    await connected(
      () => garbled,
      async ({ client, server }) => {
        expect(await failure(client.v1.registries.create({ name: "x" }))).toMatchObject({ kind: "answer" });
        expect(server.seen).toHaveLength(1);
      },
    );
  });
});

describe("signals", () => {
  it("end a call", async () => {
    const controller = new AbortController();
    await connected(
      () => {
        controller.abort();
        return { json: registry };
      },
      async ({ client }) =>
        expect(await failure(client.v1.registries.get({ id: R1 }, { signal: controller.signal }))).toMatchObject({ kind: "aborted" }),
    );
  });
});

async function failure(promise: Promise<unknown>): Promise<RegistryError> {
  const error = await promise.then(
    () => {
      throw new Error("it succeeded");
    },
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RegistryError);
  return error as RegistryError; // just checked
}

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

/** Everything that a log may make of an error. */
const texts = (error: Error) => [error.message, error.stack, JSON.stringify(error), String(error.cause)].join("\n");
