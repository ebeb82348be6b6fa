import { readFileSync } from "node:fs";
import * as path from "node:path";
import { image, push } from "../sandbox/images";
import { dtrServer } from "./dtr-server";
import { changes, onEachEngine, succeeded, type World, writes } from "./world";

jest.setTimeout(300_000);

const program = { "index.js": readFileSync(path.join(__dirname, "program", "dtr.js"), "utf8") };

/** A company: repositories with two grants and a policy each. */
const many = `
const pulumi = require("@pulumi/pulumi");
const { dtr } = require("registry-as-code");
const acme = new dtr.Organization("acme", { name: "acme" });
const team = new dtr.Team("team", { organization: acme.name, name: "developers" });
for (let at = 0; at < new pulumi.Config().requireNumber("count"); at++) {
  const { namespace, name: repository } = new dtr.Repository("repository" + at, { namespace: acme.name, name: "repository-" + at });
  new dtr.RepositoryTeamAccess("access" + at, { namespace, repository, team: team.name, accessLevel: "read-only" });
  new dtr.PruningPolicy("previews" + at, { namespace, repository, rules: [{ field: "tag", operator: "sw", values: ["pr-"] }] });
  new dtr.PruningPolicy("old" + at, { namespace, repository, rules: [{ field: "updated_at_duration", operator: "bf", values: ["720h"] }] });
}
`;

/** A fifth elsewhere, where somebody waits. */
const large = process.env.CI === "true" ? 200 : 40;

/** The number of resources in the program. */
const RESOURCES = 26;

/** What a person changes, and which resource is no longer as declared for it. */
const drifts: readonly { readonly of: string; readonly method: string; readonly path: string; readonly body?: object }[] = [
  { of: "acme", method: "PATCH", path: "/enzi/v0/accounts/acme", body: { fullName: "Somebody's" } },
  { of: "alice", method: "PATCH", path: "/enzi/v0/accounts/alice", body: { isAdmin: true } },
  { of: "team", method: "PATCH", path: "/enzi/v0/accounts/acme/teams/developers", body: { description: "" } },
  { of: "member", method: "PUT", path: "/enzi/v0/accounts/acme/members/alice", body: { isAdmin: true } },
  { of: "teamMember", method: "PUT", path: "/enzi/v0/accounts/acme/teams/developers/members/alice", body: { isAdmin: true } },
  { of: "app", method: "PATCH", path: "/api/v0/repositories/acme/app", body: { immutableTags: false, scanOnPush: false, tagLimit: 3 } },
  {
    of: "production",
    method: "PATCH",
    path: "/api/v0/repositories/acme/production",
    body: { immutableTags: false, visibility: "private" },
  },
  { of: "access", method: "PUT", path: "/api/v0/repositories/acme/app/teamAccess/developers", body: { accessLevel: "admin" } },
  {
    of: "namespaceAccess",
    method: "PUT",
    path: "/api/v0/repositoryNamespaces/acme/teamAccess/developers",
    body: { accessLevel: "read-write" },
  },
  { of: "token", method: "PATCH", path: "/api/v0/api_tokens/{token}", body: { isActive: false } },
  {
    of: "hook",
    method: "POST",
    path: "/api/v0/webhooks/update",
    body: { id: "{hook}", inactive: true, tlsCert: "", skipTLSVerification: true },
  },
  {
    of: "pruning",
    method: "PUT",
    path: "/api/v0/repositories/acme/app/pruningPolicies/{pruning}?initialEvaluation=false",
    body: { enabled: false },
  },
  {
    of: "promotion",
    method: "PUT",
    path: "/api/v0/repositories/acme/app/promotionPolicies/{promotion}?initialEvaluation=false",
    body: { tagTemplate: "%n-x" },
  },
  {
    of: "poll",
    method: "PUT",
    path: "/api/v0/repositories/acme/production/pollMirroringPolicies/{poll}",
    body: { remoteRepository: "admin/copy" },
  },
  {
    of: "push",
    method: "PUT",
    path: "/api/v0/repositories/acme/app/pushMirroringPolicies/{push}?initialEvaluation=false",
    body: { tagTemplate: "%n-x" },
  },
  { of: "userSettings", method: "PATCH", path: "/api/v0/accounts/alice/settings", body: { contentCacheUUID: "" } },
  { of: "settings", method: "POST", path: "/api/v0/meta/settings", body: { createRepositoryOnPush: false } },
  { of: "cron", method: "POST", path: "/api/v0/crons", body: { action: "gc", schedule: "0 0 2 * * 0", stopTimeout: "30s" } },
  { of: "actionConfig", method: "POST", path: "/api/v0/action_configs", body: { action: "poll_mirror", parameters: { k: "w" } } },
  { of: "capacity", method: "POST", path: "/api/v0/workers/000000000000/capacity", body: { capacityMap: { scan: 1, scanCheck: 1 } } },
  { of: "override", method: "DELETE", path: "/api/v0/imagescan/layeroverride/{override}" },
];

