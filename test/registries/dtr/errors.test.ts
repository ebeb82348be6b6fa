import fc from "fast-check";
import {
  type DtrClient,
  isExisting,
  isGone,
  isInNotary,
  isInvalid,
  isNotAuthorized,
  RegistryError,
} from "../../../provider/registries/dtr";
import type { Reply } from "../selectel/scripted-server";
import { connected, failure } from "./connected";

const repository = { namespace: "a", repository: "b" };
const policy = { ...repository, id: "1" };
const rules = [{ field: "tag", operator: "zzz", values: ["x"] }];

const calls = {
  getRepository: (client: DtrClient) => client.repositories.get(repository),
  createRepository: (client: DtrClient) => client.repositories.create({ namespace: "a", name: "b" }),
  deleteRepository: (client: DtrClient) => client.repositories.delete(repository),
  deleteTag: (client: DtrClient) => client.tags.delete({ ...repository, tag: "1" }),
  getPolicy: (client: DtrClient) => client.pruningPolicies.get(policy),
  createPolicy: (client: DtrClient) => client.pruningPolicies.create({ ...repository, enabled: true, rules }),
  testPolicy: (client: DtrClient) => Array.fromAsync(client.pruningPolicies.test({ ...repository, rules })),
  updatePolicy: (client: DtrClient) => client.pruningPolicies.update({ ...policy, rules }),
  createMirror: (client: DtrClient) =>
    client.pollMirroringPolicies.create({ ...repository, remoteHost: "https://x", remoteRepository: "c/d", enabled: true }),
  grant: (client: DtrClient) => client.repositories.setTeamAccess({ ...repository, team: "t", accessLevel: "admin" }),
  createAccount: (client: DtrClient) => client.enzi.accounts.create({ name: "x", isOrg: true }),
  settings: (client: DtrClient) => client.meta.getSettings(),
  scan: (client: DtrClient) => client.imageScan.status(),
};
type Kind = "gone" | "existing" | "invalid" | "inNotary" | "notAuthorized";
const predicates: Readonly<Record<Kind, (error: unknown) => boolean>> = {
  gone: (error) => isGone(error),
  existing: isExisting,
  invalid: isInvalid,
  inNotary: isInNotary,
  notAuthorized: isNotAuthorized,
};

const coded = (status: number, code: string): Reply => ({ status, json: { errors: [{ code, message: "words" }] } });
const page: Reply = { status: 404, text: "<html><title>Not Found</title></html>", headers: { "content-type": "text/html" } };

/** Call, answer, what the failure means, and what the reader is told to do. */
const table: readonly (readonly [keyof typeof calls, Reply, Kind | undefined, RegExp | undefined])[] = [
  ["getRepository", coded(404, "NO_SUCH_REPOSITORY"), "gone", /may not see it/],
  ["getRepository", { status: 404 }, "gone", undefined],
  ["getRepository", { status: 404, json: {} }, "gone", undefined],
  // A proxy's page says nothing about the repository.
  ["getRepository", page, undefined, undefined],
  ["deleteTag", coded(404, "NO_SUCH_TAG"), "gone", undefined],
  ["getPolicy", coded(404, "NO_SUCH_PRUNING_POLICY"), "gone", undefined],
  ["updatePolicy", coded(404, "NO_SUCH_PRUNING_POLICY"), "gone", /create it again/],
  ["createPolicy", coded(404, "INVALID_PRUNING_POLICY"), "invalid", /nothing is missing; check fields, operators and values/],
  ["updatePolicy", coded(404, "INVALID_PRUNING_POLICY"), "invalid", /nothing is missing/],
  ["createMirror", coded(404, "INVALID_POLL_MIRRORING_POLICY"), "invalid", /nothing is missing/],
  // What it was posted to may be gone, or not: nobody says.
  ["createPolicy", { status: 404 }, undefined, undefined],
  ["updatePolicy", { status: 404 }, undefined, undefined],
  ["grant", { status: 404, json: {} }, undefined, undefined],
  ["createMirror", coded(400, "REMOTE_REGISTRY_INVALID_PERMISSIONS"), undefined, /The other registry refuses this login/],
  ["createRepository", coded(400, "REPOSITORY_EXISTS"), "existing", /adopt it/],
  ["createRepository", coded(400, "INVALID_REPOSITORY_VISIBILITY"), "invalid", undefined],
  ["createRepository", { status: 400, text: "bad name" }, "invalid", undefined],
  ["createRepository", coded(404, "NO_SUCH_ACCOUNT"), "gone", /no such user or organization/],
  ["createAccount", coded(400, "ACCOUNT_EXISTS"), "existing", undefined],
  ["createAccount", coded(409, "ACCOUNT_EXISTS"), "existing", undefined],
  ["createAccount", { status: 409 }, "existing", undefined],
  // Nothing was to be created.
  ["deleteTag", { status: 409 }, undefined, undefined],
  ["deleteTag", coded(409, "TAG_IN_NOTARY"), "inNotary", /tag is signed.*docker trust revoke.*notary/],
  ["deleteRepository", coded(405, "REPOSITORY_CONTAINS_TAGS_IN_NOTARY"), "inNotary", /holds signed tags.*docker trust revoke.*notary/],
  ["deleteRepository", coded(405, "NOT_ALLOWED"), undefined, undefined],
  ["getRepository", coded(401, "NOT_AUTHENTICATED"), "notAuthorized", /access token works in place of the password/],
  ["deleteTag", coded(403, "NOT_AUTHORIZED"), "notAuthorized", /changing tags write access/],
  ["settings", coded(403, "NOT_AUTHORIZED"), "notAuthorized", /needs a system administrator/],
  ["createAccount", coded(403, "NOT_AUTHORIZED"), "notAuthorized", /needs a system administrator/],
  ["grant", coded(404, "NO_SUCH_TEAM"), "gone", /must exist in the organization/],
  ["scan", coded(400, "SCANNING_NOT_ENABLED"), undefined, /scanningEnabled/],
  ["grant", coded(403, "NOT_AUTHORIZED"), "notAuthorized", /admin access/],
  ["testPolicy", { status: 504, text: "<html><title>504</title></html>" }, undefined, /^((?!initialEvaluation).)*$/],
  ["createPolicy", { status: 504, text: "<html><title>504</title></html>" }, undefined, /initialEvaluation: false/],
];

