import { type DtrClient, isGone, isNotAuthorized } from "../../../provider/registries/dtr";
import { parseRepository, parseTag } from "../../../provider/registries/oci";
import { push } from "../../sandbox/images";
import { all } from "./rows";
import { adminPassword, app, type Person, scannedImage, type World, withWorld } from "./sandbox-world";

/** From the least to the most that somebody may. */
const principals = ["anonymous", "stranger", "member", "reader", "dev", "keeper", "viewer", "writer", "ops", "owner", "admin"] as const;
type Principal = (typeof principals)[number] & (Person | "anonymous" | "admin");

interface Attempt extends World {
  readonly who: Principal;
}

/** `+` done, `-` isNotAuthorized, `0` isGone: in the order of `principals`. */
type Row = readonly [name: string, may: string, call: (client: DtrClient, attempt: Attempt) => Promise<unknown>, fresh?: "fresh"];

const everybody = "+++++++++++";
const users = "-++++++++++";
const members = "--+++++++++";
const seers = "-00++++++++";
const writers = "-00-++-++++";
const keepers = "-00--+--+++";
const namespaceAdmins = "--------+++";
const owners = "---------++";
const administrators = "----------+";

const rules = [{ field: "tag", operator: "eq", values: ["none"] }];
const inTeam = { organization: "team", team: "readers" };
const open = { namespace: "team", repository: "open" };
const cron = { action: "gc", schedule: "@weekly" };
const restored = ({ dtr }: World) => push(dtr.store, "team/app", "v1", scannedImage);
const scan = { ...app, tag: "v2", os: "linux", arch: "amd64" };
/** Ask for what they have themselves. */
const own = ({ who }: Attempt) => ({ username: who === "anonymous" ? "dev" : who });

const repositoryTable: readonly Row[] = [
  ["repositories.list", everybody, (client) => all(client.repositories.list())],
  ["repositories.get of a public one", everybody, (client) => client.repositories.get(open)],
  ["repositories.get", seers, (client) => client.repositories.get(app)],
  ["repositories.create", namespaceAdmins, (client, { who }) => client.repositories.create({ namespace: "team", name: `of-${who}` })],
  ["repositories.update", keepers, (client) => client.repositories.update({ ...app, immutableTags: false })],
  ["repositories.delete", keepers, (client) => client.repositories.delete(app), "fresh"],
  ["repositories.events", seers, (client) => all(client.repositories.events(app))],
  ["repositories.toggleScanOnPush", administrators, (client) => client.repositories.toggleScanOnPush({ scanOnPush: false })],
  ["repositories.listTeamAccess", keepers, (client) => all(client.repositories.listTeamAccess(app))],
  [
    "repositories.setTeamAccess",
    keepers,
    (client) => client.repositories.setTeamAccess({ ...app, team: "readers", accessLevel: "read-only" }),
  ],
  ["repositories.deleteTeamAccess", keepers, (client) => client.repositories.deleteTeamAccess({ ...app, team: "readers" }), "fresh"],
  ["repositories.webhooks", keepers, (client) => client.repositories.webhooks(app)],
  ["repositoryNamespaces.listTeamAccess", members, (client) => all(client.repositoryNamespaces.listTeamAccess({ namespace: "team" }))],
  [
    "repositoryNamespaces.getTeamAccess",
    namespaceAdmins,
    (client) => client.repositoryNamespaces.getTeamAccess({ namespace: "team", team: "viewers" }),
  ],
  [
    "repositoryNamespaces.setTeamAccess",
    namespaceAdmins,
    (client) => client.repositoryNamespaces.setTeamAccess({ namespace: "team", team: "viewers", accessLevel: "read-only" }),
  ],
  ["manifests.list", seers, (client) => all(client.manifests.list(app))],
  ["tags.list", seers, (client) => all(client.tags.list(app))],
  ["tags.get", seers, (client) => client.tags.get({ ...app, reference: "v1" })],
  [
    "tags.delete",
    writers,
    async (client, world) => {
      restored(world);
      await client.tags.delete({ ...app, tag: "v1" });
    },
  ],
  // Whoever has a grant for the source alone does not see the target.
  ["tags.promote", "-00000-++++", (client) => client.tags.promote({ ...app, tag: "v2", targetRepository: "team/target", targetTag: "x" })],
  [
    "promotionPolicies.create",
    "-00--0--+++",
    (client) => client.promotionPolicies.create({ ...app, targetRepository: "team/target", rules, enabled: false }),
  ],
  ["pruningPolicies.list", keepers, (client) => all(client.pruningPolicies.list(app))],
  ["pruningPolicies.test", keepers, (client) => all(client.pruningPolicies.test({ ...app, rules }))],
  ["mirroringPolicies.list", keepers, (client) => all(client.mirroringPolicies.list(app))],
  ["pollMirroringPolicies.list", keepers, (client) => client.pollMirroringPolicies.list(app)],
  ["imageScan.summary", seers, (client) => client.imageScan.summary({ ...app, reference: "v2" })],
  ["imageScan.scan", writers, (client) => client.imageScan.scan(scan)],
  ["a pull through the token server", "---++++++++", (client) => client.oci.manifests.get(parseRepository("team/app"), parseTag("v2"))],
];

