// One of every resource of Docker Trusted Registry.
const pulumi = require("@pulumi/pulumi");
const { dtr } = require("registry-as-code");
const config = new pulumi.Config();
const edited = config.getObject("with") ?? {};
const hook = config.require("hook");
const digest = config.require("digest");
const password = config.requireSecret("upstreamPassword");
// Plain text in the program is a secret in the state all the same: see the poll mirroring.
const after = (...dependsOn) => ({ dependsOn });

const acme = new dtr.Organization("acme", { name: "acme", fullName: "Acme Inc.", ...edited.acme });
const alice = new dtr.User("alice", { name: "alice", password, fullName: "Alice", ...edited.alice });
const team = new dtr.Team("team", { organization: acme.name, name: "developers", description: "They push", ...edited.team });
const member = new dtr.OrganizationMember("member", { organization: acme.name, user: alice.name, ...edited.member });
new dtr.TeamMember("teamMember", { organization: acme.name, team: team.name, user: alice.name, ...edited.teamMember }, after(member));
const inAcme = { namespace: acme.name };
const app = new dtr.Repository("app", {
  ...inAcme,
  name: "app",
  shortDescription: "The app",
  scanOnPush: true,
  tagLimit: 50,
  ...edited.app,
});
const production = new dtr.Repository("production", {
  ...inAcme,
  name: "production",
  visibility: "public",
  immutableTags: true,
  ...edited.production,
});
const inApp = { ...inAcme, repository: app.name };
new dtr.RepositoryTeamAccess("access", { ...inApp, team: team.name, accessLevel: "read-write", ...edited.access });
new dtr.NamespaceTeamAccess("namespaceAccess", { ...inAcme, team: team.name, accessLevel: "read-only", ...edited.namespaceAccess });
const token = new dtr.ApiToken("token", { label: "ci", ...edited.token });
new dtr.Webhook("hook", { key: pulumi.interpolate`acme/${app.name}`, type: "TAG_PUSH", endpoint: hook, ...edited.hook });

const releases = [{ field: "tag", operator: "sw", values: ["v"] }];
const target = pulumi.interpolate`acme/${production.name}`;
const remote = { remoteHost: config.require("upstream"), username: config.require("upstreamUsername"), password };
new dtr.PruningPolicy("pruning", { ...inApp, rules: [{ field: "tag", operator: "sw", values: ["pr-"] }], ...edited.pruning });
new dtr.PromotionPolicy("promotion", { ...inApp, targetRepository: target, rules: releases, enabled: false, ...edited.promotion });
new dtr.PollMirroringPolicy("poll", {
  ...inAcme,
  repository: production.name,
  remoteRepository: "admin/base",
  ...remote,
  password: config.require("upstreamPassword"),
  enabled: false,
  ...edited.poll,
});
new dtr.PushMirroringPolicy("push", {
  ...inApp,
  remoteRepository: "admin/copy",
  ...remote,
  rules: releases,
  enabled: false,
  ...edited.push,
});

const cache = new dtr.ContentCache("cache", { name: "eu", host: "https://cache.example.com", ...edited.cache });
new dtr.UserSettings("userSettings", { username: alice.name, contentCacheId: cache.id, ...edited.userSettings });
const settings = new dtr.Settings("settings", { createRepositoryOnPush: true, scanningDeadline: 90, ...edited.settings });
new dtr.Cron("cron", { action: "gc", schedule: "0 0 1 * * 0", ...edited.cron });
new dtr.ActionConfig("actionConfig", { action: "poll_mirror", parameters: { k: "v" }, ...edited.actionConfig });
new dtr.WorkerCapacity("capacity", { worker: "000000000000", capacityMap: { scan: 2, scanCheck: 2 }, ...edited.capacity });

const base = { namespace: "admin", repository: "base", tag: "v1" };
new dtr.VulnerabilityOverride("override", {
  layer: config.require("layer"),
  component: "openssl",
  componentVersion: "1.0.1",
  cve: "CVE-2014-0160",
  notes: "not reachable",
  ...edited.override,
});
new dtr.TagPromotion("promoted", { ...base, targetRepository: target, targetTag: "v1", ...edited.promoted });
new dtr.TagMirroring(
  "mirrored",
  { ...base, ...remote, remoteRepository: "admin/copy", remoteTag: "v1", ...edited.mirrored },
  after(settings),
);
const scan = new dtr.Scan("scan", { ...base, ...edited.scan }, after(settings));
const job = new dtr.Job("job", { action: "tag_pruning", ...edited.job }, after(scan));

exports.secret = token.token;
exports.digest = digest;
exports.status = job.status;
exports.tags = dtr.getTagsOutput({ namespace: "admin", repository: "base" }).apply((found) => found.map(({ name }) => name));
exports.version = dtr.getVersionOutput({});
