import { z } from "zod";
import type { Http, HttpAnswer, HttpRequest } from "../../provider/http";
import { api, requestOf, rows } from "../../provider/registries/call";
import { operation, rawBody } from "../../provider/registries/operation";

const Repository = z.object({ name: z.string(), tagLimit: z.number().default(0) });
const operations = {
  repositories: {
    list: operation("GET /api/v0/repositories", {
      query: { pageSize: z.number().int().optional(), pageStart: z.string().optional(), labels: z.array(z.string()).optional() },
      wire: { pageStart: "page_start" },
      read: (answer, json) => ({ items: z.array(Repository).parse(json() ?? []), next: answer.headers.get("x-next-page-start") }),
    }),
    get: operation("GET /api/v0/repositories/{namespace}/{+reponame}", { answer: Repository, errors: [403, 404] }),
    create: operation("POST /api/v0/repositories/{namespace}", {
      body: { name: z.string(), tagLimit: z.number().optional() },
      answer: Repository,
    }),
    rename: operation("PUT /api/v0/repositories/{name}", { body: { newName: z.string() }, wire: { newName: "name" } }),
    delete: operation("DELETE /api/v0/repositories/{namespace}/{reponame}"),
  },
  meta: {
    upload: operation("PUT /api/v0/scan/update", {
      query: { online: z.boolean().default(false) },
      body: rawBody,
      timeouts: { total: 900_000 },
    }),
    deleteMany: operation("DELETE /api/v0/policies", { body: z.array(z.object({ id: z.string() })) }),
    login: operation("POST /api/v0/login/{token}", {
      query: { password: z.string() },
      wire: { password: "pass_word" },
      secret: ["token", "password"],
      repeatable: true,
      expect: [404],
    }),
  },
};

/** An Http that keeps what it is asked for and answers with one body. */
function recorder(body?: unknown, headers: Readonly<Record<string, string>> = {}) {
  const sent: HttpRequest[] = [];
  const answer: HttpAnswer = {
    status: 200,
    url: "http://x/",
    headers: { get: (name) => headers[name], all: (name) => (headers[name] === undefined ? [] : [headers[name]]) },
    body: Buffer.from(body === undefined ? "" : JSON.stringify(body)),
  };
  const http: Http = {
    baseUrl: new URL("http://x"),
    send: async (request) => {
      sent.push(request);
      return answer;
    },
    json: async (request, schema) => {
      sent.push(request);
      return schema.parse(body);
    },
    stream: async () => {
      throw new Error("not used");
    },
    once: async (request, read, find) => {
      sent.push(request);
      return (await find()) ?? read(answer);
    },
    close: async () => {},
  };
  return { http, sent, api: api(operations, http) };
}

describe("a table of operations", () => {
  it("becomes a client with one method an operation", async () => {
    const { api, sent } = recorder({ name: "b", more: 1 });
    const found = await api.repositories.get({ namespace: "team", reponame: "a/b" });
    expect(found).toEqual({ name: "b", tagLimit: 0 });
    expect(sent).toEqual([
      expect.objectContaining({
        method: "GET",
        route: "/api/v0/repositories/{namespace}/{+reponame}",
        path: { namespace: "team", reponame: "a/b" },
        query: {},
      }),
    ]);
  });

  it("can be walked through, row by row", () => {
    expect(rows(operations).map(({ name, operation: { route } }) => [name, route])).toEqual([
      ["repositories.list", "GET /api/v0/repositories"],
      ["repositories.get", "GET /api/v0/repositories/{namespace}/{+reponame}"],
      ["repositories.create", "POST /api/v0/repositories/{namespace}"],
      ["repositories.rename", "PUT /api/v0/repositories/{name}"],
      ["repositories.delete", "DELETE /api/v0/repositories/{namespace}/{reponame}"],
      ["meta.upload", "PUT /api/v0/scan/update"],
      ["meta.deleteMany", "DELETE /api/v0/policies"],
      ["meta.login", "POST /api/v0/login/{token}"],
    ]);
    expect(operations.repositories.rename.places).toEqual({
      name: { part: "path", wire: "name" },
      newName: { part: "body", wire: "name" },
    });
    expect(operations.repositories.get.errors).toEqual([403, 404]);
  });

  it("refuses two parameters of one name when it is written", () => {
    expect(() => operation("PUT /things/{name}", { body: { name: z.string() } })).toThrow(
      'PUT /things/{name}: two parameters are called "name"',
    );
  });

  it("lets the compiler refuse what cannot be right", () => {
    const { api } = recorder();
    const misuse = () => {
      // @ts-expect-error a missing path parameter
      void api.repositories.get({ namespace: "x" });
      // @ts-expect-error a wrong type in the body
      void api.repositories.create({ namespace: "x", name: 1 });
      // @ts-expect-error an unknown parameter
      void api.repositories.delete({ namespace: "x", reponame: "y", force: true });
      // @ts-expect-error parameters are needed
      void api.repositories.get();
      // @ts-expect-error the answer has no such property
      void api.repositories.get({ namespace: "x", reponame: "y" }).then(({ size }) => size);
    };
    expect(misuse).toBeInstanceOf(Function);
  });
});

