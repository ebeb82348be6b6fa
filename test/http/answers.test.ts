import { z } from "zod";
import { type HttpRequest, readJson, statusError } from "../../provider/http";
import { cleanUp, client, failure, opened } from "./client";
import { json, type Reply, serve, serveRaw, text } from "./server";

afterEach(cleanUp);

const get: HttpRequest = { method: "GET", route: "/x" };
const Anything = z.unknown();

const brokenOff =
  (body: string, length: number): Reply =>
  (response, _request, socket) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": length });
    response.write(body, () => setImmediate(() => socket.destroy()));
  };

const unchunked =
  (body: string): Reply =>
  (response, _request, socket) => {
    response.writeHead(200, { "content-type": "application/json", "transfer-encoding": "chunked" });
    response.write(body, () => setImmediate(() => socket.destroy()));
  };

const html = text("<!DOCTYPE html>\n<html><head><title>Sign  in</title></head><body>hunter22</body></html>", 200, {
  "content-type": "text/html",
});

describe("an answer that cannot be read", () => {
  const cases: [string, Reply, string][] = [
    ["HTML in place of JSON", html, '200, but the answer is an HTML page, "Sign in" in place of JSON'],
    [
      "HTML that says it is JSON",
      text("<html>hunter22", 200, { "content-type": "application/json" }),
      "200, but the answer is an HTML page in place of JSON",
    ],
    ["broken JSON", text('{"password":"hunter22",}'), "200, but the answer is broken JSON (at position 23 of 24)"],
    ["JSON that ends too early", text('{"password":"hunter22"'), "200, but the answer is broken JSON"],
    ["no JSON at all", text("hunter22"), "200, but the answer is broken JSON"],
    ["compressed JSON", text("\u001f\u008b", 200, { "content-encoding": "gzip" }), "200, but the answer is compressed"],
    ["a body shorter than its Content-Length", brokenOff('{"password":', 100), "200, but the answer broke off after 12 of 100 bytes"],
    ["a chunked body without an end", unchunked('{"password":'), "200, but the answer broke off after 12 bytes"],
  ];

  it.each(cases)("(%s) is an error that names it and not its contents", async (_what, reply, message) => {
    const server = await opened(serve(reply));
    const error = await failure(client(server, { retry: { attempts: 2 } }).json(get, Anything));
    expect(error).toMatchObject({ kind: "answer", status: 200, attempts: 2 });
    expect(error.message).toContain(message);
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain("hunter22");
  });

  it.each(cases)("(%s) is asked for again with GET", async (_what, reply) => {
    const server = await opened(serve(reply, json({ fine: true })));
    expect(await client(server).json(get, Anything)).toEqual({ fine: true });
    expect(server.received).toHaveLength(2);
  });

  it.each(cases)("(%s) to a POST is not asked for again", async (_what, reply) => {
    const server = await opened(serve(reply, json({ fine: true })));
    expect(await failure(client(server).json({ ...get, method: "POST" }, Anything))).toMatchObject({
      kind: "answer",
      fate: "unknown",
      attempts: 1,
    });
  });

  it("is one even if the connection was to be closed anyway", async () => {
    const server = await opened(
      serveRaw((socket) => socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 50\r\n\r\n[1,2"))),
    );
    const error = await failure(client(server, { retry: { attempts: 1 } }).send(get));
    expect(error).toMatchObject({ kind: "answer", status: 200 });
    expect(error.message).toContain("broke off after 4 of 50 bytes");
  });

  it("is one if it is no HTTP", async () => {
    const server = await opened(serveRaw((socket) => socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.9\r\n"))));
    const error = await failure(client(server, { retry: { attempts: 2 } }).send(get));
    expect(error).toMatchObject({ kind: "answer", attempts: 2 });
    expect(error.message).toContain("not valid HTTP");
  });
});

describe("a body over the limit", () => {
  const endless: Reply = (response) => {
    response.writeHead(200);
    const more = () => {
      while (response.writable && response.write("x".repeat(10_000)));
    };
    response.on("drain", more);
    more();
  };

  it.each([
    ["by its Content-Length", text("x".repeat(5000))],
    ["without end", endless],
  ])("%s is an error, is not asked for again, and its connection is not used again", async (_how, reply) => {
    const server = await opened(serve(reply, json({})));
    const http = client(server, { bodyLimit: 4000 });
    const error = await failure(http.send(get));
    expect(error).toMatchObject({ kind: "answer", status: 200, attempts: 1 });
    expect(error.message).toContain("larger than 4000 bytes (bodyLimit)");
    await http.send(get);
    expect(server.received[1]?.port).not.toBe(server.received[0]?.port);
  });

  it("is measured by the request's own limit first, and may be as long as the limit", async () => {
    const server = await opened(serve(text("12345")));
    const http = client(server, { bodyLimit: 3 });
    expect((await http.send({ ...get, bodyLimit: 5 })).body.toString()).toBe("12345");
    expect(await failure(http.send({ ...get, bodyLimit: 4 }))).toMatchObject({ kind: "answer" });
  });
});

describe("an answer that is not what the API describes", () => {
  const Registry = z.object({
    id: z.uuid(),
    tags: z.array(z.object({ name: z.string() })),
    status: z.enum(["ACTIVE"]),
    size: z.number().min(10),
    kind: z.string().refine((kind) => kind === "a", { error: ({ input }) => `bad ${String(input)}` }),
  });

  it("is an error that names the properties, what was expected and found, and no value", async () => {
    const server = await opened(
      serve(json({ id: "hunter22", tags: [{ name: "x" }, { name: null }], status: "hunter22", size: 3, kind: "hunter22" })),
    );
    const error = await failure(client(server).json(get, Registry));
    expect(error).toMatchObject({ kind: "answer", status: 200, attempts: 1 });
    expect(error.message).toContain(
      "the answer is not what the API describes: id: not a valid uuid; tags[1].name: string expected, null found; status: not an expected value (string found); size: too small; kind: not an expected value (string found)",
    );
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain("hunter22");
  });

  it("names at most five properties", async () => {
    const server = await opened(serve(json(Array(9).fill(1))));
    expect((await failure(client(server).json(get, z.array(z.string())))).message).toMatch(
      /\[4\]: string expected, number found; and 4 more$/,
    );
  });

  it("is an error too if it is empty", async () => {
    const server = await opened(serve(text("", 204)));
    expect((await failure(client(server).json(get, Registry))).message).toContain("204, but the answer is empty");
  });
});

describe("readJson and statusError", () => {
  it("know the request that an answer belongs to", async () => {
    const server = await opened(serve(json({ errors: [{ code: "NAME_UNKNOWN", message: "no hunter22" }] }, 404, { "x-request-id": "7" })));
    const request: HttpRequest = { method: "GET", route: "/{id}", path: { id: "hunter22" }, secretParameters: ["id"], expect: [404] };
    const answer = await client(server).send(request);
    expect(readJson(answer, z.object({ errors: z.array(Anything) })).errors).toHaveLength(1);
    expect(() => readJson(answer, z.string())).toThrow(
      `GET ${server.url}/***: 404, but the answer is not what the API describes: (the whole answer): string expected, object found`,
    );
    expect(statusError(answer, "Look elsewhere").message).toBe(
      `GET ${server.url}/***: 404 NAME_UNKNOWN: no *** (request id 7). Look elsewhere`,
    );
  });
});