const accountTable: readonly Row[] = [
  ["accounts.delete", administrators, (client) => client.accounts.delete({ namespace: "team" }), "fresh"],
  ["accounts.deleteRepositories", namespaceAdmins, (client) => client.accounts.deleteRepositories({ namespace: "team" }), "fresh"],
  ["accounts.webhooks", namespaceAdmins, (client) => client.accounts.webhooks({ namespace: "team" })],
  ["accounts.teamRepositoryAccess", members, (client) => all(client.accounts.teamRepositoryAccess(inTeam))],
  ["accounts.getSettings of oneself", users, (client, world) => client.accounts.getSettings(own(world))],
  ["accounts.getSettings of dev", "----+-----+", (client) => client.accounts.getSettings({ username: "dev" })],
  ["accounts.userRepositoryAccess of dev", "-00-++--+++", (client) => client.accounts.userRepositoryAccess({ username: "dev", ...app })],
  ["apiTokens.create for oneself", users, (client) => client.apiTokens.create({ tokenLabel: "ci" })],
  ["apiTokens.create for dev", "----+-----+", (client) => client.apiTokens.create({ tokenLabel: "ci", username: "dev" })],
  ["apiTokens.list of dev", "----+-----+", (client) => all(client.apiTokens.list({ username: "dev" }))],
  ["apiTokens.deleteMany of oneself", users, (client, world) => client.apiTokens.deleteMany({ ...own(world), generatedby: "none" })],
  ["enzi.accounts.list", users, (client) => all(client.enzi.accounts.list())],
  [
    "enzi.accounts.create of a user",
    administrators,
    (client) => client.enzi.accounts.create({ name: "new", isOrg: false, password: "long-enough" }),
  ],
  ["enzi.accounts.create of an organization", users, (client, { who }) => client.enzi.accounts.create({ name: `of-${who}`, isOrg: true })],
  ["enzi.accounts.update", owners, (client) => client.enzi.accounts.update({ name: "team", fullName: "The team" })],
  ["enzi.accounts.delete", administrators, (client) => client.enzi.accounts.delete({ name: "team" }), "fresh"],
  ["enzi.members.list", members, (client) => all(client.enzi.members.list({ organization: "team" }))],
  // A grant of the namespace is not the account API's.
  ["enzi.members.set", owners, (client) => client.enzi.members.set({ organization: "team", user: "member" })],
  ["enzi.teams.get", members, (client) => client.enzi.teams.get(inTeam)],
  ["enzi.teams.create", owners, (client, { who }) => client.enzi.teams.create({ organization: "team", name: `of-${who}` })],
  ["enzi.teams.update", owners, (client) => client.enzi.teams.update({ ...inTeam, description: "They read." })],
  ["enzi.teamMembers.set", owners, (client) => client.enzi.teamMembers.set({ ...inTeam, user: "reader" })],
  ["enzi.memberSync.set", owners, (client) => client.enzi.memberSync.set({ ...inTeam, enableSync: false })],
];

const serviceTable: readonly Row[] = [
  ["service.docs", everybody, (client) => client.service.docs()],
  ["service.health", everybody, (client) => client.service.health()],
  ["webhooks.list", users, (client) => client.webhooks.list()],
  [
    "webhooks.create of a repository",
    keepers,
    (client, { receiver }) => client.webhooks.create({ type: "TAG_PUSH", key: "team/app", endpoint: receiver }),
  ],
  [
    "webhooks.create of a namespace",
    namespaceAdmins,
    (client, { receiver }) => client.webhooks.create({ type: "REPO_EVENT", key: "team", endpoint: receiver }),
  ],
  [
    "webhooks.create of everything",
    administrators,
    (client, { receiver }) => client.webhooks.create({ type: "TAG_PUSH", endpoint: receiver }),
  ],
  ["crons.set", administrators, (client) => client.crons.set(cron)],
  ["actionConfigs.list", administrators, (client) => client.actionConfigs.list()],
  ["jobs.submit", administrators, (client) => client.jobs.submit({ action: "gc" })],
  ["jobs.list", administrators, (client) => all(client.jobs.list())],
  ["workers.list", administrators, (client) => client.workers.list()],
  ["meta.features", users, (client) => client.meta.features()],
  ["meta.getSettings", administrators, (client) => client.meta.getSettings()],
  ["meta.updateSettings", administrators, (client) => client.meta.updateSettings({ sso: false })],
  ["meta.alerts", administrators, (client) => client.meta.alerts()],
  ["meta.clusterStatus", administrators, (client) => client.meta.clusterStatus()],
  ["contentCaches.list", users, (client) => client.contentCaches.list()],
  ["contentCaches.create", administrators, (client) => client.contentCaches.create({ name: "eu", host: "https://cache.example" })],
  ["events.list", administrators, (client) => all(client.events.list())],
  ["imageScan.scanAll", administrators, (client) => client.imageScan.scanAll({ scan: true, check: false })],
  ["imageScan.status", users, (client) => client.imageScan.status()],
  ["index.autocomplete", users, (client) => client.index.autocomplete({ query: "team" })],
];