/** What is declared otherwise, and what comes of it. */
const edits: Readonly<Record<string, readonly ["update" | "replace", object]>> = {
  acme: ["update", { fullName: "Acme Ltd." }],
  alice: ["update", { fullName: "Alice B." }],
  team: ["update", { description: "They push, too" }],
  member: ["update", { isAdmin: true }],
  teamMember: ["update", { isAdmin: true }],
  app: ["update", { shortDescription: "The application", tagLimit: 60 }],
  access: ["update", { accessLevel: "admin" }],
  namespaceAccess: ["update", { accessLevel: "read-write" }],
  token: ["replace", { label: "ci-2", rotationTriggers: { leaked: "1" } }],
  hook: ["replace", { type: "TAG_DELETE" }],
  pruning: ["update", { enabled: false }],
  promotion: ["update", { tagTemplate: "%n-released" }],
  poll: ["update", { skipTlsVerification: true }],
  push: ["update", { rules: [{ field: "tag", operator: "eq", values: ["v1"] }] }],
  cache: ["replace", { host: "https://another.example.com" }],
  userSettings: ["update", {}],
  settings: ["update", { scanningDeadline: 100, jobHistoryToKeep: 500 }],
  cron: ["update", { schedule: "0 0 3 * * 0" }],
  actionConfig: ["update", { parameters: { k: "x" } }],
  capacity: ["update", { capacityMap: { scan: 3, scanCheck: 3 } }],
  override: ["replace", { notes: "not used" }],
  promoted: ["replace", { targetTag: "v2" }],
  mirrored: ["update", { triggers: { again: "1" } }],
  scan: ["update", { triggers: { again: "1" } }],
  job: ["update", { triggers: { again: "1" } }],
};

/** A repository with an image that can be promoted, mirrored and scanned. Gives the digest of its layer. */
async function prepare(world: World): Promise<string> {
  const { ask } = dtrServer(world.sandbox);
  await ask("POST", "/api/v0/repositories/admin", { name: "base", visibility: "private" });
  await ask("POST", "/api/v0/repositories/admin", { name: "copy", visibility: "private" });
  const { store } = dtrOf(world);
  const pushed = push(store, "admin/base", "v1", image({ labels: { n: "dtr" } }));
  const [layer] = store.references(pushed).blobs.slice(-1);
  const { dtr } = world.sandbox.info;
  for (const [key, value] of Object.entries({
    upstream: dtr?.url ?? "",
    upstreamUsername: dtr?.username ?? "",
    layer: layer?.digest ?? "",
  }))
    await world.stack.setConfig(key, value);
  await world.stack.setConfig("hook", { secret: world.sandbox.stranger });
  await world.stack.setConfig("upstreamPassword", { secret: dtr?.password ?? "" });
  return layer?.digest ?? "";
}

const dtrOf = ({ sandbox }: Pick<World, "sandbox">) => {
  if (!sandbox.dtr) throw new Error("the sandbox has no Docker Trusted Registry");
  return sandbox.dtr;
};

