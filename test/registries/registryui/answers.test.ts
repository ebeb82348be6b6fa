import {
  isAborted,
  isExisting,
  isNotAuthorized,
  isOffline,
  RegistryError,
  type RegistryUiClient,
  utcTime,
} from "../../../provider/registries/registryui";
import type { Reply } from "../selectel/scripted-server";
import { connected, failure, token } from "./connected";

const html = { text: "<!DOCTYPE html><html><head><title>RegistryUI</title></head></html>", headers: { "content-type": "text/html" } };

const everything: readonly [string, (client: RegistryUiClient) => Promise<unknown>][] = [
  ["repositories", (client) => Array.fromAsync(client.repositories.list())],
  ["tags", (client) => Array.fromAsync(client.tags.list({ repository: "team/app" }))],
  ["taginfo", (client) => client.tags.get({ repository: "team/app", tag: "v1" })],
  ["taginfo (delete)", (client) => client.tags.delete({ repository: "team/app", tag: "v1" })],
  ["folder", (client) => client.folders.delete({ path: "team/app" })],
  ["project/create", (client) => client.projects.create({ repository: "team/app" })],
  ["garbagecollection", (client) => client.garbageCollection.run()],
  ["setoffline", (client) => client.registry.setOffline()],
  ["setonline", (client) => client.registry.setOnline()],
];

describe.each(everything)("%s", (_name, run) => {
  const forms: readonly [string, Reply][] = [
    ["with data false", { json: { error: "OFFLINE", data: false } }],
    ["with an empty list beside it", { json: { error: "OFFLINE", total: 0, count: 0, entries: [] } }],
    ["with what looks like success", { json: { error: "OFFLINE", data: true, total: 0, entries: [] } }],
    ["in lower case", { json: { error: " offline " } }],
    ["with status 403", { status: 403, json: { error: "OFFLINE", data: false } }],
    ["with status 503", { status: 503, json: { error: "OFFLINE", data: false }, headers: { "retry-after": "1" } }],
    ["as a bare text", { json: "OFFLINE" }],
  ];

  it.each(forms)("OFFLINE %s is an error of its own with the way out", async (_form, reply) => {
    await connected(
      () => reply,
      async ({ client }) => {
        const error = await failure(run(client));
        expect(isOffline(error)).toBe(true);
        expect(error.message).toMatch(/says nothing about what it holds.*set it online in RegistryUI/);
      },
    );
  });

  it.each([
    { form: "in a 200", reply: { json: { error: "NOTAUTHORIZED", data: false } } },
    { form: "with 401", reply: { status: 401, json: { error: "NOTAUTHORIZED", data: false } } },
    { form: "with 403", reply: { status: 403, json: { error: "NOTAUTHORIZED", data: false } } },
  ])("NOTAUTHORIZED $form names the user and what to check, and not the token", async ({ reply }) => {
    await connected(
      () => reply,
      async ({ client, server }) => {
        const error = await failure(run(client));
        expect(isNotAuthorized(error)).toBe(true);
        expect(isOffline(error)).toBe(false);
        expect(error.message).toContain("User > Token in RegistryUI; not the website's password");
        expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain(token);
        expect(server.seen).toHaveLength(1);
      },
    );
  });

  it("a text of the server is shown, shortened to a line, without the token", async () => {
    await connected(
      () => ({ json: { error: `Something\nbroke for ${token}`, data: true, total: 0, entries: [] } }),
      async ({ client }) => {
        const error = await failure(run(client));
        expect(error.message).toContain("the server says: Something broke for ***");
        expect(isOffline(error) || isNotAuthorized(error) || isExisting(error)).toBe(false);
      },
    );
  });

  it.each([
    ["an error that is an object", { json: { error: { code: 7 }, data: true, total: 0, entries: [] } }],
    ["HTML", html],
    ["no object", { json: [] }],
    ["nothing at all", { text: "" }],
    ["an envelope with nothing in it", { json: { error: null } }],
    ["data false", { json: { error: null, data: false } }],
    ["broken JSON", { text: '{"error":null,"data":tr' }],
    ["a list without its entries", { json: { error: null, total: 0, count: 0 } }],
    ["entries null although there are some", { json: { error: null, total: 3, count: 3, entries: null } }],
  ] as [string, Reply][])("%s is no answer", async (_what, reply) => {
    await connected(
      () => reply,
      async ({ client }) => {
        expect(await failure(run(client))).toBeInstanceOf(RegistryError);
      },
    );
  });
});

describe("what is sent once", () => {
  it.each([...everything.filter(([name]) => !["repositories", "tags", "taginfo"].includes(name))])(
    "%s is not repeated when its answer is lost",
    async (_name, run) => {
      await connected(
        () => ({ reset: true }),
        async ({ client, server }) => {
          const error = await failure(run(client));
          expect(error.message).toContain("It is unknown whether the request took effect");
          expect(server.seen).toHaveLength(1);
        },
      );
    },
  );

  it("EXISTS is told apart", async () => {
    await connected(
      () => ({ json: { error: "EXISTS", data: false } }),
      async ({ client }) => {
        const error = await failure(client.projects.create({ repository: "team/app" }));
        expect(isExisting(error)).toBe(true);
        expect(error.message).toContain("it exists already (EXISTS)");
      },
    );
  });

  it("ends with the signal", async () => {
    await connected(
      () => new Promise(() => undefined),
      async ({ client }) => {
        const controller = new AbortController();
        const running = client.garbageCollection.run({}, { signal: controller.signal });
        setImmediate(() => controller.abort());
        expect(isAborted(await failure(running))).toBe(true);
      },
    );
  });
});

