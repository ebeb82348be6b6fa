import { connected } from "./connected";
import { all, describeRows } from "./rows";
import { oldRepository as old, webhook } from "./samples";

const repository = { ...old, id: "77", namespace: "ci", name: "dc18", shortDescription: "x", longDescription: "y", tagLimit: 5 };
const form = {
  name: "dc18",
  shortDescription: "x",
  longDescription: "",
  enableManifestLists: false,
  immutableTags: true,
  scanOnPush: true,
  visibility: "public",
} as const;
const team = { id: "9d1e", clientUserIsMember: false };
const grant = { accessLevel: "read-write", team };
const never = "0001-01-01T00:00:00Z";
const event = {
  id: "e1",
  publishedAt: "2019-01-01T00:00:00.000000001Z",
  actor: "admin-id",
  actorType: "user",
  type: "CREATE",
  object: { id: "t1", type: "tag", name: "latest" },
  repository: "ci/dc18",
};
const denied = [403, "NOT_AUTHORIZED"] as const;
const none = [404, "NO_SUCH_REPOSITORY"] as const;
const odd = { namespace: "a b/ü", repository: "r%2?#" };
const oddPath = "/api/v0/repositories/a%20b%2F%C3%BC/r%252%3F%23";

describe("what teams may do in a namespace, on the wire", () => {
  describeRows(
    ["repositoryNamespaces"],
    [
      {
        name: "repositoryNamespaces.listTeamAccess",
        line: "GET /api/v0/repositoryNamespaces/org/teamAccess?pageSize=100",
        reply: { json: { namespace: "org", teamAccessList: [grant, { accessLevel: "admin", team: { id: "2" } }] } },
        run: (client) => all(client.repositoryNamespaces.listTeamAccess({ namespace: "org" })),
        gives: [grant, { accessLevel: "admin", team: { id: "2", clientUserIsMember: false } }],
        errors: [[400, "INVALID_PARAMETERS"], denied, [404, "NO_SUCH_ACCOUNT"]],
      },
      {
        name: "repositoryNamespaces.getTeamAccess",
        line: "GET /api/v0/repositoryNamespaces/org/teamAccess/build%20%26%20test",
        // DTR 1.3's form of the namespace.
        reply: { json: { ...grant, namespace: { name: "org" } } },
        run: (client) => client.repositoryNamespaces.getTeamAccess({ namespace: "org", team: "build & test" }),
        gives: { ...grant, namespace: "org" },
        errors: [denied, [404, "NO_SUCH_NAMESPACE_TEAM_ACCESS"]],
      },
      {
        name: "repositoryNamespaces.setTeamAccess",
        line: "PUT /api/v0/repositoryNamespaces/org/teamAccess/team",
        body: { accessLevel: "admin" },
        reply: { json: { accessLevel: "admin", team, namespace: "org" } },
        run: (client) => client.repositoryNamespaces.setTeamAccess({ namespace: "org", team: "team", accessLevel: "admin" }),
        gives: { accessLevel: "admin", team, namespace: "org" },
        errors: [[400, "INVALID_PARAMETERS"], denied, [404, "NO_SUCH_TEAM"]],
      },
      {
        name: "repositoryNamespaces.deleteTeamAccess",
        line: "DELETE /api/v0/repositoryNamespaces/org/teamAccess/team",
        reply: { status: 204 },
        run: (client) => client.repositoryNamespaces.deleteTeamAccess({ namespace: "org", team: "team" }),
        gives: undefined,
        errors: [denied, [404, "NO_SUCH_TEAM"]],
      },
    ],
  );
});

