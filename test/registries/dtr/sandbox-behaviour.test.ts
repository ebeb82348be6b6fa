import {
  createApiToken,
  createWebhook,
  findTeam,
  findWebhook,
  forgetTeam,
  isFateUnknown,
  isGone,
  isNotAuthorized,
  RegistryError,
  submitJob,
  waitForJob,
} from "../../../provider/registries/dtr";
import { jumpingClock } from "../selectel/connected";
import { failure } from "./connected";
import { all } from "./rows";
import { app, type World, withWorld } from "./sandbox-world";

const rules = [{ field: "tag", operator: "eq", values: ["v1"] }];
const wait = () => ({ deadline: 60_000, clock: jumpingClock() });
const names = async (list: AsyncIterable<{ readonly namespace: string; readonly name: string }>) =>
  (await all(list)).map(({ namespace, name }) => `${namespace}/${name}`);

describe("a client without credentials", () => {
  it("sees what is public, where the server shows it", async () => {
    await withWorld({}, async ({ as }) => {
      const anybody = as({});
      expect(await names(anybody.repositories.list())).toEqual(["team/open"]);
      expect(await all(anybody.tags.list({ namespace: "team", repository: "open" }))).toEqual([]);
      expect(isNotAuthorized(await failure(anybody.repositories.get(app)))).toBe(true);
    });
  });

  it("is not authorized where the server shows nothing, but for health and version", async () => {
    await withWorld({ anonymous: "refused" }, async ({ as }) => {
      const anybody = as({});
      expect(isNotAuthorized(await failure(names(anybody.repositories.list())))).toBe(true);
      expect(isNotAuthorized(await failure(anybody.repositories.get({ namespace: "team", repository: "open" })))).toBe(true);
      expect(await anybody.service.docs()).toEqual({ version: "2.6.0" });
      expect(await anybody.service.health()).toEqual({ healthy: true, error: "" });
    });
  });
});

describe("what is nowhere documented", () => {
  it.each(["public", "private"] as const)("a repository without a visibility is %s", async (defaultVisibility) => {
    await withWorld({ defaultVisibility }, async ({ client }) => {
      expect(await client.repositories.create({ namespace: "team", name: "new" })).toMatchObject({ visibility: defaultVisibility });
    });
  });

  it("repositories of an account that the account API deleted may be left, for administrators to delete", async () => {
    await withWorld({ orphans: "left" }, async ({ client, state }) => {
      await client.enzi.accounts.delete({ name: "team" });
      expect(isGone(await failure(names(client.repositories.listInNamespace({ namespace: "team" }))), "NO_SUCH_ACCOUNT")).toBe(true);
      expect(await names(client.repositories.list())).toContain("team/app");
      await client.repositories.delete(app);
      expect(state.world.repositories.has("team/app")).toBe(false);
    });
  });

  it.each([
    ["all", 2],
    ["own", 1],
  ] as const)("an administrator who names no user lists %s tokens", async (tokensListed, count) => {
    await withWorld({ tokensListed, tokenGeneratedBy: "manual" }, async ({ client }) => {
      await client.apiTokens.create({ tokenLabel: "mine" });
      await client.apiTokens.create({ tokenLabel: "theirs", username: "dev" });
      expect(await all(client.apiTokens.list())).toHaveLength(count);
      expect(await all(client.apiTokens.list({ username: "dev" }))).toEqual([
        expect.objectContaining({ tokenLabel: "theirs", generatedBy: "manual" }),
      ]);
    });
  });

  it("a mirror whose login nobody tried fails when it is polled", async () => {
    await withWorld({ mirrorLogin: "unchecked", registryType: "hub" }, async ({ client, url }) => {
      const remote = { remoteHost: url, remoteRepository: "team/target", username: "dev", password: "wrong" };
      await client.pollMirroringPolicies.create({ ...app, ...remote, enabled: true });
      await waitForJob(client, (await submitJob(client, { action: "poll_mirror" })).id, wait());
      expect(await client.pollMirroringPolicies.list(app)).toEqual([
        expect.objectContaining({ lastStatus: expect.objectContaining({ code: "FAILURE", detail: expect.stringMatching(/./) }) }),
      ]);
      const login = { remoteHost: url, remoteRepository: "team/app", username: "reader", password: "reader-password" };
      expect(await client.remote.checkRegistry(login)).toEqual({ registryType: "hub", permissions: { read: true, write: false } });
    });
  });
});

