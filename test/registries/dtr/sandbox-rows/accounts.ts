import { all } from "../rows";
import { row, type SandboxRow } from "../sandbox-row";
import { app, now, type World } from "../sandbox-world";
import { repository, user } from "./answers";

const hook = { type: "REPO_EVENT", key: "team" };
const team = { organization: "team", team: "developers" };
const cacheOf = async ({ client }: World) => {
  const cache = await client.contentCaches.create({ name: "eu", host: "https://cache.example" });
  return cache.id;
};

const accountRows: readonly SandboxRow[] = [
  row("accounts.language", { call: ({ client }) => client.accounts.language(), gives: () => ({ language: "en" }) }),
  row("accounts.delete", {
    // No status is published for 2.6.
    status: [200, 204],
    call: ({ client }) => client.accounts.delete({ namespace: "team" }),
    effect: ({ state, dtr }) => {
      expect([...state.world.repositories.keys()]).toEqual(["stranger/own"]);
      expect([...state.world.accounts.values()].some(({ name }) => name === "team")).toBe(false);
      expect(dtr.store.repository("team/app")).toBeUndefined();
    },
  }),
  row("accounts.deleteRepositories", {
    status: 204,
    call: ({ client }) => client.accounts.deleteRepositories({ namespace: "team" }),
    effect: ({ state, accountId }) => {
      expect([...state.world.repositories.keys()]).toEqual(["stranger/own"]);
      expect(accountId("team")).toEqual(expect.any(String));
    },
  }),
  row("accounts.webhooks", {
    arrange: ({ client, receiver }) => client.webhooks.create({ ...hook, endpoint: receiver }),
    call: ({ client }) => client.accounts.webhooks({ namespace: "team" }),
    gives: () => [expect.objectContaining(hook)],
  }),
  row("accounts.teamRepositoryAccess", {
    call: ({ client }) => all(client.accounts.teamRepositoryAccess(team)),
    gives: (world) => [{ accessLevel: "read-write", repository: repository(world, "team/app") }],
  }),
  row("accounts.userRepositoryAccess", {
    call: ({ client }) => client.accounts.userRepositoryAccess({ username: "dev", ...app }),
    gives: (world) => ({ accessLevel: "read-write", user: user(world, "dev"), repository: repository(world, "team/app") }),
  }),
  row("accounts.getSettings", { call: ({ client }) => client.accounts.getSettings({ username: "dev" }), gives: () => ({}) }),
  row("accounts.getSettings of a cache", {
    arrange: async (world) => {
      const id = await cacheOf(world);
      await world.client.accounts.updateSettings({ username: "dev", contentCacheUUID: id });
      return id;
    },
    call: ({ client }) => client.accounts.getSettings({ username: "dev" }),
    gives: (_, contentCacheUUID) => ({ contentCacheUUID }),
  }),
  row("accounts.updateSettings", {
    arrange: cacheOf,
    call: ({ client }, contentCacheUUID) => client.accounts.updateSettings({ username: "dev", contentCacheUUID }),
    effect: ({ state, accountId }, contentCache) => expect(state.world.accounts.get(accountId("dev"))).toMatchObject({ contentCache }),
  }),
];

const tokenOf = async ({ client }: World) => {
  const { token, hashedToken } = await client.apiTokens.create({ username: "dev", tokenLabel: "ci" });
  return { token, hashedToken };
};
const tokenAnswer = (hashedToken: unknown, changed: Readonly<Record<string, unknown>> = {}) => ({
  hashedToken,
  tokenLabel: "ci",
  isActive: true,
  createdAt: now,
  generatedBy: "user",
  creatorUa: expect.stringContaining("registry-as-code"),
  ...changed,
});

const tokenRows: readonly SandboxRow[] = [
  row("apiTokens.list", {
    arrange: async (world) => [await tokenOf(world), await tokenOf(world), await tokenOf(world)],
    call: ({ client }) => all(client.apiTokens.list({ username: "dev" })),
    gives: (_, made) =>
      made.map(({ hashedToken }) => tokenAnswer(hashedToken)).toSorted((a, b) => (String(a.hashedToken) < String(b.hashedToken) ? -1 : 1)),
  }),
  row("apiTokens.create", {
    call: ({ client }) => client.apiTokens.create({ username: "dev", tokenLabel: "ci" }),
    gives: () => ({ ...tokenAnswer(expect.stringMatching(/^[0-9a-f]{64}$/)), token: expect.any(String) }),
    effect: ({ state, accountId }) =>
      expect([...state.tokens.values()]).toEqual([expect.objectContaining({ owner: accountId("dev"), tokenLabel: "ci" })]),
  }),
  row("apiTokens.deleteMany", {
    arrange: async (world) => {
      world.state.addToken("dev");
      await tokenOf(world);
    },
    call: ({ client }) => client.apiTokens.deleteMany({ username: "dev", usedbefore: "2027-01-01T00:00:00Z", generatedby: "auto" }),
    effect: ({ state }) => expect([...state.tokens.values()].map(({ tokenLabel }) => tokenLabel)).toEqual(["ci"]),
  }),
  row("apiTokens.get", {
    arrange: async (world) => {
      const made = await tokenOf(world);
      await world.as({ username: "dev", token: made.token }).accounts.language();
      return made;
    },
    call: ({ client }, { hashedToken }) => client.apiTokens.get({ hashedToken }),
    gives: (_, { hashedToken }) => tokenAnswer(hashedToken, { lastUsed: now }),
  }),
  row("apiTokens.update", {
    arrange: tokenOf,
    call: ({ client }, { hashedToken }) => client.apiTokens.update({ hashedToken, isActive: false }),
    gives: (_, { hashedToken }) => tokenAnswer(hashedToken, { isActive: false }),
    effect: ({ as }, { token }) => expect(as({ username: "dev", token }).accounts.language()).rejects.toMatchObject({ status: 401 }),
  }),
  row("apiTokens.delete", {
    arrange: tokenOf,
    call: ({ client }, { hashedToken }) => client.apiTokens.delete({ hashedToken }),
    effect: async ({ as, state }, { token }) => {
      expect(state.tokens.size).toBe(0);
      await expect(as({ username: "dev", token }).accounts.language()).rejects.toMatchObject({ status: 401 });
    },
  }),
];

export const peopleRows: readonly SandboxRow[] = [...accountRows, ...tokenRows];
