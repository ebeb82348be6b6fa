import { z } from "zod";
import { HttpClient } from "../../provider/http";
import { cleanUp, client, failure, opened } from "./client";
import { json, serve, serveRaw, text } from "./server";

afterEach(cleanUp);

describe("a request", () => {
  it("goes to the expanded route below the base path, with query and user agent", async () => {
    const server = await opened(serve(json({ ok: true })));
    const http = client(`${server.url}/api/v1/`);
    await http.send({
      method: "GET",
      route: "/registries/{id}/{name}",
      path: { id: "1", name: "a/b" },
      query: { limit: 10, search: undefined, tag: ["x", "y z"] },
    });
    expect(server.received[0]).toMatchObject({ method: "GET", url: "/api/v1/registries/1/a%2Fb?limit=10&tag=x&tag=y%20z" });
    expect(server.received[0]?.headers["user-agent"]).toMatch(/^registry-as-code\/\d+\.\d+\.\d+/);
    expect(http.baseUrl.href).toBe(`${server.url}/api/v1`);
  });

  it.each([
    ["json", { json: { a: [1] } }, "application/json", '{"a":[1]}'],
    ["form", { form: { scope: "a b", "x&": "=" } }, "application/x-www-form-urlencoded", "scope=a+b&x%26=%3D"],
    ["bytes", { bytes: Buffer.from("abc"), type: "text/plain" }, "text/plain", "abc"],
  ])("sends a %s body with its type and length", async (_kind, body, type, sent) => {
    const server = await opened(serve(json({})));
    await client(server).send({ method: "PUT", route: "/x", body });
    expect(server.received[0]?.headers).toMatchObject({ "content-type": type, "content-length": String(sent.length) });
    expect(server.received[0]?.body).toBe(sent);
  });

  it("sends a stream anew with each attempt", async () => {
    const server = await opened(serve(text("", 503), json({})));
    let opens = 0;
    async function* stream() {
      opens++;
      yield Buffer.from("hello ");
      yield Buffer.from("world");
    }
    await client(server).send({ method: "PUT", route: "/x", body: { stream, type: "application/octet-stream", length: 11 } });
    expect(opens).toBe(2);
    expect(server.received.map(({ body, headers }) => [body, headers["content-length"]])).toEqual([
      ["hello world", "11"],
      ["hello world", "11"],
    ]);
  });

  it("lets go of the source of a body that the server did not wait for", async () => {
    const server = await opened(
      serveRaw((socket) => socket.once("data", () => socket.write("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"))),
    );
    let closed = false;
    async function* stream() {
      try {
        for (;;) {
          yield Buffer.alloc(10_000);
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        closed = true;
      }
    }
    const error = await failure(client(server).send({ method: "PUT", route: "/x", body: { stream, type: "application/octet-stream" } }));
    expect(error).toMatchObject({ status: 413, attempts: 1 });
    for (let turn = 0; turn < 100 && !closed; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(true);
  });

  it("names the source of a body that fails, and does not try again", async () => {
    const server = await opened(serve(json({})));
    async function* stream(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("hello ");
      throw new Error("disk on fire");
    }
    const error = await failure(client(server).send({ method: "PUT", route: "/x", body: { stream, type: "application/octet-stream" } }));
    expect(error).toMatchObject({ kind: "request", attempts: 1 });
    expect(error.message).toContain("the body of the request could not be read");
    expect((error.cause as Error).message).toBe("disk on fire");
  });

  it("follows a URL of the server, absolute or relative to the base URL", async () => {
    const server = await opened(serve(json({})));
    const http = client(`${server.url}/v2`);
    for (const url of ["/v2/_catalog?last=a/b c", `${server.url}/v2/x?y=%2F`, "uploads/1"])
      await http.send({ method: "GET", route: "", url });
    expect(server.received.map(({ url }) => url)).toEqual(["/v2/_catalog?last=a/b%20c", "/v2/x?y=%2F", "/v2/uploads/1"]);
  });

  it.each(["https://elsewhere.example/v2/x", "//elsewhere.example/v2", "http://user:pw@127.0.0.1/", "ftp://127.0.0.1/x"])(
    "refuses the URL %s before anything is sent",
    async (url) => {
      const server = await opened(serve(json({})));
      const error = await failure(client(server).send({ method: "GET", route: "", url }));
      expect(error).toMatchObject({ kind: "redirect", fate: "not-sent", attempts: 0 });
      expect(error.message).toContain("another origin");
      expect(server.received).toHaveLength(0);
    },
  );

  it.each([
    ["a missing parameter", { route: "/x/{id}" }, 'the path parameter "id" is missing'],
    ["a header that would add another", { route: "/x", headers: { a: "b\r\nauthorization: c" } }, 'the header "a" has a character'],
    [
      "a header of the connection",
      { route: "/x", headers: { "Transfer-Encoding": "chunked" } },
      'the header "transfer-encoding" belongs to the connection',
    ],
    ["a header without a proper name", { route: "/x", headers: { "a b": "c" } }, '"a b" cannot be the name of a header'],
    ["a length that is none", { route: "/x", headers: { "content-length": "many" } }, "is no number"],
    ["a body that is no JSON", { route: "/x", body: { json: { big: 1n } } }, "the body cannot be written as JSON"],
  ])("refuses %s before anything is sent", async (_what, request, problem) => {
    const server = await opened(serve(json({})));
    const http = client(server, { connections: 1 });
    const error = await failure(http.send({ method: "PUT", ...request }));
    expect(error).toMatchObject({ kind: "request", fate: "not-sent" });
    expect(error.message).toContain(problem);
    expect(server.received).toHaveLength(0);
    await http.send({ method: "GET", route: "/next" }); // and nothing is blocked by it
  });
});

describe("an answer", () => {
  it("has its status, headers in any case, repeated ones as a list, and body", async () => {
    const server = await opened(serve(text("hi", 202, { "X-A": "1", "WWW-Authenticate": ["Basic realm=a", "Bearer realm=b"] })));
    const answer = await client(server).send({ method: "GET", route: "/x", query: { n: 1 } });
    expect(answer).toMatchObject({ status: 202, url: `${server.url}/x?n=1` });
    expect(answer.body.toString()).toBe("hi");
    expect([answer.headers.get("X-a"), answer.headers.get("www-authenticate"), answer.headers.get("constructor")]).toEqual([
      "1",
      "Basic realm=a, Bearer realm=b",
      undefined,
    ]);
    expect([answer.headers.all("WWW-Authenticate"), answer.headers.all("x-none")]).toEqual([["Basic realm=a", "Bearer realm=b"], []]);
  });

  it("with an expected status is no error", async () => {
    const server = await opened(serve(json({ message: "no" }, 404)));
    expect(await client(server).send({ method: "GET", route: "/x", expect: [404] })).toMatchObject({ status: 404 });
  });

  it("is parsed by the schema; an empty one is undefined", async () => {
    const server = await opened(serve(json({ a: 1, b: 2 }), text("", 204)));
    const http = client(server);
    expect(await http.json({ method: "GET", route: "/x" }, z.object({ a: z.number() }))).toEqual({ a: 1 });
    expect(await http.json({ method: "GET", route: "/x" }, z.array(z.string()).optional())).toBeUndefined();
    expect(server.received[0]?.headers.accept).toBe("application/json");
  });

  it("to HEAD has headers and no body", async () => {
    const server = await opened(serve(text("", 200, { "content-length": "1234" })));
    const answer = await client(server).send({ method: "HEAD", route: "/x" });
    expect([answer.headers.get("content-length"), answer.body.length]).toEqual(["1234", 0]);
  });
});

describe("a failing status", () => {
  it("becomes one error with everything that there is to know", async () => {
    const body = { errors: [{ code: "NAME_UNKNOWN", message: "repository name not known to registry", detail: { name: "x" } }] };
    const server = await opened(serve(json(body, 404, { "x-request-id": "r-7" })));
    const error = await failure(
      client(server, { hints: ({ code, route }) => `${code} at ${route}.` }).send({
        method: "GET",
        route: "/v2/{+name}/tags/list",
        path: { name: "a/x" },
      }),
    );
    expect(error.message).toBe(
      `GET ${server.url}/v2/a/x/tags/list: 404 NAME_UNKNOWN: repository name not known to registry (request id r-7). NAME_UNKNOWN at /v2/{+name}/tags/list`,
    );
    expect({ ...error }).toEqual({
      name: "RegistryError",
      method: "GET",
      route: "/v2/{+name}/tags/list",
      url: `${server.url}/v2/a/x/tags/list`,
      kind: "status",
      fate: "answered",
      status: 404,
      code: "NAME_UNKNOWN",
      serverMessage: "repository name not known to registry",
      serverErrors: [{ code: "NAME_UNKNOWN", message: "repository name not known to registry" }],
      requestId: "r-7",
      attempts: 1,
      hint: "NAME_UNKNOWN at /v2/{+name}/tags/list.",
    });
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ message: error.message, status: 404 });
  });

  it("without a body is named by its reason phrase", async () => {
    const server = await opened(serve(text("", 418)));
    expect((await failure(client(server).send({ method: "DELETE", route: "/x" }))).message).toBe(
      `DELETE ${server.url}/x: 418 I'm a Teapot`,
    );
  });

  it("is told even if its explanation breaks off or has no end", async () => {
    const server = await opened(
      serve(
        (response, _request, socket) => {
          response.writeHead(400, { "content-length": "1000" });
          response.write('{"message":"half');
          setImmediate(() => socket.destroy());
        },
        (response) => {
          response.writeHead(409);
          response.write("z".repeat(200_000));
        },
      ),
    );
    const http = client(server);
    expect(await failure(http.send({ method: "GET", route: "/x" }))).toMatchObject({ kind: "status", status: 400 });
    const endless = await failure(http.send({ method: "GET", route: "/x" }));
    expect(endless).toMatchObject({ kind: "status", status: 409 });
    expect(endless.message.length).toBeLessThan(500);
  });
});

