import type { HttpRequest } from "../../provider/http";
import { cleanUp, client, failure, fakeClock, opened } from "./client";
import { json, serve, serveRaw, silence, text } from "./server";

afterEach(cleanUp);

const get: HttpRequest = { method: "GET", route: "/x" };

describe("a server that is too slow", () => {
  it("with its headers: timeouts.headers, sent again", async () => {
    const server = await opened(serve(silence, json({})));
    expect((await client(server, { timeouts: { headers: 30 } }).send(get)).status).toBe(200);
    const error = await failure(client(await opened(serve(silence)), { timeouts: { headers: 30 }, retry: { attempts: 2 } }).send(get));
    expect(error).toMatchObject({ kind: "timeout", fate: "unknown", attempts: 2 });
    expect(error.message).toContain("no answer in time (timeouts.headers)");
  });

  it("with its headers, to a POST: not sent again", async () => {
    const server = await opened(serve(silence));
    expect(await failure(client(server).send({ ...get, method: "POST", timeouts: { headers: 150 } }))).toMatchObject({
      kind: "timeout",
      fate: "unknown",
      attempts: 1,
    });
    expect(server.received).toHaveLength(1);
  });

  it("with its body: timeouts.body, sent again", async () => {
    const server = await opened(
      serve((response) => {
        response.writeHead(200, { "content-length": "10" });
        response.write("12345");
      }, text("1234567890")),
    );
    const http = client(server, { timeouts: { body: 30 } });
    expect((await http.send(get)).body.toString()).toBe("1234567890");
    expect(server.received).toHaveLength(2);
  });

  it("with its body, always: an error that names the status and the timeout", async () => {
    const server = await opened(serve((response) => void response.writeHead(200).write("[")));
    const error = await failure(client(server, { timeouts: { body: 30 }, retry: { attempts: 1 } }).send(get));
    expect(error).toMatchObject({ kind: "timeout", status: 200 });
    expect(error.message).toContain("the answer stalled (timeouts.body)");
  });

  it("in all: timeouts.total ends it, whatever it is doing", async () => {
    const started = performance.now();
    const drip = await opened(
      serve((response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write("."), 3);
        response.on("close", () => clearInterval(timer));
      }),
    );
    expect(await failure(client(drip, { timeouts: { total: 40 } }).send(get))).toMatchObject({ kind: "timeout", attempts: 1 });
    const late = await opened(serve(text("", 503), silence));
    const error = await failure(client(late, { timeouts: { total: 200 }, retry: { baseDelay: 10 } }).send(get));
    expect(error.message).toContain("timeouts.total); the attempt before: 503");
    expect(performance.now() - started).toBeLessThan(4000);
  });

  it("in all: no attempt is begun after it", async () => {
    const clock = fakeClock();
    const server = await opened(serve(text("", 503)));
    const error = await failure(
      client(server, { clock, timeouts: { total: 10_000 }, retry: { attempts: 100, baseDelay: 4000, maxDelay: 4000 } }).send(get),
    );
    expect(clock.sleeps).toEqual([2000, 2000, 2000, 2000]);
    expect(error).toMatchObject({ kind: "status", status: 503, attempts: 5 });
    expect(error.hint).toContain("Given up");
  });

  it("to accept a connection: timeouts.connect, and nothing was sent", async () => {
    // TLS that never answers the hello counts as connecting.
    const server = await opened(serveRaw(() => undefined));
    const http = client(server.url.replace("http:", "https:"), { timeouts: { connect: 30 }, retry: { attempts: 2 } });
    expect(await failure(http.send({ ...get, method: "POST" }))).toMatchObject({ kind: "timeout", fate: "not-sent", attempts: 2 });
  });

  it("to accept a connection: a request may be less patient than its client", async () => {
    const server = await opened(serveRaw(() => undefined));
    const http = client(server.url.replace("http:", "https:"), { retry: { attempts: 1 } });
    expect(await failure(http.send({ ...get, timeouts: { connect: 20 } }))).toMatchObject({ kind: "timeout", fate: "not-sent" });
  });
});

describe("options that are undefined", () => {
  it("leave the defaults alone", async () => {
    const server = await opened(serve(json({})));
    const http = client(server, { timeouts: { total: undefined }, retry: { attempts: undefined } });
    expect((await http.send({ ...get, timeouts: { total: undefined } })).status).toBe(200);
  });
});
