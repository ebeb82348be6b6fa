import { all } from "../rows";
import { row, type SandboxRow } from "../sandbox-row";
import { app, target } from "../sandbox-world";
import { event, grant, repository, single } from "./answers";

const hook = { type: "TAG_PUSH", key: "team/app" };

export const repositoryRows: readonly SandboxRow[] = [
  row("repositoryNamespaces.listTeamAccess", {
    call: ({ client }) => all(client.repositoryNamespaces.listTeamAccess({ namespace: "team" })),
    gives: (world) => [grant(world, "operators", "admin"), grant(world, "writers", "read-write"), grant(world, "viewers", "read-only")],
  }),
  row("repositoryNamespaces.getTeamAccess", {
    call: ({ client }) => client.repositoryNamespaces.getTeamAccess({ namespace: "team", team: "operators" }),
    gives: (world) => ({ ...grant(world, "operators", "admin"), namespace: "team" }),
  }),
  row("repositoryNamespaces.setTeamAccess", {
    call: ({ client }) => client.repositoryNamespaces.setTeamAccess({ namespace: "team", team: "readers", accessLevel: "read-write" }),
    gives: (world) => ({ ...grant(world, "readers", "read-write"), namespace: "team" }),
    effect: async (world) =>
      expect(await all(world.client.repositoryNamespaces.listTeamAccess({ namespace: "team" }))).toContainEqual(
        grant(world, "readers", "read-write"),
      ),
  }),
  row("repositoryNamespaces.deleteTeamAccess", {
    status: 204,
    call: ({ client }) => client.repositoryNamespaces.deleteTeamAccess({ namespace: "team", team: "operators" }),
    effect: async ({ client }) =>
      expect(await all(client.repositoryNamespaces.listTeamAccess({ namespace: "team" }))).toEqual([
        expect.objectContaining({ accessLevel: "read-write" }),
        expect.objectContaining({ accessLevel: "read-only" }),
      ]),
  }),
  row("repositories.list", {
    call: ({ client }) => all(client.repositories.list()),
    gives: (world) => ["stranger/own", "team/app", "team/open", "team/target"].map((path) => repository(world, path)),
  }),
  row("repositories.toggleScanOnPush", {
    call: ({ client }) => client.repositories.toggleScanOnPush({ scanOnPush: true }),
    effect: ({ state }) => expect([...state.world.repositories.values()].every(({ scanOnPush }) => scanOnPush)).toBe(true),
  }),
  row("repositories.listInNamespace", {
    call: ({ client }) => all(client.repositories.listInNamespace({ namespace: "team" })),
    gives: (world) => ["team/app", "team/open", "team/target"].map((path) => repository(world, path)),
  }),
  row("repositories.create", {
    status: 201,
    call: ({ client }) =>
      client.repositories.create({
        namespace: "team",
        name: "new",
        shortDescription: "New",
        longDescription: "A new one.",
        scanOnPush: true,
        immutableTags: true,
        tagLimit: 3,
        visibility: "public",
      }),
    gives: (world) =>
      single(world, "team/new", {
        shortDescription: "New",
        longDescription: "A new one.",
        scanOnPush: true,
        immutableTags: true,
        tagLimit: 3,
        visibility: "public",
      }),
    effect: ({ state }) => expect(state.repository("team/new")).toMatchObject({ tagLimit: 3, visibility: "public", immutableTags: true }),
  }),
  row("repositories.get", {
    call: ({ client }) => client.repositories.get(app),
    gives: (world) => single(world, "team/app"),
  }),
  row("repositories.update", {
    call: ({ client }) => client.repositories.update({ ...app, immutableTags: false, tagLimit: 5 }),
    gives: (world) => single(world, "team/app", { tagLimit: 5 }),
    effect: ({ state }) => expect(state.repository("team/app")).toMatchObject({ tagLimit: 5, shortDescription: "App" }),
  }),
  row("repositories.delete", {
    status: 204,
    call: ({ client }) => client.repositories.delete({ ...app, domain: client.registryHost }),
    effect: ({ state, dtr }) => {
      expect(state.world.repositories.has("team/app")).toBe(false);
      expect(dtr.store.repository("team/app")).toBeUndefined();
    },
  }),
  row("repositories.events", {
    arrange: async ({ client }) => {
      await client.repositories.update({ ...app, immutableTags: false });
      await client.repositories.update({ ...target, immutableTags: false });
      await client.tags.delete({ ...app, tag: "v2" });
    },
    call: ({ client }) => all(client.repositories.events({ ...app, excludePull: true, publishedAfter: "2025-12-31T00:00:00Z" })),
    gives: (world) => [
      event(world, "DELETE", { id: expect.stringMatching(/^sha256:/), type: "TAG", name: "v2" }),
      event(world, "UPDATE", { id: world.state.repository("team/app").id, type: "REPOSITORY", name: "team/app" }),
    ],
  }),
  row("repositories.listTeamAccess", {
    call: ({ client }) => all(client.repositories.listTeamAccess(app)),
    gives: (world) => [grant(world, "developers", "read-write"), grant(world, "readers", "read-only"), grant(world, "keepers", "admin")],
  }),
  row("repositories.setTeamAccess", {
    call: ({ client }) => client.repositories.setTeamAccess({ ...app, team: "readers", accessLevel: "admin" }),
    effect: async (world) =>
      expect(await all(world.client.repositories.listTeamAccess(app))).toEqual([
        grant(world, "developers", "read-write"),
        grant(world, "readers", "admin"),
        grant(world, "keepers", "admin"),
      ]),
  }),
  row("repositories.deleteTeamAccess", {
    status: 204,
    call: ({ client }) => client.repositories.deleteTeamAccess({ ...app, team: "readers" }),
    effect: ({ state, teamId }) => expect(state.repository("team/app").grants.has(teamId("readers"))).toBe(false),
  }),
  row("repositories.webhooks", {
    arrange: async ({ client, receiver }) => {
      await client.webhooks.create({ ...hook, endpoint: receiver });
      await client.webhooks.create({ ...hook, key: "team", endpoint: receiver });
    },
    call: ({ client }) => client.repositories.webhooks(app),
    gives: () => [expect.objectContaining(hook)],
  }),
];