describe("connections", () => {
  it("are kept alive and shared: a thousand requests, no more connections than allowed", async () => {
    const server = await opened(serve(json({})));
    const http = client(server, { connections: 4 });
    for (let batch = 0; batch < 10; batch++)
      await Promise.all(Array.from({ length: 100 }, () => http.send({ method: "GET", route: "/x" })));
    expect(server.received).toHaveLength(1000);
    expect(server.connections()).toBeLessThanOrEqual(4);
  });

  it("are limited to 16 at a time unless said otherwise", async () => {
    let now = 0;
    let most = 0;
    const server = await opened(
      serve((response) => {
        most = Math.max(most, ++now);
        setTimeout(() => {
          now--;
          response.end("{}");
        }, 2);
      }),
    );
    const http = client(server);
    await Promise.all(Array.from({ length: 100 }, () => http.send({ method: "GET", route: "/x" })));
    expect(most).toBe(16);
  });
});

describe("the base URL", () => {
  it.each([
    ["https://user:hunter22@registry.example", /must not hold a user name or password/],
    ["https://hunter22@registry.example", /must not hold a user name or password/],
    ["ftp://registry.example", /must begin with https:\/\/ or http:\/\//],
    ["registry.example", /is not a URL|must begin/],
    ["", /is not a URL/],
    ["https://registry.example/v2?token=hunter22", /must not have a query/],
    ["https://registry.example/v2#x", /must not have a query or a fragment/],
  ])("%s is refused with a reason that repeats no credentials", (baseUrl, reason) => {
    const create = () => new HttpClient({ baseUrl, env: {} });
    expect(create).toThrow(TypeError);
    expect(create).toThrow(reason);
    expect(create).not.toThrow(/hunter22/);
  });
});
