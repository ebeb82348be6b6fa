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
