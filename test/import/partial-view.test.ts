import { importRegistry } from "../../provider/import";
import { startWorld, type World } from "../resources/dtr/world";

const joe = { username: "joe", password: "joes-password" };
let world: World;
beforeEach(async () => {
  world = await startWorld({
    accounts: { joe, jane: { password: "janes-password" } },
    organizations: {
      org: { members: { joe: "admin", jane: "member" }, teams: { devs: { members: ["joe"] }, ops: { members: ["jane"] } } },
    },
    repositories: { "org/app": {}, "jane/own": {} },
  });
});
afterEach(() => world.close());

const imported = (user: { readonly username: string; readonly password: string }, kinds: readonly string[]) =>
  importRegistry({ type: "dtr", connection: { type: "dtr", registry: world.url, ...user }, kinds });

const admin = () => {
  const { dtr } = world.sandbox.info;
  if (!dtr) throw new Error("the sandbox has no DTR");
  return { username: dtr.username, password: dtr.password };
};

describe("a list that the server cuts to the user's own without a word", () => {
  it("is made whole place by place: webhooks that others made where the user is an administrator", async () => {
    for (const key of ["org", "org/app", ""])
      await world.api("POST", "/api/v0/webhooks", { key, type: "TAG_PUSH", endpoint: "https://ci.example.com/hook" });
    const authorization = `Basic ${btoa("joe:joes-password")}`;
    const own = await fetch(`${world.url}/api/v0/webhooks`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ key: "org/app", type: "TAG_DELETE", endpoint: "https://ci.example.com/hook" }),
    });
    expect(own.ok).toBe(true);
    const { resources, skipped } = await imported(joe, ["Webhook"]);
    expect(resources.map(({ name }) => name)).toEqual(["org/tag-push", "org/app/tag-delete", "org/app/tag-push"]);
    expect(skipped.map(({ what }) => what)).toContain("Webhook for everything");
    expect(skipped.map(({ what }) => what)).toContain("webhooks of jane/own");
    expect(JSON.stringify(skipped)).not.toContain("ci.example.com");
  });

  it("is asked for once by an administrator, who sees all", async () => {
    for (const key of ["org", "org/app", ""])
      await world.api("POST", "/api/v0/webhooks", { key, type: "TAG_PUSH", endpoint: "https://ci.example.com/hook" });
    const { resources, skipped } = await imported(admin(), ["Webhook"]);
    expect([resources.length, skipped]).toEqual([3, []]);
  });
});

describe("access tokens", () => {
  it("come with a word of the one that the reader may log in with: its end ends the login", async () => {
    await world.api("POST", "/api/v0/api_tokens", { tokenLabel: "ci" });
    const { program } = await imported(admin(), ["ApiToken"]);
    expect(program).toMatch(/^\/\/ .*If you log in with one of them, take it out.*\n\nnew dtr\.ApiToken\("admin\/ci"/m);
  });
});

describe("what an end would delete", () => {
  it("is said at the top of the program, and where it is more than one might think", async () => {
    await world.api("POST", "/api/v0/crons", { action: "gc", schedule: "0 0 1 * * 0" });
    const { program } = await imported(admin(), ["Cron"]);
    expect(program.slice(0, program.indexOf("\nimport {"))).toMatch(
      /deleted on the registry.*`pulumi destroy`.*`protect` or `retainOnDelete`/s,
    );
    expect(program).toMatch(/^\/\/ .*also one that the server came with.*\n\nnew dtr\.Cron\("gc"/m);
  });
});

describe("a user who comes from LDAP", () => {
  it("is not imported: an `up` would make active again whom the directory has switched off", async () => {
    await world.close();
    world = await startWorld({
      accounts: { joe, jane: { password: "janes-password", isImported: true } },
      organizations: {},
      repositories: {},
    });
    const { resources, skipped } = await imported(admin(), ["User"]);
    expect(resources.map(({ name }) => name)).toEqual(["joe"]);
    expect(skipped).toContainEqual({ what: "User jane", why: expect.stringMatching(/LDAP/) });
  });
});

describe("a team whose members come from LDAP", () => {
  it("is imported without them: the directory says who is in it, and an `up` would put back whom it took out", async () => {
    await world.api("PUT", "/enzi/v0/accounts/org/teams/devs/memberSyncConfig", {
      enableSync: true,
      selectGroupMembers: true,
      groupDN: "cn=devs,dc=example,dc=com",
      groupMemberAttr: "member",
    });
    const { resources, skipped } = await imported(admin(), ["Team", "TeamMember"]);
    expect(resources.map(({ name }) => name)).toEqual(["org/devs", "org/ops", "org/ops/jane"]);
    expect(skipped).toEqual([{ what: "TeamMember org/devs/joe", why: expect.stringMatching(/LDAP/) }]);
  });
});
