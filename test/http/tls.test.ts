import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { HttpClient, type HttpRequest } from "../../provider/http";
import { cleanUp, client, failure, opened } from "./client";
import { listen, serve, text } from "./server";

afterEach(cleanUp);

const get: HttpRequest = { method: "GET", route: "/x" };
const pem = (name: string) => readFileSync(join(__dirname, "certificates", name), "utf8");
const authority = pem("authority.pem");

const secure = () =>
  opened(
    listen(
      createServer({ key: pem("server.key.pem"), cert: pem("server.pem") }, (_request, response) => response.end("secure")),
      [],
      "https",
    ),
  );

describe("a server with a certificate of its own authority", () => {
  it("is trusted with that authority as CA", async () => {
    const server = await secure();
    expect((await client(server, { ca: authority }).send(get)).body.toString()).toBe("secure");
  });

  it("is trusted by streams and behind redirects too", async () => {
    const server = await secure();
    const http = client(server, { ca: authority });
    const stream = await http.stream(get);
    for await (const chunk of stream.body) expect(Buffer.from(chunk).toString()).toBe("secure");
    const front = await opened(serve(text("", 302, { location: server.url })));
    expect((await client(front, { ca: authority }).send(get)).body.toString()).toBe("secure");
  });

  it("is refused without, at once, with the next step", async () => {
    const server = await secure();
    const error = await failure(client(server).send(get));
    expect(error).toMatchObject({ kind: "connection", fate: "not-sent", attempts: 1 });
    expect(error.message).toContain("the server's certificate is not trusted");
    expect(error.message).toContain("give that authority's certificate as CA");
  });

  it("is refused under another name", async () => {
    const server = await secure();
    const error = await failure(client(server.url.replace("127.0.0.1", "localhost"), { ca: authority }).send(get));
    expect(error).toMatchObject({ kind: "connection", attempts: 1 });
    expect(error.message).toContain("the server's certificate is for another host");
  });
});

describe("https to a server that speaks http", () => {
  it("is refused at once, with the next step", async () => {
    const server = await opened(serve(text("plain")));
    const error = await failure(client(server.url.replace("http:", "https:")).send(get));
    expect(error).toMatchObject({ kind: "connection", fate: "not-sent", attempts: 1 });
    expect(error.message).toContain("if it speaks plain HTTP, use an http:// address");
  });
});

describe("a CA", () => {
  it.each(["", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])(
    "that is none (%j) is refused when the client is made",
    (ca) => {
      expect(() => new HttpClient({ baseUrl: "https://registry.example", ca, env: {} })).toThrow(/not a certificate in PEM form/);
    },
  );
});