describe("repositories on the wire", () => {
  describeRows(
    ["repositories"],
    [
      {
        name: "repositories.list",
        line: "GET /api/v0/repositories?pageSize=100",
        reply: { json: { repositories: [old, { ...repository, fromTheFuture: 1 }] } },
        run: (client) => all(client.repositories.list()),
        gives: [{ ...old, tagLimit: 0 }, repository],
        errors: [],
      },
      {
        name: "repositories.list",
        line: "GET /api/v0/repositories?pageSize=100",
        // Go's empty list.
        reply: { json: { repositories: null } },
        run: (client) => all(client.repositories.list()),
        gives: [],
        errors: [],
      },
      {
        name: "repositories.listInNamespace",
        line: "GET /api/v0/repositories/ci?pageSize=100",
        reply: { json: { repositories: [repository] } },
        run: (client) => all(client.repositories.listInNamespace({ namespace: "ci" })),
        gives: [repository],
        errors: [[404, "NO_SUCH_ACCOUNT"]],
      },
      {
        name: "repositories.create",
        line: "POST /api/v0/repositories/ci",
        body: form,
        reply: { status: 201, json: { ...repository, tagLimit: undefined } },
        run: (client) => client.repositories.create({ namespace: "ci", ...form }),
        gives: { ...repository, tagLimit: 0 },
        errors: [[400, "REPOSITORY_EXISTS"], denied, [404, "NO_SUCH_ACCOUNT"]],
      },
      {
        name: "repositories.create",
        line: "POST /api/v0/repositories/ci",
        body: { name: "dc18" },
        // Some scripts see 200.
        reply: { status: 200, json: repository },
        run: (client) => client.repositories.create({ namespace: "ci", name: "dc18" }),
        gives: repository,
        errors: [],
      },
      {
        name: "repositories.toggleScanOnPush",
        line: "POST /api/v0/repositories/scan/toggle",
        body: { scanOnPush: false },
        reply: { status: 200 },
        run: (client) => client.repositories.toggleScanOnPush({ scanOnPush: false }),
        gives: undefined,
        errors: [[400, "INVALID_JSON"], denied],
      },
      {
        name: "repositories.get",
        line: `GET ${oddPath}`,
        reply: { json: repository },
        run: (client) => client.repositories.get(odd),
        gives: repository,
        errors: [none],
      },
      {
        name: "repositories.update",
        line: "PATCH /api/v0/repositories/ci/dc18",
        body: { immutableTags: false, tagLimit: 5 },
        reply: { json: repository },
        run: (client) => client.repositories.update({ namespace: "ci", repository: "dc18", immutableTags: false, tagLimit: 5 }),
        gives: repository,
        errors: [[400, "INVALID_REPOSITORY_VISIBILITY"], denied, none],
      },
      {
        name: "repositories.delete",
        line: "DELETE /api/v0/repositories/ci/dc18?domain=dtr.example.com%3A4443",
        reply: { status: 204 },
        run: (client) => client.repositories.delete({ namespace: "ci", repository: "dc18", domain: "dtr.example.com:4443" }),
        gives: undefined,
        errors: [denied, none, [405, "REPOSITORY_CONTAINS_TAGS_IN_NOTARY"]],
      },
      {
        name: "repositories.delete",
        line: `DELETE ${oddPath}`,
        reply: { status: 204 },
        run: (client) => client.repositories.delete(odd),
        gives: undefined,
        errors: [],
      },
      {
        name: "repositories.events",
        line: "GET /api/v0/repositories/ci/dc18/events?publishedAfter=2019-01-01T00%3A00%3A00Z&eventType=CREATE&excludePull=true&pageSize=100",
        reply: { json: { events: [event, { ...event, id: "e2", actor: "", target: null, repository: "", publishedAt: never }] } },
        run: (client) =>
          all(
            client.repositories.events({
              namespace: "ci",
              repository: "dc18",
              publishedAfter: "2019-01-01T00:00:00Z",
              eventType: "CREATE",
              excludePull: true,
            }),
          ),
        gives: [event, { id: "e2", actorType: "user", type: "CREATE", object: event.object }],
        errors: [[400, "INVALID_PARAMETERS"], denied, none],
      },
      {
        name: "repositories.listTeamAccess",
        line: "GET /api/v0/repositories/ns/repo/teamAccess?pageSize=100",
        reply: { json: { repository, teamAccessList: [grant] } },
        run: (client) => all(client.repositories.listTeamAccess({ namespace: "ns", repository: "repo" })),
        gives: [grant],
        errors: [denied, none],
      },
      {
        name: "repositories.setTeamAccess",
        line: "PUT /api/v0/repositories/ns/repo/teamAccess/team",
        body: { accessLevel: "read-write" },
        // What comes back for one grant is not sure, so it is not looked at.
        reply: { json: { any: "thing" } },
        run: (client) =>
          client.repositories.setTeamAccess({ namespace: "ns", repository: "repo", team: "team", accessLevel: "read-write" }),
        gives: undefined,
        errors: [[400, "INVALID_PARAMETERS"], denied, [404, "NO_SUCH_TEAM"]],
      },
      {
        name: "repositories.deleteTeamAccess",
        line: `DELETE ${oddPath}/teamAccess/a%2Fb`,
        reply: { status: 204 },
        run: (client) => client.repositories.deleteTeamAccess({ ...odd, team: "a/b" }),
        gives: undefined,
        errors: [[400, "INVALID_PARAMETERS"], denied, [404, "NO_SUCH_TEAM"]],
      },
      {
        name: "repositories.webhooks",
        line: "GET /api/v0/repositories/maria-testorg/lab-words/webhooks",
        reply: { json: [{ ...webhook, lastSuccessfulAt: never }] },
        run: (client) => client.repositories.webhooks({ namespace: "maria-testorg", repository: "lab-words" }),
        gives: [webhook],
        errors: [denied, none],
      },
    ],
  );
});

describe("what cannot be right is not sent", () => {
  const cases: readonly [string, (client: Parameters<Parameters<typeof connected>[1]>[0]["client"]) => Promise<unknown>, RegExp][] = [
    ["an update of nothing", (client) => client.repositories.update({ namespace: "a", repository: "b" }), /nothing to change/],
    ["an empty name", (client) => client.repositories.get({ namespace: "a", repository: "" }), /repository: must not be empty/],
    [
      "the folder above",
      (client) => client.repositories.delete({ namespace: "a", repository: ".." }),
      /"repository" has a "." or ".." segment/,
    ],
    ["a negative limit", (client) => client.repositories.create({ namespace: "a", name: "b", tagLimit: -1 }), /tagLimit/],
    [
      "an access level that there is not",
      // @ts-expect-error: so says the compiler
      (client) => client.repositoryNamespaces.setTeamAccess({ namespace: "a", team: "b", accessLevel: "write" }),
      /accessLevel/,
    ],
    [
      "a visibility that there is not",
      // @ts-expect-error: so says the compiler
      (client) => client.repositories.create({ namespace: "a", name: "b", visibility: "secret" }),
      /visibility/,
    ],
    [
      "a parameter that there is not",
      // @ts-expect-error: so says the compiler
      (client) => client.repositories.update({ namespace: "a", repository: "b", name: "c" }),
      /name/,
    ],
    // @ts-expect-error: so says the compiler
    ["a page of one's own", (client) => all(client.repositories.listInNamespace({ namespace: "a", pageLimit: 3 })), /pageLimit/],
  ];
  it.each(cases)("%s", async (_, run, message) => {
    await connected(
      () => ({ json: {} }),
      async ({ client, server }) => {
        await expect(run(client)).rejects.toMatchObject({ kind: "request", fate: "not-sent", message: expect.stringMatching(message) });
        expect(server.seen).toEqual([]);
      },
    );
  });
});
