import { startWorld, type World } from "./world";

let world: World;
const start = async (...given: Parameters<typeof startWorld>) => {
  world = await startWorld(...given);
};
afterEach(() => world.close());

const posts = () => world.writes().map((line) => line.replace("POST /udr/v1api/", ""));

describe("registryui.Maintenance", () => {
  const TYPE = "registryui:Maintenance";

  it("holds the registry offline exactly while it exists", async () => {
    await start();
    const resource = world.one(TYPE);
    const { state } = await resource.up({});
    expect(world.registryui.state.offline).toBe(true);
    expect(state).toMatchObject({ id: world.url, outputs: { since: "2026-03-01T12:00:00.000Z" } });
    world.forget();
    expect((await resource.up({}, state)).step).toBe("same");
    expect(world.requests()).toEqual([]);
    expect(await resource.refresh(state)).toMatchObject({ id: world.url, outputs: { since: "2026-03-01T12:00:00.000Z" } });
    expect(world.writes()).toEqual([]);
    await resource.destroy(state);
    expect(world.registryui.state.offline).toBe(false);
    expect(posts()).toEqual(["setonline"]);
    await resource.destroy(state);
    expect(posts()).toEqual(["setonline"]);
  });

  it("is gone from the state after somebody set the registry online, and sets it offline again", async () => {
    await start();
    const resource = world.one(TYPE);
    const { state } = await resource.up({});
    world.registryui.state.setOffline(false);
    expect(await resource.refresh(state)).toBeUndefined();
    await resource.up({});
    expect(world.registryui.state.offline).toBe(true);
  });

  it("of a registry that is offline already is an error without adopt, and is taken over with it", async () => {
    await start();
    world.registryui.state.setOffline(true);
    const resource = world.one(TYPE);
    await expect(resource.up({})).rejects.toThrow(/is offline already: .*or set adopt: true/);
    const { state } = await resource.up({ adopt: true });
    expect(world.writes()).toEqual([]);
    expect(state.outputs).toMatchObject({ since: "" });
    await resource.destroy(state);
    expect(world.registryui.state.offline).toBe(false);
  });

  it.each(["boolean", "string", "offline", "isOffline"] as const)("whatever isoffline answers with: %s", async (offlineShape) => {
    await start({ offlineShape });
    const resource = world.one(TYPE);
    const { state } = await resource.up({});
    expect(await resource.refresh(state)).toBeDefined();
    await resource.destroy(state);
    expect(world.registryui.state.offline).toBe(false);
  });

  it("a user without administrator rights gets one clear error and the registry stays online", async () => {
    for (const offlineAsked of ["administrators", "anybody"] as const) {
      await start({ offlineAsked, users: { dev: { token: "dev-token" } } });
      const resource = world.one(TYPE, undefined, { username: "dev", token: "dev-token" });
      await expect(resource.up({})).rejects.toThrow(
        /user dev is not authorized \(NOTAUTHORIZED\)\. This call needs a user with administrator rights/,
      );
      expect(world.registryui.state.offline).toBe(false);
      if (offlineAsked === "administrators") await world.close();
    }
  });
});