describe("what a failure means", () => {
  it.each(table)("%s: %j is %s", async (name, reply, kind, hint) => {
    await connected(
      () => reply,
      async ({ client }) => {
        const error = await failure(calls[name](client));
        expect(error).toBeInstanceOf(RegistryError);
        const is = Object.entries(predicates).filter(([, predicate]) => predicate(error));
        expect(is.map(([name]) => name)).toEqual(kind === undefined ? [] : [kind]);
        if (hint) expect(error.message).toMatch(hint);
      },
    );
  });

  it("is one thing at the most, and never that something is gone for what is invalid", () => {
    const code = fc.option(
      fc.constantFrom(
        "NO_SUCH_TAG",
        "INVALID_PRUNING_POLICY",
        "REPOSITORY_EXISTS",
        "TAG_IN_NOTARY",
        "REPOSITORY_CONTAINS_TAGS_IN_NOTARY",
        "X",
      ),
      { nil: undefined },
    );
    const facts = { route: "/x", url: "http://x/x", kind: "status", fate: "answered" } as const;
    fc.assert(
      fc.property(fc.integer({ min: 404, max: 599 }), fc.constantFrom("GET", "POST", "PUT", "DELETE"), code, (status, method, code) => {
        const error = new RegistryError({ ...facts, method, status, ...(code !== undefined && { code }) });
        expect(Object.values(predicates).filter((predicate) => predicate(error)).length).toBeLessThanOrEqual(1);
        if (code?.startsWith("INVALID_"))
          expect([isGone(error), isGone(error, "NO_SUCH_TAG"), isInvalid(error)]).toEqual([false, false, true]);
      }),
    );
  });

  it.each<[string, (client: DtrClient) => Promise<unknown>]>([
    ["a deletion", calls.deleteTag],
    ["a grant", calls.grant],
    ["a repository", calls.getRepository],
    ["settings", calls.settings],
    ["a user's settings", (client) => client.accounts.getSettings({ username: "jane" })],
    ["a team's LDAP", (client) => client.enzi.memberSync.get({ organization: "a", team: "t" })],
    ["a list", (client) => client.webhooks.list()],
    ["a list in pages", (client) => Array.fromAsync(client.repositories.list())],
  ])("is also what a success says that it is none: %s", async (_what, call) => {
    await connected(
      () => coded(200, "INTERNAL_ERROR"),
      async ({ client }) => {
        const error = await failure(call(client));
        expect(error).toBeInstanceOf(RegistryError);
        for (const predicate of Object.values(predicates)) expect(predicate(error)).toBe(false);
      },
    );
  });

  it("is not what a body says that nobody needs", async () => {
    for (const json of [{ errors: [] }, { errors: null }, { errors: ["x"] }, { teamAccessList: [] }, []]) {
      await connected(
        () => ({ json }),
        async ({ client }) => expect(await calls.grant(client)).toBeUndefined(),
      );
    }
  });

  it("is told by the wanted codes alone where there are some", async () => {
    await connected(
      () => coded(404, "NO_SUCH_REPOSITORY"),
      async ({ client }) => {
        const error = await failure(calls.getPolicy(client));
        expect(isGone(error)).toBe(true);
        expect(isGone(error, "NO_SUCH_PRUNING_POLICY")).toBe(false);
        expect(isGone(error, "NO_SUCH_PRUNING_POLICY", "NO_SUCH_REPOSITORY")).toBe(true);
      },
    );
  });

  it.each([undefined, null, "404", new Error("404 NO_SUCH_REPOSITORY"), { status: 404, code: "NO_SUCH_REPOSITORY" }])(
    "%p is no answer of the server",
    (error) => {
      for (const predicate of Object.values(predicates)) expect(predicate(error)).toBe(false);
    },
  );

  it("is not that something is gone, where nobody answered", async () => {
    await connected(
      () => ({ reset: true }),
      async ({ client }) => {
        const error = await failure(calls.getRepository(client));
        for (const predicate of Object.values(predicates)) expect(predicate(error)).toBe(false);
      },
    );
  });

  it("is not sent again if the credentials are refused", async () => {
    await connected(
      () => coded(401, "NOT_AUTHENTICATED"),
      async ({ client, server }) => {
        await failure(calls.getRepository(client));
        expect(server.seen).toHaveLength(1);
      },
    );
  });
});
