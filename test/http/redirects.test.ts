import type { HttpRequest } from "../../provider/http";
import { forbiddenStep, isPrivateHost } from "../../provider/http";
import { cleanUp, client, failure, opened } from "./client";
import { json, type Reply, serve, text } from "./server";

afterEach(cleanUp);

const get: HttpRequest = { method: "GET", route: "/x" };
const to = (location: string, status = 307): Reply => text("", status, { location });

describe("a redirect of a GET or HEAD", () => {
  it.each([301, 302, 303, 307, 308])("by %i is followed", async (status) => {
    const server = await opened(serve(to("/y?z=1", status), text("found")));
    const answer = await client(server).send(get);
    expect([answer.body.toString(), answer.url]).toEqual(["found", `${server.url}/y?z=1`]);
    await client(server).send({ method: "HEAD", route: "/x" });
  });

  it("within the origin keeps the credentials", async () => {
    const server = await opened(serve(to("y"), json({})));
    await client(server).send({ ...get, headers: { Authorization: "Bearer abcdef1" } });
    expect(server.received[1]).toMatchObject({ url: "/y", headers: { authorization: "Bearer abcdef1" } });
  });

  it("to another origin leaves every credential behind, for good", async () => {
    const home = await opened(serve(to("/"), json({})));
    const storage = await opened(serve((response, request, socket) => to(`${home.url}/back?sig=1`)(response, request, socket)));
    const first = await opened(serve(to(`${storage.url}/blob?signature=hunter22`)));
    const authorizer = {
      authorize: async () => ({ "X-Auth-Token": "hunter22", Authorization: "Bearer hunter22" }),
      renew: async () => false,
    };
    await failure(
      client(first, { authorizer, retry: { attempts: 1 } }).send({
        ...get,
        redirects: 2,
        headers: { accept: "a/b", range: "bytes=0-1", "x-api-key": "hunter22", cookie: "a=hunter22" },
      }),
    );
    expect(first.received[0]?.headers).toMatchObject({ "x-auth-token": "hunter22", authorization: "Bearer hunter22" });
    for (const { headers } of [...storage.received, ...home.received]) {
      expect(Object.keys(headers).sort()).toEqual(["accept", "connection", "host", "range", "user-agent"]);
    }
    expect([storage.received.length, home.received.length]).toEqual([1, 1]);
  });

  it("to another origin and back home does not bring the credentials back", async () => {
    const homeReplies: Reply[] = [];
    const home = await opened(serve((...all) => homeReplies[0]?.(...all), json({})));
    const away = await opened(serve(to(`${home.url}/end`)));
    homeReplies.push(to(`${away.url}/away`));
    await client(home).send({ ...get, headers: { authorization: "Bearer hunter22" } });
    expect(home.received[1]?.headers.authorization).toBeUndefined();
  });

  it("to another origin is shown without its query, in errors and answers", async () => {
    const storage = await opened(serve(json({}), text("", 403)));
    const server = await opened(serve(to(`${storage.url}/blob?X-Amz-Signature=hunter22`)));
    const http = client(server);
    expect((await http.send(get)).url).toBe(`${storage.url}/blob?***`);
    const error = await failure(http.send(get));
    expect(error).toMatchObject({ status: 403 });
    expect(JSON.stringify(error)).not.toContain("hunter22");
  });

  it("to another origin that wants credentials gets none", async () => {
    const storage = await opened(serve(text("", 401, { "www-authenticate": "Basic realm=x" })));
    const server = await opened(serve(to(`${storage.url}/`)));
    const authorizer = { authorize: async () => ({}), renew: jest.fn(async () => true) };
    expect(await failure(client(server, { authorizer }).send(get))).toMatchObject({ status: 401 });
    expect(authorizer.renew).not.toHaveBeenCalled();
  });

  it("is followed five times and not more", async () => {
    const chain = (length: number) => serve(...Array.from({ length }, (_, index) => to(`/${index}`)), text("end"));
    expect((await client(await opened(chain(5))).send(get)).body.toString()).toBe("end");
    const server = await opened(chain(6));
    const error = await failure(client(server).send(get));
    expect(error).toMatchObject({ kind: "redirect", status: 307, attempts: 1 });
    expect(error.message).toContain("more than 5 redirects");
    expect(server.received).toHaveLength(6);
  });

  it.each([
    ["in a circle", "/x", "in a circle"],
    ["without an address", undefined, "a redirect without Location"],
    ["to no address", "http://[", "a redirect to an invalid address"],
    ["to another scheme", "file:///etc/passwd", "file: is not http or https"],
    ["with credentials in it", "http://user:hunter22@registry.example/", "the address holds credentials"],
  ])("%s is an error", async (_how, location, problem) => {
    const server = await opened(serve(text("", 302, location === undefined ? {} : { location })));
    const error = await failure(client(server).send(get));
    expect(error).toMatchObject({ kind: "redirect", attempts: 1 });
    expect(error.message).toContain(problem);
    expect(`${error.stack}`).not.toContain("hunter22");
  });

  it("may be an answer, if it is expected; otherwise `redirects: 0` makes it an error", async () => {
    const server = await opened(serve(to("/y")));
    expect((await client(server).send({ ...get, expect: [307] })).headers.get("location")).toBe("/y");
    expect((await failure(client(server).send({ ...get, redirects: 0 }))).message).toContain("none is to be followed");
    expect(server.received).toHaveLength(2);
  });
});

describe("a redirect of any other method", () => {
  it.each(["POST", "PUT", "PATCH", "DELETE"] as const)("(%s) is never followed", async (method) => {
    const server = await opened(serve(to("/y")));
    const error = await failure(client(server).send({ method, route: "/x" }));
    expect(error).toMatchObject({ kind: "redirect", status: 307 });
    expect(error.message).toContain(`a ${method} is not redirected (to ${server.url}/y)`);
    expect(server.received).toHaveLength(1);
  });
});

describe("a step from one URL to another", () => {
  it.each([
    ["https://a.example/", "http://a.example/", "it leads from https to http"],
    ["https://a.example/", "https://169.254.169.254/latest", "it leads from a public host to a private address"],
    ["https://a.example/", "https://localhost/", "it leads from a public host to a private address"],
    ["https://a.example/", "https://[::1]/", "it leads from a public host to a private address"],
    ["https://a.example/", "https://[::ffff:10.0.0.1]/", "it leads from a public host to a private address"],
    ["https://a.example/", "https://b.example/", undefined],
    ["http://a.example/", "https://b.example/", undefined],
    ["http://127.0.0.1:1/", "http://127.0.0.1:2/", undefined],
    ["http://10.0.0.1/", "http://10.0.0.2/", undefined],
  ])("%s to %s: %s", (from, target, reason) => {
    expect(forbiddenStep(new URL(from), new URL(target))).toBe(reason);
  });

  it.each([
    ["localhost", true],
    ["app.localhost", true],
    ["0.0.0.0", true],
    ["127.8.8.8", true],
    ["172.31.0.1", true],
    ["172.32.0.1", false],
    ["8.8.8.8", false],
    ["[fe80::1]", true],
    ["[2001:db8::1]", false],
    ["10.example", false],
  ])("%s is private: %s", (host, expected) => {
    expect(isPrivateHost(host)).toBe(expected);
  });
});
