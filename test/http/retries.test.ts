import type { HttpRequest } from "../../provider/http";
import { cleanUp, client, failure, fakeClock, opened } from "./client";
import { json, type Reply, reset, serve, serveRaw, text } from "./server";

afterEach(cleanUp);

const get: HttpRequest = { method: "GET", route: "/x" };
const post: HttpRequest = { method: "POST", route: "/x", body: { json: {} } };

describe("a repeatable request", () => {
  it.each([408, 425, 429, 500, 502, 503, 504])("is sent again after %i, with full jitter", async (status) => {
    const server = await opened(serve(text("", status), text("", status), text("", status), json({ ok: 1 })));
    const clock = fakeClock();
    const random = [0.5, 0.999, 0.1];
    const answer = await client(server, { clock, random: () => random.shift() ?? 0 }).send(get);
    expect(answer.status).toBe(200);
    expect(clock.sleeps).toEqual([125, 499, 100]);
  });

  it.each([400, 401, 403, 404, 409, 410, 422, 501])("is not sent again after %i", async (status) => {
    const server = await opened(serve(text("", status)));
    expect(await failure(client(server).send(get))).toMatchObject({ status, attempts: 1 });
    expect(server.received).toHaveLength(1);
  });

  it.each(["GET", "HEAD", "PUT", "DELETE"] as const)("(%s) is sent again after a reset", async (method) => {
    const server = await opened(serve(reset, json({})));
    await client(server).send({ method, route: "/x" });
    expect(server.received).toHaveLength(2);
  });

  it("is sent as often as the policy says, and the error counts", async () => {
    const server = await opened(serve(text("busy", 503)));
    const error = await failure(client(server, { retry: { attempts: 3 } }).send(get));
    expect(error.message).toBe(`GET ${server.url}/x: 503: busy (3 attempts)`);
    expect(server.received).toHaveLength(3);
  });

  it("survives a burst of 503 for many requests at once", async () => {
    let count = 0;
    const burst: Reply = (response, request, socket) => (++count <= 40 ? text("", 503) : json({}))(response, request, socket);
    const server = await opened(serve(burst));
    const http = client(server, { retry: { attempts: 50 } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => http.send(get)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  });

  it("can be declared not to be", async () => {
    const server = await opened(serve(reset, json({})));
    expect(await failure(client(server).send({ ...get, method: "PUT", repeatable: false }))).toMatchObject({
      kind: "connection",
      fate: "unknown",
      attempts: 1,
    });
    expect(server.received).toHaveLength(1);
  });

  it("is logged with each further attempt", async () => {
    const lines: string[] = [];
    const server = await opened(serve(text("", 502), json({})));
    await client(server, { log: (line) => lines.push(line) }).send(get);
    expect(lines).toEqual([`Attempt 2 in 125 ms, after GET ${server.url}/x: 502 Bad Gateway`]);
  });
});

describe("Retry-After", () => {
  const cases: [string, Record<string, string>, number][] = [
    ["in seconds", { "retry-after": "7" }, 7000],
    ["as an HTTP date", { date: "Thu, 01 Jan 2026 00:00:00 GMT", "retry-after": "Thu, 01 Jan 2026 00:00:11 GMT" }, 11_000],
    ["of an hour is cut", { "retry-after": "3600" }, 120_000],
  ];
  it.each(cases.flatMap(([form, headers, wait]) => [429, 503].map((status) => [status, form, headers, wait] as const)))(
    "of a %i %s is honoured, by POST too",
    async (status, _form, headers, wait) => {
      const server = await opened(serve(text("", status, headers), json({})));
      const clock = fakeClock();
      await client(server, { clock, random: () => 0 }).send(post);
      expect(clock.sleeps).toEqual([wait]);
      expect(server.received).toHaveLength(2);
    },
  );

  it("is bounded in total time: the next attempt would be too late", async () => {
    const server = await opened(serve(text("", 429, { "retry-after": "100" })));
    const clock = fakeClock();
    const error = await failure(client(server, { clock, random: () => 0, timeouts: { total: 250_000 } }).send({ ...get }));
    expect(clock.sleeps).toEqual([100_000, 100_000]);
    expect(error).toMatchObject({ status: 429, attempts: 3 });
  });

  it("is bounded in count", async () => {
    const server = await opened(serve(text("", 503, { "retry-after": "1" })));
    expect(await failure(client(server).send(post))).toMatchObject({ status: 503, attempts: 5, fate: "refused" });
  });
});

describe("a POST", () => {
  it.each([
    ["a reset before it was handled", reset],
    ["a 500", text("", 500)],
    ["a 502", text("", 502)],
    ["a 503 without Retry-After", text("", 503)],
    ["a 504", text("", 504)],
    ["a 408", text("", 408)],
  ])("is not sent again after %s, and the error says that its fate is unknown", async (_what, reply) => {
    const server = await opened(serve(reply, json({})));
    const error = await failure(client(server).send(post));
    expect(error).toMatchObject({ fate: "unknown", attempts: 1 });
    expect(error.message).toContain("It is unknown whether the request took effect");
    expect(server.received).toHaveLength(1);
  });

  it("is not sent again when the connection was reset after the effect", async () => {
    const effects: string[] = [];
    const server = await opened(
      serve((_response, { body }, socket) => {
        effects.push(body);
        socket.resetAndDestroy();
      }),
    );
    expect(await failure(client(server).send(post))).toMatchObject({ kind: "connection", fate: "unknown" });
    expect(effects).toEqual(["{}"]);
  });

  it("is sent again when the connection was refused", async () => {
    const gone = await serve(json({}));
    await gone.close();
    const clock = fakeClock();
    const error = await failure(client(gone.url, { clock }).send(post));
    expect(error).toMatchObject({ kind: "connection", fate: "not-sent", attempts: 5 });
    expect(error.message).toContain("connection refused (ECONNREFUSED) (5 attempts)");
    expect(clock.sleeps).toHaveLength(4);
  });

  it("is sent again when the host name could not be resolved", async () => {
    const error = await failure(client("http://no-such-host.invalid").send(post));
    expect(error).toMatchObject({ kind: "connection", fate: "not-sent", attempts: 5 });
  });
});

describe("the fate of a request", () => {
  it("stays unknown when a lost attempt is followed by one that never left", async () => {
    let lost = false;
    const server = await opened(
      serveRaw((socket) => {
        socket.once("data", () => {
          lost = true;
          void server.close();
        });
      }),
    );
    const error = await failure(client(server).send({ method: "PUT", route: "/x" }));
    expect(lost).toBe(true);
    expect(error).toMatchObject({ kind: "connection", fate: "unknown", attempts: 5 });
    expect(error.message).toContain("connection refused");
  });
});
