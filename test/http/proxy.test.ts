import { readFileSync } from "node:fs";
import { createServer as createHttpServer, request as httpRequest } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { inspect } from "node:util";
import type { HttpRequest } from "../../provider/http";
import { proxyFor } from "../../provider/http/proxy";
import { cleanUp, client, failure, opened } from "./client";
import { json, listen, serve, text } from "./server";

afterEach(cleanUp);

const get: HttpRequest = { method: "GET", route: "/x" };
const pem = (name: string) => readFileSync(join(__dirname, "certificates", name), "utf8");

/** A proxy that knows every name as 127.0.0.1, for absolute URLs and for CONNECT, and remembers what it was asked. */
async function startProxy(refuse?: number) {
  const asked: { line: string; authorization?: string }[] = [];
  const server = createHttpServer((request, response) => {
    const target = new URL(request.url ?? "");
    asked.push({ line: `${request.method} ${request.url}`, authorization: request.headers["proxy-authorization"] });
    if (refuse !== undefined) return response.writeHead(refuse).end();
    const { "proxy-authorization": _, ...headers } = request.headers;
    httpRequest(
      { host: "127.0.0.1", port: target.port, path: target.pathname + target.search, method: request.method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    ).end();
    return undefined;
  });
  server.on("connect", (request, socket) => {
    asked.push({ line: `CONNECT ${request.url}`, authorization: request.headers["proxy-authorization"] });
    socket.on("error", () => undefined);
    if (refuse !== undefined) return socket.end(`HTTP/1.1 ${refuse} No\r\n\r\n`);
    const port = Number(request.url?.split(":").at(-1));
    const target = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      target.pipe(socket);
      socket.pipe(target);
    });
    target.on("error", () => socket.destroy());
    socket.on("close", () => target.destroy());
    return undefined;
  });
  return { ...(await opened(listen(server, []))), asked };
}

const named = (url: string) => url.replace("127.0.0.1", "registry.test");

const secure = () =>
  opened(
    listen(
      createHttpsServer({ key: pem("server.key.pem"), cert: pem("server.pem") }, (_request, response) => response.end("secure")),
      [],
      "https",
    ),
  );

describe("a proxy", () => {
  it("of HTTP_PROXY is asked with the whole URL, and sees its own credentials only", async () => {
    const server = await opened(serve(json({ ok: true })));
    const proxy = await startProxy();
    const env = { HTTP_PROXY: proxy.url.replace("//", "//me:p%40ss@") };
    const http = client(`${named(server.url)}/v2`, { env });
    await Promise.all([http.send(get), http.send({ ...get, query: { n: 1 } })]);
    expect(proxy.asked.map(({ line }) => line).sort()).toEqual([`GET ${named(server.url)}/v2/x`, `GET ${named(server.url)}/v2/x?n=1`]);
    expect(proxy.asked[0]?.authorization).toBe(`Basic ${Buffer.from("me:p@ss").toString("base64")}`);
    expect(server.received[0]?.headers).toMatchObject({ host: named(server.url).replace("http://", "") });
    expect(server.received[0]?.headers["proxy-authorization"]).toBeUndefined();
  });

  it("of HTTPS_PROXY tunnels, and the TLS is with the server", async () => {
    const server = await secure();
    const proxy = await startProxy();
    const http = client(named(server.url), { env: { https_proxy: proxy.url.replace("//", "//me:secret@") }, ca: pem("authority.pem") });
    for (let round = 0; round < 3; round++) expect((await http.send(get)).body.toString()).toBe("secure");
    const stream = await http.stream(get);
    for await (const chunk of stream.body) expect(Buffer.from(chunk).toString()).toBe("secure");
    expect(proxy.asked.length).toBeLessThanOrEqual(3);
    expect(new Set(proxy.asked.map(({ line }) => line))).toEqual(new Set([`CONNECT registry.test:${server.port}`]));
    expect(proxy.asked[0]?.authorization).toBe(`Basic ${Buffer.from("me:secret").toString("base64")}`);
  });

  it("is asked for the origins that redirects lead to, by their own variables", async () => {
    const server = await opened(serve(text("", 302, { location: "http://registry.test:1/y" })));
    const proxy = await startProxy(418);
    const error = await failure(client(server, { env: { HTTP_PROXY: proxy.url } }).send(get));
    expect(error).toMatchObject({ status: 418 });
    expect(proxy.asked.map(({ line }) => line)).toEqual(["GET http://registry.test:1/y"]);
  });

  it.each([407, 403, 502])("that refuses the tunnel with %i is named, its credentials are not", async (status) => {
    const proxy = await startProxy(status);
    const env = { HTTPS_PROXY: proxy.url.replace("//", "//me:hunter22@") };
    const error = await failure(client("https://registry.test", { env, retry: { attempts: 2 } }).send({ ...get, method: "POST" }));
    expect(error).toMatchObject({ kind: "connection", fate: "not-sent" });
    expect(error.message).toContain(status === 407 ? "the proxy wants credentials (407)" : `the proxy refuses the connection (${status})`);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("hunter22");
  });

  it("that is not there is an error soon", async () => {
    const gone = await serve(json({}));
    await gone.close();
    const error = await failure(client("https://registry.test", { env: { HTTPS_PROXY: gone.url }, retry: { attempts: 2 } }).send(get));
    expect(error).toMatchObject({ kind: "connection", fate: "not-sent", attempts: 2 });
    expect(error.message).toContain("no connection through the proxy");
  });

  it("that hangs up is an error soon", async () => {
    const hangsUp = createHttpServer();
    hangsUp.on("connect", (_request, socket) => socket.destroy());
    const proxy = await opened(listen(hangsUp, []));
    const error = await failure(client("https://registry.test", { env: { HTTPS_PROXY: proxy.url }, retry: { attempts: 2 } }).send(get));
    expect(error).toMatchObject({ kind: "connection", fate: "not-sent", attempts: 2 });
  });

  it("is not asked for loopback addresses", async () => {
    const server = await opened(serve(json({})));
    const proxy = await startProxy();
    await client(server, { env: { HTTP_PROXY: proxy.url } }).send(get);
    expect(proxy.asked).toEqual([]);
  });
});

