import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { type Injection, type Sandbox, standingClock, startSandbox } from ".";
import { image, push } from "./images";

const opened: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
});

async function sandboxWith(...faults: Injection[]): Promise<Sandbox & { url: string }> {
  const sandbox = await startSandbox({
    apis: ["oci"],
    clock: standingClock(),
    oci: { auth: "none" },
    seed: (store) => void push(store, "app", ["v1", "v2"], image()),
  });
  opened.push(sandbox);
  for (const fault of faults) sandbox.control.inject(fault);
  return { ...sandbox, url: sandbox.info.oci?.url ?? "" };
}

const LIST = "/v2/app/tags/list";
const DELETED = { method: "DELETE" };

describe("faults that reset the connection", () => {
  it.each([
    { fault: "reset-before", tags: ["v1", "v2"] },
    { fault: "reset-after", tags: ["v2"] },
  ] as const)("$fault: the tags are $tags then", async ({ fault, tags }) => {
    const { url, store, control } = await sandboxWith({ fault });
    await expect(fetch(`${url}/v2/app/manifests/v1`, DELETED)).rejects.toThrow();
    expect([...(store.repository("app")?.tags.keys() ?? [])]).toEqual(tags);
    expect(control.requests()).toMatchObject([{ status: 0, fault }]);
    expect((await fetch(`${url}${LIST}`)).status).toBe(200);
  });
});