describe("the request of a call", () => {
  it("has each parameter in its place under its wire name", () => {
    const list = requestOf(operations.repositories.list, { pageSize: 3, pageStart: "x", labels: ["a", "b"] });
    expect(list.query).toEqual({ pageSize: 3, page_start: "x", labels: ["a", "b"] });
    const rename = requestOf(operations.repositories.rename, { name: "old", newName: "new" });
    expect([rename.path, rename.body]).toEqual([{ name: "old" }, { json: { name: "new" } }]);
  });

  it("has no body where none is declared, and an empty object where all members are left out", () => {
    expect(requestOf(operations.repositories.delete, { namespace: "a", reponame: "b" })).not.toHaveProperty("body");
    expect(requestOf(operation("POST /x", { body: { a: z.string().optional() } }), { a: undefined }).body).toEqual({ json: {} });
  });

  it("has a whole JSON value or raw bytes as body where the operation says so", () => {
    expect(requestOf(operations.meta.deleteMany, { body: [{ id: "1" }] }).body).toEqual({ json: [{ id: "1" }] });
    const bytes = { bytes: new Uint8Array([1]), type: "application/x-tar" };
    const upload = requestOf(operations.meta.upload, { body: bytes });
    expect([upload.body, upload.query]).toEqual([bytes, { online: false }]);
  });

  it("leaves out what is undefined", () => {
    expect(requestOf(operations.repositories.list, { pageSize: undefined }).query).toEqual({});
  });

  it.each([
    ["GET", true],
    ["HEAD", true],
    ["PUT", true],
    ["DELETE", true],
    ["POST", false],
    ["PATCH", false],
  ] as const)("with %s may be repeated: %s", (method, repeatable) => {
    expect(requestOf(operation(`${method} /x`), {}).repeatable).toBe(repeatable);
    expect(requestOf(operation(`${method} /x`, { repeatable: !repeatable }), {}).repeatable).toBe(!repeatable);
  });

  it("may be repeated or not by what it is given", () => {
    const cleanup = operation("POST /x", {
      body: { tags: z.array(z.string()) },
      repeatable: ({ tags }) => Array.isArray(tags) && tags.length === 0,
    });
    expect(requestOf(cleanup, { tags: [] }).repeatable).toBe(true);
    expect(requestOf(cleanup, { tags: ["a"] }).repeatable).toBe(false);
  });

  it("carries what the operation says about time, secrets and statuses, and the call's own signal and time over it", () => {
    const { signal } = new AbortController();
    const login = requestOf(operations.meta.login, { token: "t", password: "p" }, { signal, timeouts: { headers: 1 } });
    expect(login).toMatchObject({
      secretParameters: ["token", "pass_word"],
      expect: [404],
      repeatable: true,
      signal,
      timeouts: { headers: 1 },
    });
    expect(requestOf(operations.meta.upload, { body: { json: 1 } }, { timeouts: { headers: 1 } }).timeouts).toEqual({
      total: 900_000,
      headers: 1,
    });
  });

  const wrong: [string, object, string][] = [
    ["nothing at all", {}, "namespace: must be a string; reponame: must be a string"],
    ["an empty segment", { namespace: "", reponame: "b" }, "namespace: must not be empty"],
    ["something unknown", { namespace: "a", reponame: "b", force: true }, "force"],
  ];
  it.each(wrong)("with %s is refused before it is sent", async (_, parameters, problem) => {
    const { api, sent } = recorder({ name: "x" });
    await expect(api.repositories.get(parameters as never)).rejects.toMatchObject({
      name: "RegistryError",
      kind: "request",
      fate: "not-sent",
      route: "/api/v0/repositories/{namespace}/{+reponame}",
      message: expect.stringContaining(problem),
    });
    expect(sent).toEqual([]);
  });

  it("that is refused shows no value", async () => {
    const secret = "hunter2-hunter2";
    const { api } = recorder();
    await expect(api.meta.login({ token: secret, password: { secret } } as never)).rejects.toMatchObject({
      message: expect.not.stringContaining(secret),
    });
    const choice = operation("POST /x", { body: { mode: z.enum(["a", "b"]), at: z.iso.datetime(), n: z.number().max(3) } });
    for (const value of [secret, { [secret]: 1 }]) {
      expect(() => requestOf(choice, { mode: value, at: value, n: value })).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(secret) }),
      );
    }
  });

  it("obeys rules across its parameters", () => {
    const either = operation("POST /x", {
      body: { a: z.string().optional(), b: z.string().optional() },
      rule: ({ a, b }) => (a || b ? undefined : "give a or b"),
    });
    expect(() => requestOf(either, {})).toThrow("POST /x: give a or b");
    expect(requestOf(either, { b: "1" }).body).toEqual({ json: { b: "1" } });
  });
});

describe("the answer of a call", () => {
  it("may be read from headers and body together", async () => {
    const { api } = recorder([{ name: "a" }], { "x-next-page-start": "b" });
    expect(await api.repositories.list()).toEqual({ items: [{ name: "a", tagLimit: 0 }], next: "b" });
  });

  it("may be empty for whoever reads it", async () => {
    expect(await recorder().api.repositories.list()).toEqual({ items: [], next: undefined });
  });

  it("is not looked at where nothing is declared", async () => {
    expect(await recorder("anything").api.repositories.delete({ namespace: "a", reponame: "b" })).toBeUndefined();
  });

  it("that is lost is looked for where the caller says how", async () => {
    const { api, sent } = recorder({ name: "answered" });
    const create = { namespace: "a", name: "b" };
    expect(await api.repositories.create(create, { find: async () => ({ name: "found", tagLimit: 1 }) })).toEqual({
      name: "found",
      tagLimit: 1,
    });
    expect(await api.repositories.create(create, { find: async () => undefined })).toEqual({ name: "answered", tagLimit: 0 });
    expect(sent).toHaveLength(2);
  });
});
