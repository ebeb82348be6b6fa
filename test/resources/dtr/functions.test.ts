import * as pulumi from "@pulumi/pulumi";
import { rows } from "../../../provider/registries/call";
import { operations } from "../../../provider/registries/dtr";
import * as dtr from "../../../provider/resources/dtr";
import { image, push } from "../../sandbox/images";
import { startWorld, type World } from "./world";

const CVE = "CVE-2014-0160";
const PASSWORD = "remote-secret";
const APP = { namespace: "acme", repository: "app" };
const RULES = [{ field: "tag", operator: "sw", values: ["pr-"] }];
const IMAGE = image({ labels: { of: "app" } });
const LAYER = IMAGE.blobs[1]?.digest ?? "";

type Call = (args: object) => Promise<unknown>;
/** A row for each read function: what it is given, and what it gives. */
type Row = readonly [name: string, args: () => object, result: () => unknown];

let world: World;
/** What the objects in the registry are called there. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  world = await startWorld({
    accounts: { alice: { password: "alice-password", fullName: "Alice" } },
    organizations: { acme: { teams: { developers: { members: ["alice"], access: "read-only" } } } },
    repositories: { "acme/app": { shortDescription: "The app", grants: { developers: "read-write" } }, "acme/production": {} },
    vulnerabilities: {
      [LAYER]: [
        {
          name: "openssl",
          version: "1.0.1",
          licenses: [{ name: "OpenSSL" }],
          vulnerabilities: [{ cve: CVE, cvss: 7.5 }],
        },
      ],
    },
    alerts: [{ message: "Back up." }],
    mirrorLogin: "unchecked",
  });
  const { digest } = push(world.dtr.store, "acme/app", ["v1", "pr-1"], IMAGE);
  ids.digest = digest;
  const make = async (name: string, path: string, body: object, key = "id") => {
    const answer = await world.api<Record<string, unknown> | [Record<string, unknown>]>("POST", path, body);
    ids[name] = String((Array.isArray(answer) ? answer[0] : answer)[key]);
  };
  const remote = { remoteHost: "https://other.example.com", remoteRepository: "a/b", username: "u", password: PASSWORD, enabled: false };
  const policies = "/api/v0/repositories/acme/app";
  const quiet = "?initialEvaluation=false";
  await make("poll", `${policies}/pollMirroringPolicies${quiet}`, remote);
  await make("push", `${policies}/pushMirroringPolicies${quiet}`, { ...remote, rules: RULES, tagTemplate: "%n" });
  await make("pruning", `${policies}/pruningPolicies${quiet}`, { rules: RULES, enabled: false });
  await make("promotion", `${policies}/promotionPolicies${quiet}`, {
    rules: RULES,
    targetRepository: "acme/production",
    tagTemplate: "%n",
    enabled: false,
  });
  await make("webhook", "/api/v0/webhooks", { type: "TAG_PUSH", key: "acme/app", endpoint: "https://hooks.example.com/x" });
  await make("token", "/api/v0/api_tokens?username=alice", { tokenLabel: "ci" }, "hashedToken");
  await make("cache", "/api/v0/content_caches", { name: "eu", host: "https://eu.example.com" });
  await make("job", "/api/v0/jobs", { action: "tag_pruning" });
  await make("cron", "/api/v0/crons", { action: "gc", schedule: "@weekly" });
  await make("config", "/api/v0/action_configs", { action: "gc", parameters: { k: "v" } });
  await world.api("PATCH", "/api/v0/accounts/alice/settings", { contentCacheUUID: ids.cache });
  await world.api("POST", `/api/v0/imagescan/scan/acme/app/v1/linux/amd64`);
  await world.dtr.state.runJobs();
  for (let looks = 0; looks < 10; looks++) {
    const [summary] = await world.api<{ scanStatus: number }[]>("GET", "/api/v0/imagescan/scansummary/repositories/acme/app/v1");
    if (summary?.scanStatus === 6) break;
  }
  await world.api("POST", `/api/v0/imagescan/layeroverride/${LAYER}`, {
    component: "zlib",
    componentVersion: "1",
    cve: "CVE-1",
    notes: "none",
  });
  const { url, username, password } = world.sandbox.info.dtr ?? { url: "", username: "", password: "" };
  pulumi.runtime.setAllConfig({ "dtr:url": url, "dtr:username": username, "dtr:password": password });
});
afterAll(() => world.close());

const some = expect.anything();
const list = (...members: object[]) => expect.arrayContaining(members.map((member) => expect.objectContaining(member)));
const found = { scannedImage: expect.objectContaining({ namespace: "acme", repository: "app" }) };
const developers = { organization: "acme", team: "developers" };

const table: readonly Row[] = [
  ["getRepositories", () => ({}), () => list({ name: "app" }, { name: "production" })],
  ["getRepositories", () => ({ namespace: "alice" }), () => []],
  ["getRepository", () => APP, () => expect.objectContaining({ name: "app", shortDescription: "The app" })],
  ["getRepositoryEvents", () => APP, () => list({ type: "CREATE", repository: "acme/app" })],
  ["getRepositoryEvents", () => ({ ...APP, publishedBefore: "2020-01-01T00:00:00Z", excludePull: true }), () => []],
  ["getEvents", () => ({}), () => list({ repository: "acme/app" })],
  ["getEvents", () => ({ publishedBefore: "2020-01-01T00:00:00Z" }), () => []],
  ["getManifests", () => APP, () => list({ digest: ids.digest })],
  ["getTags", () => APP, () => list({ name: "v1", digest: ids.digest }, { name: "pr-1" })],
  ["getTags", () => ({ ...APP, includeManifests: true }), () => list({ name: "v1", manifest: expect.objectContaining({ os: "linux" }) })],
  ["getTag", () => ({ ...APP, reference: "v1", os: "linux", arch: "amd64" }), () => list({ name: "v1", digest: ids.digest })],
  ["getAutocomplete", () => ({ query: "ac" }), () => expect.objectContaining({ accountResults: list({ name: "acme" }) })],
  ["searchRepositories", () => ({ query: "app" }), () => expect.objectContaining({ results: list({ name: "acme/app" }) })],
  ["getMirroringPolicies", () => APP, () => list({ id: ids.poll }, { id: ids.push })],
  ["getPollMirroringPolicies", () => APP, () => list({ id: ids.poll, username: "u" })],
  ["getPollMirroringPolicy", () => ({ ...APP, policyId: ids.poll }), () => expect.objectContaining({ id: ids.poll })],
  ["getPushMirroringPolicies", () => APP, () => list({ id: ids.push, rules: RULES })],
  ["getPushMirroringPolicy", () => ({ ...APP, policyId: ids.push }), () => expect.objectContaining({ id: ids.push })],
  ["getPromotionPolicies", () => APP, () => list({ id: ids.promotion, targetRepository: "acme/production" })],
  ["getPromotionPolicies", () => ({ ...APP, source: false }), () => []],
  ["getPromotionPolicy", () => ({ ...APP, policyId: ids.promotion }), () => expect.objectContaining({ id: ids.promotion })],
  ["getPruningPolicies", () => APP, () => list({ id: ids.pruning, rules: RULES })],
  ["getPruningPolicy", () => ({ ...APP, policyId: ids.pruning }), () => expect.objectContaining({ id: ids.pruning })],
  ["testPruningPolicy", () => ({ ...APP, rules: RULES }), () => [{ name: "pr-1", digest: ids.digest }]],
  ["getRepositoryTeamAccess", () => APP, () => list({ accessLevel: "read-write" })],
  ["getNamespaceTeamAccess", () => ({ namespace: "acme" }), () => list({ accessLevel: "read-only" })],
  [
    "getTeamNamespaceAccess",
    () => ({ namespace: "acme", team: "developers" }),
    () => expect.objectContaining({ accessLevel: "read-only", namespace: "acme" }),
  ],
  [
    "getTeamRepositoryAccess",
    () => developers,
    () => list({ accessLevel: "read-write", repository: expect.objectContaining({ name: "app" }) }),
  ],
  ["getUserRepositoryAccess", () => ({ ...APP, username: "alice" }), () => expect.objectContaining({ accessLevel: "read-write" })],
  ["getAccounts", () => ({}), () => list({ name: "alice" }, { name: "acme", isOrg: true })],
  ["getAccounts", () => ({ filter: "orgs", contains: "acm" }), () => [expect.objectContaining({ name: "acme" })]],
  ["getAccount", () => ({ name: "alice" }), () => expect.objectContaining({ fullName: "Alice", isOrg: false })],
  ["getOrganizationMembers", () => ({ organization: "acme" }), () => list({ member: expect.objectContaining({ name: "alice" }) })],
  ["getOrganizationMember", () => ({ organization: "acme", user: "alice" }), () => expect.objectContaining({ isAdmin: false })],
  ["getTeams", () => ({ organization: "acme" }), () => list({ name: "developers" })],
  ["getTeam", () => developers, () => expect.objectContaining({ name: "developers", id: some })],
  ["getTeamMembers", () => ({ ...developers, filter: "all" }), () => list({ member: expect.objectContaining({ name: "alice" }) })],
  ["getTeamMember", () => ({ ...developers, user: "alice" }), () => expect.objectContaining({ isAdmin: false })],
  ["getTeamLdapSync", () => developers, () => expect.objectContaining({ enableSync: false })],
  ["getTeamGroupLink", () => developers, () => ({})],
  ["getUserSettings", () => ({ username: "alice" }), () => ({ contentCacheId: ids.cache })],
  ["getUserSettings", () => ({ username: "admin" }), () => ({ contentCacheId: "" })],
  ["getLanguage", () => ({}), () => ({ language: some })],
  ["getApiTokens", () => ({ username: "alice" }), () => [expect.objectContaining({ hashedToken: ids.token, tokenLabel: "ci" })]],
  ["getApiToken", () => ({ hashedToken: ids.token }), () => expect.objectContaining({ hashedToken: ids.token, isActive: true })],
  ["getWebhooks", () => ({}), () => list({ id: ids.webhook })],
  ["getWebhooks", () => ({ type: "TAG_PULL" }), () => []],
  ["getWebhooks", () => ({ namespace: "alice" }), () => []],
  ["getWebhooks", () => ({ ...APP, type: "TAG_PUSH" }), () => [expect.objectContaining({ id: ids.webhook })]],
  ["getWebhooks", () => ({ ...APP, type: "TAG_PULL" }), () => []],
  ["getCrons", () => ({}), () => list({ action: "gc", schedule: "@weekly" })],
  ["getCron", () => ({ action: "gc" }), () => expect.objectContaining({ id: ids.cron, capacityMap: {} })],
  ["getActionConfigs", () => ({}), () => list({ action: "gc", parameters: { k: "v" } })],
  ["getActionConfig", () => ({ action: "gc" }), () => ({ id: ids.config, action: "gc", parameters: { k: "v" } })],
  ["getJobs", () => ({ action: "tag_pruning" }), () => list({ id: ids.job })],
  ["getJobs", () => ({ worker: "none" }), () => []],
  ["getJobs", () => ({ running: false }), () => list({ id: ids.job })],
  ["getJob", () => ({ jobId: ids.job }), () => expect.objectContaining({ action: "tag_pruning" })],
  ["getJobLogs", () => ({ jobId: ids.job }), () => list({ data: some })],
  ["getJobLogs", () => ({ jobId: ids.job, offset: 10_000, limit: 1 }), () => []],
  ["getWorkers", () => ({}), () => list({ id: "000000000000", capacityMap: { scan: 1, scanCheck: 1 } })],
  ["getAlerts", () => ({}), () => [{ message: "Back up." }]],
  ["getClusterStatus", () => ({}), () => expect.objectContaining({ replicaHealth: { "000000000000": "OK" } })],
  ["getFeatures", () => ({}), () => expect.objectContaining({ mirroringLicensed: true })],
  ["getSettings", () => ({}), () => expect.objectContaining({ createRepositoryOnPush: false })],
  ["getHealth", () => ({}), () => ({ healthy: true, error: "" })],
  ["getVersion", () => ({}), () => ({ version: expect.stringMatching(/^2\.6/) })],
  ["getCertificateAuthority", () => ({}), () => expect.stringContaining("BEGIN CERTIFICATE")],
  ["getContentCaches", () => ({}), () => [{ id: ids.cache, name: "eu", host: "https://eu.example.com" }]],
  ["getContentCache", () => ({ contentCacheId: ids.cache }), () => expect.objectContaining({ name: "eu" })],
  [
    "checkRemoteRegistry",
    () => ({
      remoteHost: world.url,
      remoteRepository: "acme/app",
      username: "alice",
      password: "alice-password",
      remoteCa: "",
      skipTlsVerification: true,
    }),
    () => ({ registryType: "dtr", permissions: { read: true, write: true } }),
  ],
  ["getVulnerabilityOverrides", () => ({}), () => [expect.objectContaining({ digest: LAYER, component: "zlib", cve: "CVE-1" })]],
  ["getScanSummary", () => ({ ...APP, reference: "v1", os: "linux" }), () => [expect.objectContaining({ ...found, scanStatus: 6 })]],
  ["getScanSummary", () => ({ ...APP, reference: "v1", scanStatus: false }), () => [expect.not.objectContaining({ scanStatus: some })]],
  ["getLegacyScanSummary", () => ({ ...APP, tag: "v1", detailed: true }), () => [expect.objectContaining({ critical: 1 })]],
  [
    "exportScanSummary",
    () => ({ ...APP, tag: "v1", format: "csv" }),
    () => ({ contentType: expect.stringContaining("text/csv"), text: expect.stringContaining(CVE) }),
  ],
  [
    "exportScanSummary",
    () => ({ ...APP, tag: "v1", format: "json" }),
    () => expect.objectContaining({ contentType: expect.stringContaining("json") }),
  ],
  [
    "getScanSummaries",
    () => ({ images: [{ name: "acme/app:v1", digest: ids.digest }] }),
    () => ({ "acme/app:v1": { critical: 1, major: 0, minor: 0 } }),
  ],
  ["getImagesByCve", () => ({ cve: CVE, scanStatus: true }), () => list(found)],
  ["getImagesByComponent", () => ({ component: "openssl" }), () => list(found)],
  ["getImagesByLayer", () => ({ layer: LAYER, scanStatus: true }), () => list(found)],
  ["getImagesByLicense", () => ({ license: "OpenSSL" }), () => list(found)],
  ["getScannerStatus", () => ({}), () => expect.objectContaining({ dbVersion: expect.any(Number) })],
];

const exported = new Map<string, unknown>(Object.entries(dtr));
const functionNamed = (name: string): Call => {
  const value = exported.get(name);
  if (typeof value !== "function") throw new Error(`there is no function ${name}`);
  return async (args) => value(args);
};
const value = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve as (unwrapped: unknown) => void));
/** Every member as an output of a resource. */
const asOutputs = (args: object) => Object.fromEntries(Object.entries(args).map(([name, member]) => [name, pulumi.output(member)]));

