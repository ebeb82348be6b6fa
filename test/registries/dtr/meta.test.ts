import { connected, failure } from "./connected";
import { all, describeRows } from "./rows";
import { oldRepository } from "./samples";

const forbidden = [403, "NOT_AUTHORIZED"] as const;
const alert = { message: "license ends", id: "license", class: "warning", url: "https://example.com" };
const account = { name: "alpha", id: "u-1", fullName: "", isOrg: true };
const repository = { ...oldRepository, tagLimit: 0 };
const event = {
  id: "e1",
  publishedAt: "2019-05-22T01:55:20.471286995Z",
  actor: "194efd8e",
  actorType: "User",
  type: "CREATE",
  object: { id: "o1", type: "tag", name: "latest" },
  repository: "alpha/nginx",
};
const cache = { id: "cc-1", name: "eu", host: "https://cache" };
const remoteForm = {
  remoteHost: "https://old.example.com",
  remoteRepository: "a/b",
  remoteCA: "",
  skipTLSVerification: true,
  username: "u",
  password: "the-remote-password",
  authToken: "the-remote-token",
};
const settings = {
  dtrHost: "dtr.example.com",
  createRepositoryOnPush: true,
  scanningDeadline: 0,
  jobHistoryMaxAge: "0",
  webTLSClientCA: "",
  replicaSettings: { r1: { HTTPPort: 80, HTTPSPort: 443, node: "n1" } },
  httpProxy: "",
  logLevel: "INFO",
};
const emptySettings = { webTLSClientCA: "", clientCertAuthEnabled: false, disablePersistentCookies: true, scanningDeadline: 0 };