describe("the proxy variables", () => {
  const proxies = { HTTP_PROXY: "http://plain:1", HTTPS_PROXY: "secure:2" };
  it.each([
    ["http://registry.example", {}, "http://plain:1/"],
    ["https://registry.example", {}, "http://secure:2/"],
    ["https://registry.example", { https_proxy: "https://lower:3" }, "https://lower:3/"],
    ["https://registry.example", { HTTPS_PROXY: "" }, undefined],
    ["https://registry.example", { NO_PROXY: "*" }, undefined],
    ["https://registry.example", { NO_PROXY: "example" }, undefined],
    ["https://registry.example", { NO_PROXY: ".example" }, undefined],
    ["https://registry.example", { NO_PROXY: "*.example, other" }, undefined],
    ["https://registry.example", { no_proxy: "a b,REGISTRY.example" }, undefined],
    ["https://registry.example", { NO_PROXY: "try.example" }, "http://secure:2/"],
    ["https://registry.example", { NO_PROXY: "registry.example:443" }, undefined],
    ["https://registry.example", { NO_PROXY: "registry.example:8443" }, "http://secure:2/"],
    ["https://10.1.2.3", { NO_PROXY: "10.0.0.0/8" }, undefined],
    ["https://11.1.2.3", { NO_PROXY: "10.0.0.0/8" }, "http://secure:2/"],
    ["https://10.1.2.3", { NO_PROXY: "10.1.2.3" }, undefined],
    ["https://[2001:db8::1]", { NO_PROXY: "2001:db8::1" }, undefined],
    ["https://[2001:db8::1]", { NO_PROXY: "[2001:db8::1]:443" }, undefined],
    ["https://[2001:db8::1]:5000", { NO_PROXY: "2001:db8::/32" }, undefined],
    ["http://localhost:5000", {}, undefined],
    ["http://127.0.0.1:5000", {}, undefined],
    ["http://[::1]:5000", {}, undefined],
    ["http://192.168.0.1:5000", {}, "http://plain:1/"],
  ])("for %s with %j: %s", (url, env, proxy) => {
    expect(proxyFor(new URL(url), { ...proxies, ...env })?.href).toBe(proxy);
  });

  it.each([
    ["socks5://me:hunter22@proxy:1", /HTTPS_PROXY is "socks5:\/\/\*\*\*@proxy:1", but only http:\/\/ and https:\/\/ proxies/],
    ["http://me:hunter22@:99999", /HTTPS_PROXY is "http:\/\/\*\*\*@:99999", which is not a URL/],
  ])("cannot hold %s", (proxy, reason) => {
    expect(() => proxyFor(new URL("https://registry.example"), { HTTPS_PROXY: proxy })).toThrow(reason);
  });
});