type By = "password" | "token";

function connect({ as, state }: World, who: Principal, by: By): DtrClient {
  if (who === "anonymous") return as({});
  if (by === "token") return as({ username: who, token: state.addToken(who) });
  return as({ username: who, password: who === "admin" ? adminPassword : `${who}-password` });
}

/** Anything else comes as its message, which no row expects. */
async function outcome(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return "+";
  } catch (error) {
    const [refused, gone] = [isNotAuthorized(error), isGone(error)];
    return refused === gone ? String(error) : refused ? "-" : "0";
  }
}

const table = [...repositoryTable, ...accountTable, ...serviceTable].map(([name, may, call, fresh]) => ({ name, may, call, fresh }));
const inOrder = (may: string) => Object.fromEntries(principals.map((who, at) => [who, may[at]]));

describe.each(["password", "token"] as const)("who may what, by a %s", (by) => {
  const deleteAbsent = "404";
  /** What everybody may, by row: of all rows in one sandbox with one client for each, since what they do is in nobody's way. */
  const found = new Map<string, Record<string, string>>();

  beforeAll(async () => {
    await withWorld({ deleteAbsent }, async (world) => {
      const clients = principals.map((who) => [who, connect(world, who, by)] as const);
      for (const { name, call, fresh } of table) {
        if (fresh) continue;
        const outcomes: Record<string, string> = {};
        for (const [who, client] of clients) outcomes[who] = await outcome(call(client, { ...world, who }));
        found.set(name, outcomes);
      }
    });
  });

  it.each(table.filter(({ fresh }) => !fresh))("$name: $may", ({ name, may }) => {
    expect(found.get(name)).toEqual(inOrder(may));
  });

  it.each(table.filter(({ fresh }) => fresh))("$name, of which nothing is left: $may", async ({ may, call }) => {
    const outcomes: Record<string, string> = {};
    for (const who of principals) {
      await withWorld({ deleteAbsent }, async (world) => {
        outcomes[who] = await outcome(call(connect(world, who, by), { ...world, who }));
      });
    }
    expect(outcomes).toEqual(inOrder(may));
  });
});

describe("an access token", () => {
  it("is worth nothing once it is inactive, deleted, or its owner is", async () => {
    await withWorld({}, async (world) => {
      const dev = connect(world, "dev", "token");
      const [hashedToken = ""] = world.state.tokens.keys();
      expect(await outcome(dev.repositories.get(app))).toBe("+");
      await world.client.apiTokens.update({ hashedToken, isActive: false });
      expect(await outcome(dev.repositories.get(app))).toBe("-");
      await world.client.apiTokens.update({ hashedToken, isActive: true });
      await world.client.enzi.accounts.update({ name: "dev", isActive: false });
      expect(await outcome(dev.repositories.get(app))).toBe("-");
      await world.client.enzi.accounts.update({ name: "dev", isActive: true });
      expect(await outcome(dev.repositories.get(app))).toBe("+");
      await world.client.apiTokens.delete({ hashedToken });
      expect(await outcome(dev.repositories.get(app))).toBe("-");
    });
  });

  it("gains and loses with the grants of its owner", async () => {
    await withWorld({}, async (world) => {
      const reader = connect(world, "reader", "token");
      const remove = () => reader.tags.delete({ ...app, tag: "v1" });
      expect(await outcome(remove())).toBe("-");
      await world.client.repositories.setTeamAccess({ ...app, team: "readers", accessLevel: "read-write" });
      expect(await outcome(remove())).toBe("+");
      await world.client.repositories.deleteTeamAccess({ ...app, team: "readers" });
      expect(await outcome(reader.repositories.get(app))).toBe("0");
    });
  });
});
