import { rows } from "../../../provider/registries/call";
import type { RegistryUiClient } from "../../../provider/registries/registryui";
import { connectRegistryUi, operations } from "../../../provider/registries/registryui";
import { connected, token } from "./connected";

const entry = { fullPath: "team/app", name: "app" };
const tag = { repositoryName: "team/app", tagName: "v1", details: { digest: "sha256:1" } };
const list = (entries: readonly object[]) => ({ error: null, total: entries.length, count: entries.length, entries });

const calls: readonly {
  readonly name: string;
  readonly line: string;
  readonly answer: object;
  readonly run: (client: RegistryUiClient) => Promise<unknown>;
}[] = [
  {
    name: "isoffline",
    line: "GET /udr/v1api/isoffline",
    answer: { error: null, data: false },
    run: (client) => client.registry.isOffline(),
  },
  {
    name: "setoffline",
    line: "POST /udr/v1api/setoffline",
    answer: { error: null, data: true },
    run: (client) => client.registry.setOffline(),
  },
  {
    name: "setonline",
    line: "POST /udr/v1api/setonline",
    answer: { error: null, data: true },
    run: (client) => client.registry.setOnline(),
  },
  {
    name: "garbagecollection",
    line: "POST /udr/v1api/garbagecollection",
    answer: { error: null, data: true },
    run: (client) => client.garbageCollection.run(),
  },
  {
    name: "project/create",
    line: "POST /udr/v1api/project/create?repository=team%2Fapp&title=Our+%26+app&isPublic=true",
    answer: { error: null, data: entry },
    run: (client) => client.projects.create({ repository: "team/app", title: "Our & app", isPublic: true }),
  },
  {
    name: "repositories",
    line: "GET /udr/v1api/repositories?folder=team&take=200&startAfter=team%2Fab",
    answer: list([entry]),
    run: (client) => Array.fromAsync(client.repositories.list({ folder: "team", startAfter: "team/ab" })),
  },
  {
    name: "folder",
    line: "DELETE /udr/v1api/folder?path=team%2Fapp",
    answer: { error: null, data: true },
    run: (client) => client.folders.delete({ path: "team/app" }),
  },
  {
    name: "tags",
    line: "GET /udr/v1api/tags?repository=team%2Fapp&take=200",
    answer: list([tag]),
    run: (client) => Array.fromAsync(client.tags.list({ repository: "team/app" })),
  },
  {
    name: "taginfo",
    line: "GET /udr/v1api/taginfo?repository=team%2Fapp&tagName=v1",
    answer: { error: null, data: tag },
    run: (client) => client.tags.get({ repository: "team/app", tag: "v1" }),
  },
  {
    name: "taginfo (delete)",
    line: "DELETE /udr/v1api/taginfo?repository=team%2Fapp&tagName=v1",
    answer: { error: null, data: true },
    run: (client) => client.tags.delete({ repository: "team/app", tag: "v1" }),
  },
];

describe("the ten calls on the wire", () => {
  it("are all there", () => expect(rows(operations)).toHaveLength(calls.length));

  it.each(calls)("$name: arguments in the query, no body, Basic with the user's token", async ({ line, answer, run }) => {
    await connected(
      () => ({ json: answer }),
      async ({ client, server }) => {
        await run(client);
        const [seen, ...more] = server.seen;
        expect(more).toEqual([]);
        const [path = "", query = ""] = (seen?.url ?? "").split("?");
        const [wantedPath, wantedQuery = ""] = line.split("?");
        expect(`${seen?.method} ${path}`).toBe(wantedPath);
        expect([...new URLSearchParams(query)].sort()).toEqual([...new URLSearchParams(wantedQuery)].sort());
        expect(seen?.body).toBe("");
        expect(seen?.headers.authorization).toBe(`Basic ${Buffer.from(`build:${token}`).toString("base64")}`);
        if (seen?.method === "POST")
          expect(seen.headers).toMatchObject({ "content-length": "0", "content-type": "application/x-www-form-urlencoded" });
      },
    );
  });

  it("go without credentials where none were given", async () => {
    await connected(
      () => ({ json: list([entry]) }),
      async ({ client, server }) => {
        await Array.fromAsync(client.repositories.list());
        expect(server.seen[0]?.headers.authorization).toBeUndefined();
      },
      { username: undefined, token: undefined },
    );
  });

  it("an address with /udr/v1api or /v2 at its end means the same, and both APIs have one origin and one user", async () => {
    await connected(
      ({ url, headers }) => {
        if (!url.startsWith("/v2")) return { json: list([entry]) };
        if (!headers.authorization) return { status: 401, text: "", headers: { "www-authenticate": 'Basic realm="RegistryUI"' } };
        return { json: { name: "team/app", tags: ["v1"] } };
      },
      async ({ server }) => {
        for (const end of ["", "/", "/udr/v1api", "/udr/v1api/", "/v2", "/v2/"]) {
          const client = connectRegistryUi({ url: server.url + end, username: "build", token, env: {} });
          await Array.fromAsync(client.repositories.list());
          await Array.fromAsync(client.oci.tags("team/app" as never));
          expect(client.url).toBe(server.url);
          await client.close();
        }
        expect(new Set(server.lines().map((line) => line.split("?")[0]))).toEqual(
          new Set(["GET /udr/v1api/repositories", "GET /v2/team/app/tags/list"]),
        );
        expect(new Set(server.seen.flatMap(({ headers }) => headers.authorization ?? [])).size).toBe(1);
        expect(server.lines().filter((line) => line.startsWith("GET /v2"))).toHaveLength(12);
      },
    );
  });

  it("half of the credentials is an error at once", () => {
    expect(() => connectRegistryUi({ url: "https://registry.example.com", username: "build" })).toThrow("the token is missing");
    expect(() => connectRegistryUi({ url: "https://registry.example.com", token })).toThrow("the user name is missing");
  });
});

describe("the three lookups, whose samples send POST", () => {
  it.each([404, 405])("are asked for by POST from the first %i on", async (status) => {
    await connected(
      ({ method }) => (method === "GET" ? { status, text: "no" } : { json: list([entry]) }),
      async ({ client, server }) => {
        expect(await Array.fromAsync(client.repositories.list())).toHaveLength(1);
        expect(await Array.fromAsync(client.repositories.list())).toHaveLength(1);
        expect(server.seen.map(({ method }) => method)).toEqual(["GET", "POST", "POST"]);
        expect(server.seen[1]).toMatchObject({ url: server.seen[0]?.url, body: "" });
      },
    );
  });

  it("keep the error of the GET where POST fails, too", async () => {
    await connected(
      ({ method }) => ({ status: method === "GET" ? 404 : 400, text: "no" }),
      async ({ client }) => {
        await expect(client.tags.get({ repository: "a", tag: "b" })).rejects.toThrow(/^GET .*\/taginfo\?.*: 404/);
      },
    );
  });

  it("deletions never are", async () => {
    await connected(
      () => ({ status: 405, text: "no" }),
      async ({ client, server }) => {
        await expect(client.folders.delete({ path: "a" })).rejects.toThrow("405");
        expect(server.seen).toHaveLength(1);
      },
    );
  });
});