describe("the read functions", () => {
  it.each(table)("%s gives plain data, in both forms, and changes nothing (row %#)", async (name, args, result) => {
    world.forget();
    const given = await functionNamed(name)(args());
    expect(given).toEqual(result());
    expect(JSON.parse(JSON.stringify({ given }))).toEqual({ given });
    const waited = await functionNamed(`${name}Output`)(asOutputs(args()));
    if (!pulumi.Output.isInstance(waited)) throw new Error("no output");
    expect(await value(waited)).toEqual(given);
    const reading = /\/(pruningPolicies\/test|remote\/registry|scansummary\/tags)$/;
    expect(world.writes().filter((line) => !reading.test(line.split("?")[0] ?? ""))).toEqual([]);
  });

  it("are all in this table, each with its Output form", () => {
    const names = [...exported.keys()].filter((name) => /^[a-z]/.test(name) && name !== "planCleanup" && name !== "planCleanupOutput");
    const plain = names.filter((name) => !name.endsWith("Output")).sort();
    expect(plain).toEqual([...new Set(table.map(([name]) => name))].sort());
    expect(names.filter((name) => name.endsWith("Output")).sort()).toEqual(plain.map((name) => `${name}Output`).sort());
  });

  it("ask every GET of the API", async () => {
    world.forget();
    for (const [name, args] of table) await functionNamed(name)(args());
    const asked = world.requests().map((line) => line.split("?")[0] ?? "");
    const matches = (template: string) => new RegExp(`^GET ${template.replace(/\{[^}]*\}/g, "[^/]+")}$`);
    const missing = rows(operations)
      .filter(({ operation }) => operation.method === "GET" && !asked.some((line) => matches(operation.template).test(line)))
      .map(({ name }) => name);
    // The version is in the API's description; a token is a secret.
    expect(missing).toEqual(["service.adminVersion", "service.token"]);
  });

  it("never show a token's secret", async () => {
    const secret = world.dtr.state.addToken("alice", { tokenLabel: "secret" });
    const shown = await dtr.getApiTokens({ username: "alice" });
    expect(shown.map(({ tokenLabel }) => tokenLabel)).toContain("secret");
    for (const { hashedToken } of [...shown]) shown.push(await dtr.getApiToken({ hashedToken }));
    expect(JSON.stringify(shown)).not.toContain(secret);
  });

  it("keep what webhooks are posted to encrypted, and show no credentials of proxies", async () => {
    expect(await pulumi.isSecret(dtr.getWebhooksOutput(APP))).toBe(true);
    expect(await pulumi.isSecret(dtr.getWebhooksOutput({ namespace: pulumi.output("acme") }))).toBe(true);
    const body = JSON.stringify({ sso: false, httpProxy: "http://joe:s3cret@proxy:3128", httpsProxy: "http://proxy:3128", noProxy: "" });
    world.sandbox.control.inject({ path: "/meta/settings$", fault: { kind: "status", status: 200, body } });
    expect(await dtr.getSettings({})).toEqual({
      sso: false,
      httpProxy: "http://***@proxy:3128",
      httpsProxy: "http://proxy:3128",
      noProxy: "",
    });
  });

  it("take a program without types that gives no arguments for one that gives none of them", async () => {
    expect(await functionNamed("getRepositories")(undefined as never)).toHaveLength(2);
    await expect(functionNamed("getRepository")(undefined as never)).rejects.toThrow(/^dtr\.getRepository: .*namespace: must be a string/);
  });

  it("do not give everything to whoever misspells what is wanted", async () => {
    await expect(functionNamed("getRepositories")({ namespce: "acme" })).rejects.toThrow(
      "dtr.getRepositories: namespce is no argument: namespace is the only one",
    );
    await expect(functionNamed("getWebhooks")({ key: "acme/app" })).rejects.toThrow(
      "dtr.getWebhooks: key is no argument: they are namespace, repository, type",
    );
  });

  it("page to the end", async () => {
    for (let number = 0; number < 205; number++) world.dtr.state.addRepository(`alice/r${number}`);
    expect(await dtr.getRepositories({ namespace: "alice" })).toHaveLength(205);
  });

  it("get the version from the administrators' page where there is no description", async () => {
    world.sandbox.control.inject({ path: "/docs.json$", fault: { kind: "status", status: 404 } });
    world.sandbox.control.inject({ path: "/admin/version$", fault: { kind: "status", status: 200, body: '{"version":"2.9.0"}' } });
    expect(await dtr.getVersion({})).toEqual({ version: "2.9.0" });
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ["getRepository", () => dtr.getRepository({ namespace: "acme", repository: "none" }), /^dtr\.getRepository: .*NO_SUCH_REPOSITORY/],
    ["getCron", () => dtr.getCron({ action: "none" }), /^dtr\.getCron: .*404/],
    ["getWebhooks", () => dtr.getWebhooks({ repository: "app" }), /repository needs its namespace/],
    ["getTag", () => dtr.getTag({ ...APP, reference: "none" }), /^dtr\.getTag: .*NO_SUCH_REF/],
    ["getAccount", () => dtr.getAccount({ name: "" }), /name: must not be empty/],
  ])("%s says what is wrong", async (_name, run, reason) => {
    await expect(run()).rejects.toThrow(reason);
  });

  it("checkRemoteRegistry shows no secret when the login is refused", async () => {
    const refused = { remoteHost: world.url, remoteRepository: "acme/app", username: "alice", password: PASSWORD };
    const error = await dtr.checkRemoteRegistry(refused).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toContain("REMOTE_REGISTRY_INVALID_PERMISSIONS");
    expect(`${String(error)} ${error instanceof Error ? error.stack : ""}`).not.toContain(PASSWORD);
  });
});