describe("registryui.GarbageCollection", () => {
  const TYPE = "registryui:GarbageCollection";

  it("runs when it is made and when a trigger changes, and at no other time", async () => {
    await start();
    const resource = world.one(TYPE);
    const { state } = await resource.up({ triggers: { week: "1" } });
    expect(world.registryui.state.collections).toBe(1);
    expect(posts()).toEqual(["garbagecollection"]);
    expect(state).toMatchObject({ id: world.url, outputs: { finishedAt: "2026-03-01T12:00:00.000Z" } });
    expect((await resource.up({ triggers: { week: "1" } }, state)).step).toBe("same");
    expect(await resource.refresh(state)).toMatchObject({ id: world.url });
    expect(posts()).toHaveLength(1);
    const second = await resource.up({ triggers: { week: "2" } }, state);
    expect(second.step).toBe("update");
    expect(world.registryui.state.collections).toBe(2);
    await resource.destroy(second.state);
    expect(posts()).toHaveLength(2);
  });

  it("waits for the end when a proxy gives up, and posts once", async () => {
    await start({ gcProxy: "504", gcPolls: 4 });
    const { state } = await world.one(TYPE).up({});
    expect(state.reasons).toBeUndefined();
    expect(world.registryui.state.collections).toBe(1);
    expect(posts()).toEqual(["garbagecollection"]);
  });

  it("that is not over in time is kept as such; the next `up` waits on and starts none", async () => {
    await start({ gcProxy: "504", gcPolls: 1_000_000, gcDuration: 7_200_000 });
    const resource = world.one(TYPE);
    const half = await resource.up({ timeouts: { create: "60s" } });
    expect(half.state).toMatchObject({
      outputs: { finishedAt: "" },
      reasons: [expect.stringContaining("Run `pulumi up` again to go on waiting")],
    });
    world.sandbox.clock.advance(7_200_000);
    const refreshed = await resource.refresh(half.state);
    const whole = await resource.up({ timeouts: { create: "60s" } }, refreshed);
    expect(whole).toMatchObject({ step: "update", state: { outputs: { finishedAt: expect.stringMatching(/^2026/) } } });
    expect(posts()).toEqual(["garbagecollection"]);
  });

  it("whose call blocks for longer than its time is kept as such, and is not sent again", async () => {
    await start({ gcPolls: 1_000_000, gcDuration: 7_200_000 });
    const resource = world.one(TYPE);
    const half = await resource.up({ timeouts: { create: "50ms" } });
    expect(half.state.reasons).toEqual([expect.stringContaining("was not seen to end")]);
    expect(world.registryui.state.collecting).toBe(true);
    world.registryui.state.endGarbageCollection();
    expect((await resource.up({ timeouts: { create: "50ms" } }, half.state)).state.reasons).toBeUndefined();
    expect(posts()).toEqual(["garbagecollection"]);
  });

  it.each(["error", "stuck", "false"] as const)("says what the server says where it fails: %s", async (gcResult) => {
    await start({ gcResult });
    await expect(world.one(TYPE).up({})).rejects.toThrow(
      /create of registryui:GarbageCollection of the registry: POST .*\/garbagecollection/,
    );
    expect(posts()).toEqual(["garbagecollection"]);
  });

  it("of a registry that was set offline is an error which says how to set it online", async () => {
    await start();
    world.registryui.state.setOffline(true);
    await expect(world.one(TYPE).up({})).rejects.toThrow(/the registry is offline \(OFFLINE\).*set it online/);
    expect(world.registryui.state.collections).toBe(0);
  });

  it("a user without administrator rights gets one clear error and the registry stays online", async () => {
    await start({ users: { dev: { token: "dev-token" } } });
    await expect(world.one(TYPE, undefined, { username: "dev", token: "dev-token" }).up({})).rejects.toThrow("administrator rights");
    expect(world.registryui.state.offline).toBe(false);
    expect(world.registryui.state.collections).toBe(0);
  });

  it("cannot be adopted", async () => {
    await start();
    expect(await world.one(TYPE).failures({ adopt: true })).toMatchObject([{ property: "adopt" }]);
  });

  it("other resources of the same program wait for it, however long it takes", async () => {
    await start({ gcPolls: 1_000_000, gcDuration: 1_000_000_000 });
    const collection = world.one(TYPE).up({});
    while (!world.registryui.state.collecting) await new Promise((resolve) => setTimeout(resolve, 1));
    world.forget();
    const project = world.one("registryui:Project", "org/project/dev/app").up({ repository: "team/app" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(world.requests()).toEqual([]);
    world.registryui.state.endGarbageCollection();
    expect((await collection).state.reasons).toBeUndefined();
    expect((await project).step).toBe("create");
  });
});