describe("isoffline, whose answer nobody documents", () => {
  it.each([
    [{ error: null, data: true }, true],
    [{ error: null, data: false }, false],
    [{ error: null, data: "True" }, true],
    [{ error: null, data: "false" }, false],
    [{ error: null, data: { offline: true } }, true],
    [{ error: null, data: { isOffline: false } }, false],
    [{ error: null, offline: true }, true],
    [{ error: null, isOffline: "false" }, false],
    [{ error: "OFFLINE", data: false }, true],
    [true, true],
    ["false", false],
  ])("%j means %s", async (json, expected) => {
    await connected(
      () => ({ json }),
      async ({ client }) => {
        expect(await client.registry.isOffline()).toBe(expected);
      },
    );
  });

  it.each([
    { error: null, data: null },
    { error: null, data: 1 },
    { error: null, data: "maybe" },
    { error: null, data: {} },
    { error: null },
    {},
    [],
  ])("%j means nothing", async (json) => {
    await connected(
      () => ({ json }),
      async ({ client }) => {
        await expect(client.registry.isOffline()).rejects.toThrow(RegistryError);
      },
    );
  });

  it("says who may not ask", async () => {
    await connected(
      () => ({ json: { error: "NOTAUTHORIZED", data: false } }),
      async ({ client }) => {
        await expect(client.registry.isOffline()).rejects.toThrow(
          "user build is not authorized (NOTAUTHORIZED). This call needs a user with administrator rights",
        );
      },
    );
  });
});

describe("entries", () => {
  it("a repository of the vendor's sample", async () => {
    const sample = {
      id: 1006,
      fullPath: "alpine",
      available: true,
      name: "alpine",
      title: "A minimal Docker image based on Alpine Linux",
      description: { text: "Alpine", html: "<p>Alpine</p>" },
      isProject: true,
      isPublic: true,
      created: "2020-02-08T12:24:49.3427623",
      updated: null,
    };
    await connected(
      () => ({ json: { error: null, total: 1, count: 1, entries: [sample] } }),
      async ({ client }) => {
        expect(await Array.fromAsync(client.repositories.list())).toEqual([
          {
            fullPath: "alpine",
            name: "alpine",
            title: "A minimal Docker image based on Alpine Linux",
            descriptionHtml: "<p>Alpine</p>",
            isPublic: true,
            isProject: true,
            created: "2020-02-08T12:24:49.3427623Z",
            updated: undefined,
          },
        ]);
      },
    );
  });

  it("a tag of the vendor's sample", async () => {
    const sample = {
      id: 1010,
      repositoryName: "httpd",
      tagName: "latest",
      lastUpdated: "2020-02-11T17:55:41.0968036",
      lastUpdatedBy: "build",
      details: {
        digest: "sha256:1e0cddb4e8282099b384d44232e1edc1eb91c033d774f432f3f68dd7b193b3b1",
        size: 61854416,
        architecture: "amd64",
        layers: [{ id: "c0", config: null, created: "2020-02-02T00:15:26.9313022Z", docker_Version: "18.09.7", size: 32 }],
      },
      pushCount: 3,
      pullCount: 0,
      pullCommand: "docker pull registry.yoursite.com/httpd:latest",
    };
    await connected(
      () => ({ json: { error: null, data: sample } }),
      async ({ client }) => {
        expect(await client.tags.get({ repository: "httpd", tag: "latest" })).toMatchObject({
          repository: "httpd",
          tag: "latest",
          lastUpdated: "2020-02-11T17:55:41.0968036Z",
          digest: sample.details.digest,
          size: 61854416,
          layers: [{ id: "c0", created: "2020-02-02T00:15:26.9313022Z", size: 32 }],
          pushCount: 3,
          pullCount: 0,
        });
      },
    );
  });

  it.each([
    ["details null", { details: null }],
    ["no details", {}],
    ["details of another form", { details: { digest: null, layers: "none", size: "big" } }],
    ["a time that is none", { lastUpdated: "yesterday", details: null }],
  ])("a tag with %s is a tag", async (_what, parts) => {
    await connected(
      () => ({ json: { error: null, total: 1, count: 1, entries: [{ repositoryName: "a", tagName: "b", ...parts }] } }),
      async ({ client }) => {
        const [tag] = await Array.fromAsync(client.tags.list({ repository: "a" }));
        expect(tag).toMatchObject({ repository: "a", tag: "b", layers: [] });
        expect(tag?.digest).toBeUndefined();
        expect(tag?.lastUpdated).toBeUndefined();
      },
    );
  });

  it("a tag that the server answers with null is an error", async () => {
    await connected(
      () => ({ json: { error: null, data: null } }),
      async ({ client }) => {
        await expect(client.tags.get({ repository: "a", tag: "b" })).rejects.toThrow("there is no such tag");
      },
    );
  });
});

describe("times", () => {
  it.each([
    ["2020-02-11T17:55:41.0968036", 1581443741096],
    ["2020-02-11T17:55:41", 1581443741000],
    ["2020-02-11 17:55:41.1", 1581443741100],
    ["2020-02-11T17:55:41.0968036Z", 1581443741096],
    ["2020-02-11T18:55:41.0968036+01:00", 1581443741096],
    ["2020-02-11T18:55:41+0100", 1581443741000],
  ])("%s is UTC where it does not say otherwise", (text, milliseconds) => {
    expect(Date.parse(utcTime(text) ?? "")).toBe(milliseconds);
  });

  it.each(["", "yesterday", "0001-01-01T00:00:00", "2020-02-30T00:00:00", "2020-02-11", "2020-13-01T00:00:00"])("%j is none", (text) => {
    expect(utcTime(text)).toBeUndefined();
  });
});