describe("a policy that is evaluated for longer than a proxy waits", () => {
  const evaluated = { ...app, rules, enabled: true, initialEvaluation: true };

  it.each([
    ["create", ({ client }: World) => client.pruningPolicies.create(evaluated)],
    ["update", async ({ client }: World, id: string) => client.pruningPolicies.update({ ...evaluated, id })],
  ] as const)("is not sent again by %s, and the error says how to go on", async (_, send) => {
    await withWorld({ evaluationTimeout: 1 }, async (world) => {
      const { id } = await world.client.pruningPolicies.create({ ...app, rules: [], enabled: false });
      world.forget();
      const error = await failure(send(world, id));
      expect(world.seen()).toHaveLength(1);
      expect(error).toMatchObject({ kind: "status", status: 504, message: expect.stringMatching(/initialEvaluation: false/) });
      expect(isFateUnknown(error)).toBe(true);
      expect((await all(world.client.tags.list(app))).map(({ name }) => name)).toEqual(["multi", "v2"]);
    });
  });

  it("is looked for, where the caller says how", async () => {
    await withWorld({ evaluationTimeout: 1 }, async (world) => {
      const { client } = world;
      const find = async () => (await all(client.pruningPolicies.list(app)))[0];
      expect(await client.pruningPolicies.create(evaluated, { find })).toMatchObject({ enabled: true, rules });
      expect(world.state.repository("team/app").pruningPolicies.size).toBe(1);
    });
  });
});

describe("what is made with care", () => {
  const hook = { type: "TAG_PUSH", key: "team/app" };

  it.each([
    ["same", true, 1],
    ["another", false, 2],
  ] as const)("a webhook of which there is a twin: %s", async (webhookTwins, existed, count) => {
    for (const version of ["2.6", "2.7"] as const) {
      await withWorld({ webhookTwins, version }, async ({ client, receiver, state }) => {
        const first = await createWebhook(client, { ...hook, endpoint: receiver });
        expect(first.existed).toBe(false);
        const twin = await createWebhook(client, { ...hook, endpoint: receiver });
        expect([twin.existed, twin.webhook.id === first.webhook.id]).toEqual([existed, existed]);
        expect(state.webhooks.size).toBe(count);
        expect(await findWebhook(client, twin.webhook)).toMatchObject({ id: twin.webhook.id, endpoint: receiver });
      });
    }
  });

  it("a webhook is found by whoever may not list its key, and not after it is gone", async () => {
    await withWorld({ emptyLists: "null" }, async ({ client, as, receiver, state }) => {
      const keeper = as({ username: "keeper", password: "keeper-password" });
      const { webhook } = await createWebhook(keeper, { ...hook, endpoint: receiver });
      state.repository("team/app").grants.clear();
      expect(await findWebhook(keeper, webhook)).toMatchObject({ id: webhook.id });
      await client.webhooks.delete({ id: webhook.id });
      expect(await findWebhook(keeper, webhook)).toBeUndefined();
    });
  });

  const lost = (path: string) => ({ api: "dtr", method: "POST", path, fault: "reset-after" as const });

  it("is made once, though the answer was lost", async () => {
    await withWorld({}, async ({ client, control, receiver, state }) => {
      control.inject(lost("/webhooks$"));
      const { existed } = await createWebhook(client, { ...hook, endpoint: receiver });
      expect([existed, state.webhooks.size]).toEqual([false, 1]);
      control.inject(lost("/api_tokens$"));
      const { token } = await createApiToken(client, { tokenLabel: "ci" });
      expect([token.length > 0, state.tokens.size]).toEqual([true, 1]);
      control.inject(lost("/jobs$"));
      await submitJob(client, { action: "gc" });
      expect(state.jobs).toHaveLength(1);
      expect(control.faults()).toEqual([]);
    });
  });

  it("and without `find` it is told that nobody knows", async () => {
    await withWorld({}, async ({ client, control, state }) => {
      control.inject(lost("/jobs$"));
      const error = await failure(client.jobs.submit({ action: "gc" }));
      expect([error instanceof RegistryError, isFateUnknown(error), state.jobs.length]).toEqual([true, true, 1]);
    });
  });

  it("a team is asked for once, until it is forgotten", async () => {
    await withWorld({}, async ({ client, teamId, seen, forget }) => {
      forget();
      const found = await Promise.all(Array.from({ length: 20 }, () => findTeam(client, "team", "developers")));
      expect([new Set(found.map((team) => team?.id)), seen().length]).toEqual([new Set([teamId("developers")]), 1]);
      expect(await findTeam(client, "team", "none")).toBeUndefined();
      await client.enzi.teams.delete({ organization: "team", team: "developers" });
      forgetTeam(client, "team", "developers");
      expect(await findTeam(client, "team", "developers")).toBeUndefined();
    });
  });
});

