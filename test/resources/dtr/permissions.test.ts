import { declare } from "./lifecycle-of";
import { startWorld, type World } from "./world";

const joe = { username: "joe", password: "joes-password" };
let world: World;
beforeEach(async () => {
  world = await startWorld({
    accounts: { joe, jane: { password: "jane-password" } },
    organizations: { org: { members: { joe: "member" }, teams: { devs: { members: ["joe"] } } } },
    // That joe may read.
    repositories: { "org/app": { visibility: "public" } },
  });
});
afterEach(() => world.close());

/** All that the server holds, but for what reading changes. */
const everything = () => {
  const { accounts, repositories, apiTokens } = world.dtr.state.world;
  return JSON.stringify([accounts, repositories, apiTokens, world.dtr.state.webhooks], (_, value) =>
    value instanceof Map ? [...value] : value instanceof Set ? [...value] : value,
  );
};

const types = [
  { type: "dtr:User", inputs: { name: "new", password: "new-password" } },
  { type: "dtr:Team", inputs: { organization: "org", name: "new" } },
  { type: "dtr:TeamMember", inputs: { organization: "org", team: "devs", user: "jane" } },
  { type: "dtr:OrganizationMember", inputs: { organization: "org", user: "jane" } },
  { type: "dtr:Repository", inputs: { namespace: "org", name: "new", visibility: "public" } },
  { type: "dtr:RepositoryTeamAccess", inputs: { namespace: "org", repository: "app", team: "devs", accessLevel: "read-only" } },
  { type: "dtr:NamespaceTeamAccess", inputs: { namespace: "org", team: "devs", accessLevel: "read-only" } },
  { type: "dtr:ApiToken", inputs: { label: "ci", username: "jane" } },
  { type: "dtr:Webhook", inputs: { key: "org/app", type: "TAG_PUSH", endpoint: "https://ci.example.com" } },
];

describe.each(types)("a user who may not make $type", ({ type, inputs }) => {
  it("gets one clear error, and nothing is changed, half done or taken for one's own later", async () => {
    const before = everything();
    const resource = world.one(type, "joe", joe);
    const said = await resource.up(inputs).then(
      () => "nothing",
      (error: Error) => error.message,
    );
    expect(said).toMatch(new RegExp(`^create of ${type} .*: .* (403 NOT_AUTHORIZED|404 NO_SUCH_)`));
    expect(said).not.toMatch(/joes-password|new-password|at .*\.ts:/);
    expect(everything()).toBe(before);
    // What an administrator makes afterwards is not the failed attempt's.
    const { state } = await world.one(type).up(inputs);
    if (type !== "dtr:ApiToken") await expect(resource.up(inputs)).rejects.toThrow(/already exists|NOT_AUTHORIZED|NO_SUCH_/);
    const made = everything();
    await expect(resource.destroy(state)).rejects.toThrow(/NOT_AUTHORIZED/);
    expect(everything()).toBe(made);
    // What may not be seen is not gone.
    const seen = await resource.refresh(state).then(Boolean, (error: Error) => error.message);
    expect([true, expect.stringMatching(/NOT_AUTHORIZED/)]).toContainEqual(seen);
    await world.one(type).destroy(state);
  });

  it("and one whose credentials are wrong is told to check them", async () => {
    const resource = world.one(type, "joe", { username: "joe", password: "not-the-password" });
    await expect(resource.up(inputs)).rejects.toThrow(/401 NOT_AUTHENTICATED.*Check user name and password/);
  });
});

describe("an account that only system administrators delete", () => {
  it.each([
    { type: "dtr:Organization", inputs: { name: "new", forceDelete: true } },
    { type: "dtr:User", inputs: { name: "new", password: "new-password", forceDelete: true } },
  ])("stays with its repositories where somebody else tries: $type", async ({ type, inputs }) => {
    const state = await declare(world.one(type), inputs);
    world.dtr.state.addRepository("new/app", { visibility: "public" });
    const before = everything();
    await expect(world.one(type, "joe", joe).destroy(state)).rejects.toThrow(/NOT_AUTHORIZED/);
    expect(everything()).toBe(before);
  });
});

describe("a user who may not see a repository, which the server says is not there", () => {
  const inApp = { namespace: "org", repository: "hidden" };
  const rules = [{ field: "tag", operator: "eq", values: ["x"] }];
  const hidden: readonly { readonly type: string; readonly inputs: object }[] = [
    { type: "dtr:Repository", inputs: { namespace: "org", name: "hidden" } },
    { type: "dtr:PruningPolicy", inputs: { ...inApp, rules } },
    { type: "dtr:PromotionPolicy", inputs: { ...inApp, targetRepository: "org/app", rules } },
    { type: "dtr:Webhook", inputs: { key: "org/hidden", type: "TAG_PUSH", endpoint: "https://ci.example.com" } },
  ];
  const eve = { username: "eve", password: "eves-password" };
  const prepared = async (type: string, inputs: object) => {
    world.dtr.state.addUser(eve.username, { password: eve.password });
    if (type !== "dtr:Repository") world.dtr.state.addRepository("org/hidden", { visibility: "private" });
    return declare(world.one(type), inputs);
  };

  it.each(hidden)("neither forgets $type in a refresh, nor says that it was destroyed", async ({ type, inputs }) => {
    const state = await prepared(type, inputs);
    const before = everything();
    const stranger = world.one(type, "eve", eve);
    const reason = /404 NO_SUCH_REPOSITORY.*eve is neither an administrator nor a member of org, so org\/hidden may be there all the same/;
    await expect(stranger.refresh(state)).rejects.toThrow(reason);
    await expect(stranger.destroy(state)).rejects.toThrow(reason);
    expect(everything()).toBe(before);
  });

  it("nor a webhook for everything, of which others see only their own", async () => {
    const type = "dtr:Webhook";
    const state = await declare(world.one(type), { key: "", type: "TAG_PUSH", endpoint: "https://ci.example.com" });
    const before = everything();
    const resource = world.one(type, "joe", joe);
    const reason = /only administrators see every webhook, and joe is none/;
    await expect(resource.refresh(state)).rejects.toThrow(reason);
    await expect(resource.destroy(state)).rejects.toThrow(reason);
    expect(everything()).toBe(before);
    await world.api("DELETE", `/api/v0/webhooks/${state.id}`);
    expect(await world.one(type).refresh(state)).toBeUndefined();
  });

  // Webhooks outlive their repository.
  it.each(hidden.filter(({ type }) => type !== "dtr:Webhook"))(
    "is told from one whose repository is gone, whoever asks: $type",
    async ({ type, inputs }) => {
      const state = await prepared(type, inputs);
      await world.api("DELETE", "/api/v0/repositories/org/hidden");
      // joe is a member of the organization.
      for (const user of [undefined, joe]) {
        const resource = world.one(type, "another", user);
        expect(await resource.refresh(state)).toBeUndefined();
        await resource.destroy(state);
      }
      await world.api("DELETE", "/enzi/v0/accounts/org");
      expect(await world.one(type, "eve", eve).refresh(state)).toBeUndefined();
    },
  );
});
