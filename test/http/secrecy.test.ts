import { inspect } from "node:util";
import { z } from "zod";
import { HttpClient, type HttpClientOptions, type HttpRequest } from "../../provider/http";
import { cleanUp, client, failure, opened } from "./client";
import { type Reply, reset, serve, silence, text } from "./server";

afterEach(cleanUp);

const secrets = {
  authorization: "s3cr3t-Token/+=abc",
  password: "pä ss&wörd/1",
  path: "CRgAAAAA p/ath+1",
  query: "query sécret&2",
  header: "x-auth-s3cret-3",
  known: 'known "s3cret"-4',
  body: "body-s3cret-5",
};

const basic = Buffer.from(`user:${secrets.password}`).toString("base64");

/** The forms in which a server, a library or a log may repeat a secret. */
const forms = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  encodeURI(secret),
  encodeURIComponent(secret).replace(/%../g, (hex) => hex.toLowerCase()),
  new URLSearchParams({ "": secret }).toString().slice(1),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString("base64"),
];

const all = [...Object.values(secrets).flatMap(forms), basic];

const request: HttpRequest = {
  method: "PUT",
  route: "/token/{token}/refresh",
  path: { token: secrets.path },
  query: { key: secrets.query, n: 1 },
  headers: { "X-Auth-Token": secrets.header, "Proxy-Note": "harmless" },
  body: { json: { auth: { password: secrets.body } } },
  secretParameters: ["token", "key", "password"],
  repeatable: false,
};

const options: Partial<HttpClientOptions> = {
  authorizer: { authorize: async () => ({ authorization: `Bearer ${secrets.authorization}` }), renew: async () => false },
  secrets: () => [secrets.known, secrets.password, basic],
  timeouts: { headers: 150 },
};

/** Says everything that it was told, and more. */
const echo =
  (status: number, type: string): Reply =>
  (response, received, socket) =>
    text(
      `{"message": ${JSON.stringify(`${all.join(" | ")} ${received.url} ${JSON.stringify(received.headers)} ${received.body}`)}}`,
      status,
      {
        "content-type": type,
        "x-request-id": secrets.authorization,
        location: `/other?x=${encodeURIComponent(secrets.query)}`,
      },
    )(response, received, socket);

function expectNoSecret(thing: unknown) {
  const printed = [
    inspect(thing, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }),
    JSON.stringify(thing),
    String(thing),
    thing instanceof Error ? thing.stack : "",
  ].join("\n");
  for (const secret of all) expect(printed).not.toContain(secret);
}

describe("no secret is in an error, however it is printed, when", () => {
  it.each<[string, Reply]>([
    ["the server repeats everything in a 400", echo(400, "application/json")],
    [
      "the server repeats everything in a 500 of plain text",
      (response, received, socket) => text(all.join("\n") + received.url, 500)(response, received, socket),
    ],
    [
      "the server repeats everything in HTML",
      (response, received, socket) => text(`<html><title>${all.join(" ")}</title>${received.url}`, 502)(response, received, socket),
    ],
    ["the answer is broken JSON", text(`{"a": ${all.join(" ")}`)],
    ["the answer is not what the schema says", text(JSON.stringify({ [secrets.path]: secrets.known, list: all }))],
    ["the server redirects", echo(307, "text/plain")],
    ["the connection is reset", reset],
    ["the server is silent", silence],
  ])("%s", async (_what, reply) => {
    const server = await opened(serve(reply));
    const lines: string[] = [];
    const http = client(server, { ...options, log: (line) => lines.push(line), retry: { attempts: 2 } });
    const error = await failure(http.json(request, z.object({ list: z.array(z.literal("x")), [secrets.path]: z.number() })));
    expectNoSecret(error);
    const again = await failure(http.json({ ...request, repeatable: true }, z.string()));
    expectNoSecret(again);
    expectNoSecret(lines);
    expect(error.message).toContain(`PUT ${server.url}/token/***/refresh?key=***&n=1`);
    expect(error.route).toBe("/token/{token}/refresh");
  });

  it("the server repeats a Basic credential, or its password", async () => {
    const server = await opened(serve(text(`bad ${basic} with ${secrets.password} for user:${secrets.password}`, 401)));
    const error = await failure(client(server).send({ method: "GET", route: "/x", headers: { authorization: `Basic ${basic}` } }));
    expectNoSecret(error);
    expect(error.serverMessage).toBe("bad *** with *** for ***");
  });

  it("a URL of the server holds them", async () => {
    const server = await opened(serve(text("", 404)));
    const url = `/page?key=${encodeURIComponent(secrets.query)}&last=a%2Fb`;
    const error = await failure(client(server).send({ method: "GET", route: "", url, secretParameters: ["key"] }));
    expectNoSecret(error);
    expect(error.url).toBe(`${server.url}/page?key=***&last=a%2Fb`);
  });

  it("the base URL holds them", () => {
    expect.assertions(all.length);
    try {
      new HttpClient({ baseUrl: `https://user:${encodeURIComponent(secrets.password)}@registry.example/`, env: {} });
    } catch (error) {
      expectNoSecret(error);
    }
  });

  it("the authorizer's own error holds them", async () => {
    const authorizer = {
      authorize: async () => {
        throw new Error(`no entry for ${secrets.known} at https://u:${encodeURIComponent(secrets.password)}@x`, {
          cause: new Error(secrets.known),
        });
      },
      renew: async () => false,
    };
    expectNoSecret(await failure(client("http://127.0.0.1:9", { ...options, authorizer }).send({ method: "GET", route: "/x" })));
  });

  it("`find` after a lost answer throws them", async () => {
    const server = await opened(serve(reset));
    const find = async () => {
      throw new Error(`cannot list ${all.join(" ")}`);
    };
    expectNoSecret(
      await failure(
        client(server, options).once({ ...request, headers: { ...request.headers, authorization: `Basic ${basic}` } }, () => 1, find),
      ),
    );
  });

  it("an expected answer's URL is shown", async () => {
    const server = await opened(serve(text("{}")));
    const answer = await client(server, options).send(request);
    expect(answer.url).toBe(`${server.url}/token/***/refresh?key=***&n=1`);
  });
});
