import { all } from "../rows";
import { row, type SandboxRow } from "../sandbox-row";
import { app, now, type World } from "../sandbox-world";
import { event, organization, remote, repository } from "./answers";

const id = expect.any(String) as string;

const cacher = ({ client }: World) => client.contentCaches.create({ name: "eu", host: "https://cache.example" });
const cache = { id, name: "eu", host: "https://cache.example" };
const replica = "000000000000";

export const serverRows: readonly SandboxRow[] = [
  row("meta.alerts", { call: ({ client }) => client.meta.alerts(), gives: () => [{ message: "There is no backup.", id: "backup" }] }),
  row("meta.clusterStatus", {
    call: ({ client }) => client.meta.clusterStatus(),
    gives: () => ({
      rethinkSystemTables: expect.objectContaining({ server_status: [] }),
      replicaHealth: { [replica]: "OK" },
      replicaTimestamp: { [replica]: now },
      replicaReadonly: { [replica]: false },
    }),
  }),
  row("meta.features", {
    call: ({ client }) => client.meta.features(),
    gives: ({ url }) => ({
      scanningEnabled: true,
      scanningLicensed: true,
      promotionLicensed: true,
      mirroringLicensed: true,
      metadataStoreOptedIn: true,
      onlineGCEnabled: true,
      dbVersion: 1,
      ucpHost: new URL(url).host,
    }),
  }),
  row("meta.getSettings", {
    call: ({ client }) => client.meta.getSettings(),
    gives: ({ state }) => {
      const { version } = state.switches;
      const since27 = { webTLSClientCA: "", clientCertAuthEnabled: false, disablePersistentCookies: false };
      return expect.objectContaining({
        createRepositoryOnPush: false,
        reportAnalytics: true,
        jobHistoryToKeep: 0,
        ...(version === "2.7" && since27),
        replicaSettings: { [replica]: { HTTPPort: 80, HTTPSPort: 443, node: "sandbox" } },
        logLevel: "INFO",
        replicaID: replica,
      });
    },
  }),
  row("meta.updateSettings", {
    status: 202,
    call: ({ client }) => client.meta.updateSettings({ createRepositoryOnPush: true, webTLSKey: "the key" }),
    effect: ({ state }) => {
      expect(state.settings).toMatchObject({ createRepositoryOnPush: true, scanningEnabled: true });
      expect(state.services.webTLSKey).toBe("the key");
    },
  }),
  row("remote.checkRegistry", {
    status: 201,
    call: (world) => world.client.remote.checkRegistry(remote(world)),
    gives: () => ({ registryType: "dtr", permissions: { read: true, write: true } }),
  }),
  row("index.autocomplete", {
    call: ({ client }) => client.index.autocomplete({ query: "tea", includeAccounts: true, includeRepositories: true, limit: 2 }),
    gives: (world) => ({
      accountResults: [organization(world)],
      repositoryResults: [repository(world, "team/app"), repository(world, "team/open")],
    }),
  }),
  row("index.autocomplete of nothing", {
    call: ({ client }) => client.index.autocomplete({ query: "nobody", namespace: "team" }),
    gives: () => ({ accountResults: [], repositoryResults: [] }),
  }),
  row("index.dockerSearch", {
    call: ({ client }) => client.index.dockerSearch({ q: "team/app" }),
    gives: () => ({
      query: "team/app",
      numResults: 1,
      results: [{ name: "team/app", description: "App", isOfficial: false, isTrusted: false, starCount: 0 }],
    }),
  }),
  row("contentCaches.list", { arrange: cacher, call: ({ client }) => client.contentCaches.list(), gives: () => [cache] }),
  row("contentCaches.list of none", { call: ({ client }) => client.contentCaches.list(), gives: () => [] }),
  row("contentCaches.create", { status: 201, call: cacher, gives: () => cache }),
  row("contentCaches.get", {
    arrange: cacher,
    call: ({ client }, given) => client.contentCaches.get({ id: given.id }),
    gives: (_, given) => ({ ...cache, id: given.id }),
  }),
  row("contentCaches.delete", {
    status: 204,
    arrange: cacher,
    call: ({ client }, given) => client.contentCaches.delete({ id: given.id }),
    effect: ({ state }) => expect(state.services.contentCaches.size).toBe(0),
  }),
  row("events.list", {
    arrange: async ({ client }) => {
      await client.repositories.update({ ...app, immutableTags: false });
      await client.repositories.delete({ namespace: "stranger", repository: "own" });
      await client.tags.delete({ ...app, tag: "v2" });
    },
    call: ({ client, accountId }) => all(client.events.list({ actorId: accountId("admin"), publishedBefore: "2026-01-02T00:00:00Z" })),
    gives: (world) => [
      event(world, "DELETE", expect.objectContaining({ type: "TAG", name: "v2" })),
      event(world, "DELETE", expect.objectContaining({ type: "REPOSITORY" }), { repository: "stranger/own" }),
      event(world, "UPDATE", expect.objectContaining({ type: "REPOSITORY", name: "team/app" })),
    ],
  }),
  row("service.health", { call: ({ client }) => client.service.health(), gives: () => ({ healthy: true, error: "" }) }),
  row("service.ca", { call: ({ client }) => client.service.ca(), gives: () => expect.stringMatching(/^-----BEGIN CERTIFICATE-----/) }),
  row("service.docs", {
    call: ({ client }) => client.service.docs(),
    gives: ({ state }) => ({ version: `${state.switches.version}.0` }),
  }),
  row("service.adminVersion", {
    call: ({ client }) => client.service.adminVersion(),
    gives: ({ state }) => ({ version: `${state.switches.version}.0` }),
  }),
  row("service.token", {
    call: ({ client }) => client.service.token({ scope: ["repository:team/app:pull"] }),
    gives: () => expect.objectContaining({ token: expect.any(String) }),
  }),
];