describe("Docker Trusted Registry's resources, from the packed package", () => {
  it("come up, stay as they are with reads only, show drift, are repaired, and go without a trace", async () => {
    await onEachEngine(
      async (world) => {
        const { stack, sandbox, edit } = world;
        await prepare(world);
        const { ask, everything } = dtrServer(sandbox);
        const before = await everything();
        sandbox.control.clearRequests();
        expect(changes(succeeded(await stack.preview()))).toHaveLength(RESOURCES);
        expect(writes(sandbox)).toEqual([]);
        const up = succeeded(await stack.up());
        expect(up.outputs).toMatchObject({ status: "done", tags: ["v1"] });

        sandbox.control.clearRequests();
        expect(changes(succeeded(await stack.up()))).toEqual([]);
        expect(changes(succeeded(await stack.refresh()))).toEqual([]);
        expect(writes(sandbox)).toEqual([]);
        const state = JSON.stringify(await stack.export());
        expect((await world.secrets()).filter((secret) => state.includes(secret))).toEqual([]);

        const ids = Object.fromEntries(
          (await stack.export()).resources.map(({ urn, id = "" }) => [urn.split("::").at(-1) ?? "", id.split("/").at(-1) ?? ""]),
        );
        const filled = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? "");
        for (const { method, path: where, body } of drifts)
          await ask(method, filled(where), body && JSON.parse(filled(JSON.stringify(body))));
        const drift = changes(succeeded(await stack.refresh())).map((line) => line.split(" ")[1]);
        expect(drift.sort()).toEqual(drifts.map(({ of }) => of).sort());
        const repaired = changes(succeeded(await stack.up()));
        expect(repaired.map((line) => line.split(" ")[1]).sort()).toEqual(drift);
        expect(changes(succeeded(await stack.refresh()))).toEqual([]);

        // Its tag was promoted to there.
        const kept = await stack.destroy();
        expect([kept.ok, JSON.stringify(kept.diagnostics).includes("forceDelete")]).toEqual([false, true]);
        await edit({ production: { forceDelete: true, immutableTags: false } });
        succeeded(await stack.up());
        succeeded(await stack.destroy());
        expect(await everything()).toEqual(before);
        return changes(up).sort();
      },
      { program: { files: program } },
    );
  });

  it("are updated in place or replaced, as each input says", async () => {
    await onEachEngine(
      async (world) => {
        const { stack, edit } = world;
        await prepare(world);
        succeeded(await stack.up());
        const changed = Object.fromEntries(Object.entries(edits).map(([name, [, inputs]]) => [name, inputs]));
        await edit(changed);
        const steps = succeeded(await stack.up()).steps.filter(({ op }) => op === "update" || op === "replace");
        expect(Object.fromEntries(steps.map(({ name, op }) => [name, op]))).toEqual(
          Object.fromEntries(Object.entries(edits).map(([name, [op]]) => [name, op])),
        );
        expect(changes(succeeded(await stack.refresh()))).toEqual([]);
        expect(changes(succeeded(await stack.up()))).toEqual([]);
        const state = JSON.stringify(await stack.export());
        expect((await world.secrets()).filter((secret) => state.includes(secret))).toEqual([]);
      },
      { program: { files: program } },
    );
  });

  it("ask little of the server when nothing changed: one request for each object, and the look-up of a team once for all", async () => {
    const asked: Record<number, number> = {};
    for (const count of [10, large]) {
      await onEachEngine(
        async ({ stack, sandbox }) => {
          await stack.setConfig("count", String(count));
          expect(changes(succeeded(await stack.up()))).toHaveLength(2 + 4 * count);
          sandbox.control.clearRequests();
          expect(changes(succeeded(await stack.up()))).toEqual([]);
          expect(sandbox.control.requests({ api: "dtr" })).toEqual([]);
          expect(changes(succeeded(await stack.refresh()))).toEqual([]);
          expect(writes(sandbox)).toEqual([]);
          asked[count] = sandbox.control.requests({ api: "dtr" }).length;
          succeeded(await stack.destroy());
        },
        { program: { files: { "index.js": many } }, embedded: true },
      );
    }
    // The organization, the team and its LDAP settings; for each repository itself, its grants, and its two policies.
    expect(asked[10]).toBe(3 + 4 * 10);
    expect(asked[large]).toBe(3 + 4 * large);
  });
});