describe("meta, remote, index, content caches and events on the wire", () => {
  describeRows(
    ["meta", "remote", "index", "contentCaches", "events"],
    [
      {
        name: "meta.alerts",
        line: "GET /api/v0/meta/alerts",
        reply: { json: [alert, { message: "bare", img: "" }] },
        run: (client) => client.meta.alerts(),
        gives: [alert, { message: "bare" }],
        errors: [forbidden],
      },
      {
        name: "meta.clusterStatus",
        line: "GET /api/v0/meta/cluster_status",
        reply: {
          json: {
            rethink_system_tables: { server_status: [] },
            replica_health: { r1: "OK" },
            replica_timestamp: { r1: "2026-01-01T00:00:00Z" },
            replica_readonly: { r1: false },
            gc_lock_holder: "r1",
          },
        },
        run: (client) => client.meta.clusterStatus(),
        gives: {
          rethinkSystemTables: { server_status: [] },
          replicaHealth: { r1: "OK" },
          replicaTimestamp: { r1: "2026-01-01T00:00:00Z" },
          replicaReadonly: { r1: false },
          gcLockHolder: "r1",
        },
        errors: [forbidden],
      },
      {
        name: "meta.clusterStatus",
        line: "GET /api/v0/meta/cluster_status",
        reply: { json: { rethink_system_tables: null, replica_health: { r1: "OK" }, replica_timestamp: null, gc_lock_holder: "" } },
        run: (client) => client.meta.clusterStatus(),
        gives: { rethinkSystemTables: {}, replicaHealth: { r1: "OK" }, replicaTimestamp: {}, replicaReadonly: {} },
        errors: [],
      },
      {
        name: "meta.features",
        line: "GET /api/v0/meta/features",
        reply: {
          json: {
            scanningEnabled: true,
            scanningLicensed: true,
            promotionLicensed: true,
            onlineGCEnabled: true,
            db_version: 7,
            ucpHost: "ucp",
          },
        },
        run: (client) => client.meta.features(),
        gives: {
          scanningEnabled: true,
          scanningLicensed: true,
          promotionLicensed: true,
          mirroringLicensed: false,
          metadataStoreOptedIn: false,
          onlineGCEnabled: true,
          dbVersion: 7,
          ucpHost: "ucp",
        },
        errors: [],
      },
      {
        name: "meta.getSettings",
        line: "GET /api/v0/meta/settings",
        // Unknown keys stay; a key of an unexpected type, null and a key that must not come at all do not.
        reply: { json: { ...settings, scanningOption: "new", sso: "yes", noProxy: null, webTLSKey: "-----BEGIN" } },
        run: (client) => client.meta.getSettings(),
        gives: { ...settings, scanningOption: "new" },
        errors: [forbidden],
      },
      {
        name: "meta.updateSettings",
        line: "POST /api/v0/meta/settings",
        body: { createRepositoryOnPush: true },
        reply: { status: 202 },
        run: (client) => client.meta.updateSettings({ createRepositoryOnPush: true }),
        gives: undefined,
        errors: [[400, "INVALID_SETTINGS"], forbidden],
      },
      {
        name: "meta.updateSettings",
        line: "POST /api/v0/meta/settings",
        body: emptySettings,
        reply: { status: 202, json: { any: "body" } },
        run: (client) => client.meta.updateSettings(emptySettings),
        gives: undefined,
        errors: [],
      },
      {
        name: "remote.checkRegistry",
        line: "POST /api/v0/remote/registry",
        body: remoteForm,
        reply: { status: 201, json: { registryType: "dtr", permissions: { read: true, write: false } } },
        run: (client) => client.remote.checkRegistry(remoteForm),
        gives: { registryType: "dtr", permissions: { read: true, write: false } },
        errors: [[400, "REMOTE_REGISTRY_INVALID_PERMISSIONS"]],
      },
      {
        name: "index.autocomplete",
        line: "GET /api/v0/index/autocomplete?query=ng&includeRepositories=true&includeAccounts=false&namespace=alpha&limit=5",
        reply: { json: { accountResults: null, repositoryResults: [repository] } },
        run: (client) =>
          client.index.autocomplete({ query: "ng", includeRepositories: true, includeAccounts: false, namespace: "alpha", limit: 5 }),
        gives: { accountResults: [], repositoryResults: [repository] },
        errors: [],
      },
      {
        name: "index.autocomplete",
        line: "GET /api/v0/index/autocomplete?query=al%26pha",
        reply: { json: { accountResults: [account], repositoryResults: [] } },
        run: (client) => client.index.autocomplete({ query: "al&pha" }),
        gives: { accountResults: [account], repositoryResults: [] },
        errors: [],
      },
      {
        name: "index.dockerSearch",
        line: "GET /api/v0/index/dockersearch?q=nginx",
        reply: {
          json: {
            num_results: 1,
            query: "nginx",
            results: [{ name: "alpha/nginx", description: "d", is_official: false, is_trusted: true, star_count: 3 }],
          },
        },
        run: (client) => client.index.dockerSearch({ q: "nginx" }),
        gives: {
          query: "nginx",
          numResults: 1,
          results: [{ name: "alpha/nginx", description: "d", isOfficial: false, isTrusted: true, starCount: 3 }],
        },
        errors: [],
      },
      {
        name: "contentCaches.list",
        line: "GET /api/v0/content_caches",
        reply: { json: [cache] },
        run: (client) => client.contentCaches.list(),
        gives: [cache],
        errors: [forbidden],
      },
      {
        name: "contentCaches.create",
        line: "POST /api/v0/content_caches",
        body: { name: "eu", host: "https://cache" },
        reply: { status: 201, json: cache },
        run: (client) => client.contentCaches.create({ name: "eu", host: "https://cache" }),
        gives: cache,
        errors: [[400, "INVALID_PARAMETERS"], forbidden],
      },
      {
        name: "contentCaches.get",
        line: "GET /api/v0/content_caches/cc-1",
        reply: { json: cache },
        run: (client) => client.contentCaches.get({ id: "cc-1" }),
        gives: cache,
        errors: [forbidden, [404, "NO_SUCH_CONTENT_CACHE"]],
      },
      {
        name: "contentCaches.delete",
        line: "DELETE /api/v0/content_caches/cc-1",
        reply: { status: 204 },
        run: (client) => client.contentCaches.delete({ id: "cc-1" }),
        gives: undefined,
        errors: [forbidden, [404, "NO_SUCH_CONTENT_CACHE"]],
      },
      {
        name: "events.list",
        line: "GET /api/v0/events?publishedBefore=2030-01-01T00%3A00%3A00Z&publishedAfter=2019-01-01T00%3A00%3A00Z&actorId=u-1&eventType=CREATE&objectType=tag&pageSize=100",
        reply: { json: { events: [event, { ...event, id: "e2", object: { id: "", type: "tag" }, publishedAt: "0001-01-01T00:00:00Z" }] } },
        run: (client) =>
          all(
            client.events.list({
              publishedBefore: "2030-01-01T00:00:00Z",
              publishedAfter: "2019-01-01T00:00:00Z",
              actorId: "u-1",
              eventType: "CREATE",
              objectType: "tag",
            }),
          ),
        gives: [event, { ...event, id: "e2", object: { type: "tag" }, publishedAt: undefined }],
        errors: [[400, "INVALID_PARAMETERS"], forbidden],
      },
    ],
  );

  it("events are read to the last page, also those without an id", async () => {
    await connected(
      (_, index) => ({
        json: { events: [{ ...event, id: "", publishedAt: `2026-01-0${index + 1}T00:00:00Z` }] },
        headers: { "x-next-page-start": index < 2 ? `a/b&${index}` : "" },
      }),
      async ({ client, server }) => {
        expect((await all(client.events.list())).map(({ publishedAt }) => publishedAt?.slice(0, 10))).toEqual([
          "2026-01-01",
          "2026-01-02",
          "2026-01-03",
        ]);
        expect(server.lines()[2]).toBe("GET /api/v0/events?pageSize=100&pageStart=a%2Fb%261");
      },
    );
  });
});