describe("what is deleted twice", () => {
  const id = "00000000-0000-4000-8000-00000000ffff";
  const deletions: Readonly<Record<string, (world: World) => Promise<void>>> = {
    "repositoryNamespaces.deleteTeamAccess": ({ client }) =>
      client.repositoryNamespaces.deleteTeamAccess({ namespace: "team", team: "none" }).then(none),
    "repositories.delete": ({ client }) => client.repositories.delete({ namespace: "team", repository: "none" }).then(none),
    "repositories.deleteTeamAccess": ({ client }) => client.repositories.deleteTeamAccess({ ...app, team: "none" }).then(none),
    "promotionPolicies.delete": ({ client }) => client.promotionPolicies.delete({ ...app, id }).then(none),
    "pruningPolicies.delete": ({ client }) => client.pruningPolicies.delete({ ...app, id }).then(none),
    "pollMirroringPolicies.delete": ({ client }) => client.pollMirroringPolicies.delete({ ...app, id }).then(none),
    "pushMirroringPolicies.delete": ({ client }) => client.pushMirroringPolicies.delete({ ...app, id }).then(none),
    "accounts.delete": ({ client }) => client.accounts.delete({ namespace: "none" }).then(none),
    "crons.delete": ({ client }) => client.crons.delete({ action: "gc" }).then(none),
    "actionConfigs.delete": ({ client }) => client.actionConfigs.delete({ action: "gc" }).then(none),
    "jobs.delete": ({ client }) => client.jobs.delete({ id }).then(none),
    "contentCaches.delete": ({ client }) => client.contentCaches.delete({ id }).then(none),
    "enzi.members.delete": ({ client }) => client.enzi.members.delete({ organization: "team", user: "stranger" }).then(none),
    "enzi.teamMembers.delete": ({ client }) =>
      client.enzi.teamMembers.delete({ organization: "team", team: "readers", user: "stranger" }).then(none),
  };

  it.each(Object.entries(deletions))("%s: a success, or gone", async (_, remove) => {
    await withWorld({ deleteAbsent: "204" }, async (world) => expect(await remove(world)).toBeUndefined());
    for (const errors of ["list", "empty"] as const) {
      await withWorld({ deleteAbsent: "404", errors }, async (world) => expect(isGone(await failure(remove(world)))).toBe(true));
    }
  });
});

function none(value: unknown): void {
  expect(value).toBeUndefined();
}