describe("faults that answer in place of the API", () => {
  it.each([429, 500, 502, 503, 504])("%d without an effect", async (status) => {
    const { url, store } = await sandboxWith({ fault: { kind: "status", status } });
    const answer = await fetch(`${url}/v2/app/manifests/v1`, DELETED);
    expect([answer.status, await answer.text()]).toEqual([status, `injected ${status}\n`]);
    expect(store.repository("app")?.tags.size).toBe(2);
  });

  it.each<{ retryAfter: number | string; retryAfterAs?: "date"; header: string }>([
    { retryAfter: 7, header: "7" },
    { retryAfter: 7, retryAfterAs: "date", header: "Thu, 01 Jan 2026 00:00:07 GMT" },
    { retryAfter: "date", header: "Thu, 01 Jan 2026 00:00:01 GMT" },
    { retryAfter: "soon", header: "soon" },
  ])("Retry-After $header, by the sandbox's clock", async ({ header, ...fault }) => {
    const { url } = await sandboxWith({ fault: { kind: "status", status: 429, ...fault } });
    const answer = await fetch(`${url}${LIST}`);
    expect([answer.headers.get("retry-after"), answer.headers.get("date")]).toEqual([header, "Thu, 01 Jan 2026 00:00:00 GMT"]);
  });

  it("a body of one's own", async () => {
    const { url } = await sandboxWith({ fault: { kind: "status", status: 500, body: '{"errors":[]}' } });
    const answer = await fetch(`${url}${LIST}`);
    expect([answer.headers.get("content-type"), await answer.json()]).toEqual(["application/json", { errors: [] }]);
  });

  it("a page of HTML", async () => {
    const { url } = await sandboxWith({ fault: "html" });
    const answer = await fetch(`${url}${LIST}`);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(await answer.text()).toMatch(/^<!DOCTYPE html>/);
  });

  it("a redirect to another origin, which logs what it gets", async () => {
    const { url, stranger, control } = await sandboxWith({ fault: "redirect" });
    const answer = await fetch(`${url}${LIST}?n=5`, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([307, `${stranger}${LIST}?n=5`]);
    expect(new URL(stranger).origin).not.toBe(url);
    await fetch(`${stranger}/x`, { headers: { authorization: "Bearer secret" } });
    expect(control.requests({ api: "stranger" })).toMatchObject([{ path: "/x", headers: { authorization: "Bearer [redacted]" } }]);
  });

  it("a redirect to a place of one's own", async () => {
    const { url } = await sandboxWith({ fault: { kind: "redirect", to: "http://10.0.0.1/", status: 301 } });
    const answer = await fetch(`${url}${LIST}`, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([301, "http://10.0.0.1/"]);
  });
});

describe("faults that spoil the answer after the effect", () => {
  it("broken JSON of the right length", async () => {
    const { url, store } = await sandboxWith({ fault: "broken-json" });
    const answer = await fetch(`${url}/v2/app/manifests/v1`, DELETED);
    expect(answer.status).toBe(202);
    const text = await answer.text();
    expect(Number(answer.headers.get("content-length"))).toBe(text.length);
    expect(() => JSON.parse(text)).toThrow("JSON");
    expect(store.repository("app")?.tags.size).toBe(1);
  });

  it("a truncated body", async () => {
    const { url } = await sandboxWith({ fault: "truncated" });
    const answer = await fetch(`${url}${LIST}`);
    expect(Number(answer.headers.get("content-length"))).toBeGreaterThan(10);
    await expect(answer.text()).rejects.toThrow();
  });

  it("a body without an end", async () => {
    const { url } = await sandboxWith({ fault: "endless" });
    const abort = new AbortController();
    const answer = await fetch(`${url}${LIST}`, { signal: abort.signal });
    let bytes = 0;
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.length;
      if (bytes > 1_000_000) break;
    }
    abort.abort();
    expect(bytes).toBeGreaterThan(1_000_000);
  });

  it("a header that takes its time", async () => {
    const { url, control } = await sandboxWith({ fault: "slow-header" });
    await expect(fetch(`${url}${LIST}`, { signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout|aborted/);
    expect(control.requests()).toHaveLength(1);
  });

  it("a body that takes its time", async () => {
    const { url } = await sandboxWith({ fault: "slow-body" });
    const answer = await fetch(`${url}${LIST}`, { signal: AbortSignal.timeout(100) });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow(/timeout|aborted/);
  });

  it.each([{ kind: "delay" }, { kind: "slow-header" }, { kind: "slow-body" }] as const)(
    "$kind ends well after its time",
    async ({ kind }) => {
      const { url } = await sandboxWith({ fault: { kind, ms: 30 } });
      const start = performance.now();
      expect(await (await fetch(`${url}${LIST}`)).json()).toEqual({ name: "app", tags: ["v1", "v2"] });
      expect(performance.now() - start).toBeGreaterThanOrEqual(25);
    },
  );
});

describe("faults that the API plays", () => {
  it("reach it over HTTP", async () => {
    const { url } = await sandboxWith({ fault: "short-page" }, { fault: "looped-link" }, { fault: "expired-session" });
    expect(await (await fetch(`${url}${LIST}`)).json()).toEqual({ name: "app", tags: ["v1"] });
    expect((await fetch(`${url}${LIST}?n=1`)).headers.get("link")).toBe(`<${LIST}?n=1>; rel="next"`);
    expect((await fetch(`${url}${LIST}`)).status).toBe(401);
    expect((await fetch(`${url}${LIST}`)).status).toBe(200);
  });
});

describe("which requests a fault is played on", () => {
  const status = { kind: "status", status: 503 } as const;

  it("as many as it says, after those that it lets pass", async () => {
    const { url, control } = await sandboxWith({ fault: status, times: 2, skip: 1 });
    const seen: number[] = [];
    for (let at = 0; at < 4; at++) seen.push((await fetch(`${url}${LIST}`)).status);
    expect(seen).toEqual([200, 503, 503, 200]);
    expect(control.faults()).toEqual([]);
  });

  it("only those of its API, method and path", async () => {
    const { url, control } = await sandboxWith(
      { api: "selectel", fault: status },
      { method: "DELETE", fault: status },
      { path: "/blobs/", fault: status },
      { api: "oci", method: "get", path: "list$", fault: { kind: "status", status: 502 } },
    );
    expect((await fetch(`${url}${LIST}`)).status).toBe(502);
    expect((await fetch(`${url}${LIST}`)).status).toBe(200);
    expect(control.faults()).toHaveLength(3);
    control.clearFaults();
    expect((await fetch(`${url}/v2/app/manifests/v1`, DELETED)).status).toBe(202);
  });

  it("the first that matches, one at a time", async () => {
    const { url } = await sandboxWith({ fault: { kind: "status", status: 500 } }, { fault: { kind: "status", status: 502 } });
    expect([(await fetch(`${url}${LIST}`)).status, (await fetch(`${url}${LIST}`)).status]).toEqual([500, 502]);
  });
});

describe("the server", () => {
  it("asks for the body of a client that waits for it", async () => {
    const { url } = await sandboxWith();
    const continued = await new Promise((resolve, reject) => {
      const request = httpRequest(`${url}/v2/app/blobs/uploads/`, {
        method: "POST",
        headers: { expect: "100-continue", "content-length": 3 },
      });
      request.on("continue", () => request.end("abc"));
      request.on("response", (response) => resolve([response.statusCode, response.headers.range]));
      request.on("error", reject);
      request.flushHeaders();
    });
    expect(continued).toEqual([202, "0-2"]);
  });

  it("answers HEAD with the length and without the body", async () => {
    const { url } = await sandboxWith();
    const answer = await fetch(`${url}/v2/app/manifests/v1`, { method: "HEAD" });
    expect([answer.status, answer.headers.get("content-length"), await answer.text()]).toEqual([200, String(image().bytes.length), ""]);
  });

  it("keeps a connection for the next request, and hands over paths as they came in", async () => {
    const { url, control } = await sandboxWith();
    const { port } = new URL(url);
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), "127.0.0.1");
      let received = "";
      socket.on("data", (data) => {
        received += data;
      });
      socket.on("error", reject);
      socket.on("close", () => resolve(received));
      socket.write("GET /v2/a%2Fb/../tags/list?x=%20 HTTP/1.1\r\nHost: x\r\n\r\nGET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    });
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 404", "HTTP/1.1 200"]);
    expect(control.requests()).toMatchObject([{ path: "/v2/a%2Fb/../tags/list", query: "x=%20" }, { path: "/v2/" }]);
  });
});