describe("secrets", () => {
  it.each(["the-remote-password", "the-remote-token"])("%s of a checked login is in no error", async (secret) => {
    await connected(
      () => ({ status: 400, json: { errors: [{ code: "REMOTE_REGISTRY_INVALID_PERMISSIONS", message: `login with ${secret} failed` }] } }),
      async ({ client, server }) => {
        const error = await failure(client.remote.checkRegistry(remoteForm));
        expect(server.seen[0]?.body).toContain(secret);
        expect(error.message).toContain("login with *** failed");
        expect(JSON.stringify(error)).not.toContain(secret);
      },
    );
  });

  it("the server's private key is in no error, and not in what is logged of retries", async () => {
    const key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\n-----END KEY-----";
    const lines: string[] = [];
    await connected(
      () => ({ status: 503, json: { errors: [{ code: "INTERNAL_ERROR", message: `bad key ${key}` }] } }),
      async ({ client, server }) => {
        const error = await failure(client.meta.updateSettings({ webTLSKey: key }));
        expect(server.seen.length).toBeGreaterThan(1);
        expect(lines.length).toBeGreaterThan(0);
        expect(JSON.stringify(error) + error.message + lines.join()).not.toContain("MIIEvQIBADANBg");
      },
      { log: (line) => lines.push(line) },
    );
  });

  it.each([{}, { createRepositoryOnPush: undefined }, { scanningDeadline: 1.5 }, { webTLSKey: 7 }, { replicaSettings: {} }])(
    "settings that cannot be right are not sent: %j",
    async (given) => {
      await connected(
        () => ({}),
        async ({ client, server }) => {
          expect(await failure(client.meta.updateSettings(given as object))).toMatchObject({ kind: "request", fate: "not-sent" });
          expect(server.seen).toEqual([]);
        },
      );
    },
  );
});
