import { startWorld, type World } from "./world";

let world: World;
const start = async (type: string, ...given: Parameters<typeof startWorld>) => {
  world = await startWorld(...given);
  return world.one(type);
};
afterEach(() => world.close());

interface Cache {
  readonly id: string;
  readonly name: string;
  readonly host: string;
}
const caches = () => world.api<Cache[]>("GET", "/api/v0/content_caches");
const add = (name: string) => world.api<Cache>("POST", "/api/v0/content_caches", { name, host: `https://${name}.example.com` });

describe("dtr.ContentCache", () => {
  const inputs = { name: "eu", host: "https://eu.example.com" };

  it.each(["204", "404"] as const)(
    "is made, stays without a request, and is gone when destroy returns (absent is %s)",
    async (deleteAbsent) => {
      const resource = await start("dtr:ContentCache", { deleteAbsent });
      const { state } = await resource.up(inputs);
      const [made] = await caches();
      expect(made).toEqual({ ...inputs, id: state.id });
      expect(state.outputs).toMatchObject({ ...inputs, contentCacheId: state.id });
      world.forget();
      expect((await resource.up(inputs, await resource.refresh(state))).step).toBe("same");
      expect(world.requests()).toEqual([`GET /api/v0/content_caches/${state.id}`]);
      await resource.destroy(state);
      expect(await caches()).toEqual([]);
      await resource.destroy(state);
      expect(await resource.refresh(state)).toBeUndefined();
    },
  );

  it.each([
    ["name", { ...inputs, name: "us" }],
    ["host", { ...inputs, host: "https://other.example.com" }],
  ])("is replaced when its %s changes", async (property, changed) => {
    const resource = await start("dtr:ContentCache");
    const { state } = await resource.up(inputs);
    expect(await resource.up(changed, state)).toMatchObject({ step: "replace", replaces: [property] });
    expect(await caches()).toEqual([expect.objectContaining(changed)]);
  });

  it("that exists is an error which names adopt; with adopt it is taken over without a write, unless its host is another", async () => {
    const resource = await start("dtr:ContentCache");
    const { id } = await add("eu");
    await expect(resource.up(inputs)).rejects.toThrow("Set adopt: true");
    expect((await resource.up({ ...inputs, adopt: true })).state).toMatchObject({ id, outputs: { contentCacheId: id } });
    await expect(resource.up({ ...inputs, host: "https://other.example.com", adopt: true })).rejects.toThrow("exists with another host");
    expect(world.writes()).toEqual([]);
  });

  it.each(["", "eu cache", "ftp://eu.example.com", "https://"])("refuses the host %j before anything is sent", async (host) => {
    const resource = await start("dtr:ContentCache");
    expect(await resource.failures({ ...inputs, host })).toEqual([
      { property: "host", reason: "must be an address such as https://cache.example.com" },
    ]);
    expect(await resource.failures({ ...inputs, host: "eu.example.com:4443" })).toEqual([]);
  });

  it("is made once when the answer is lost", async () => {
    const resource = await start("dtr:ContentCache");
    world.sandbox.control.inject({ method: "POST", path: "/content_caches$", fault: "reset-after" });
    const { state } = await resource.up(inputs);
    expect(await caches()).toEqual([{ ...inputs, id: state.id }]);
    expect(world.writes()).toHaveLength(1);
  });

  it("`.get` reads it, and says what is not there", async () => {
    const resource = await start("dtr:ContentCache");
    const { id } = await add("eu");
    expect(await resource.get(id)).toMatchObject(inputs);
    await expect(resource.get("none")).rejects.toThrow("does not exist");
  });
});

describe("dtr.UserSettings", () => {
  const alice = { accounts: { alice: { password: "alice-password" }, bob: { password: "bob-password" } } };
  const chosen = async (user = "alice") =>
    (await world.api<{ ContentCacheUUID: string }>("GET", `/api/v0/accounts/${user}/settings`)).ContentCacheUUID;
  const choose = (contentCacheUUID: string) => world.api("PATCH", "/api/v0/accounts/alice/settings", { contentCacheUUID });

  it("chooses a cache, stays without a request, and destroy puts back what it found", async () => {
    const resource = await start("dtr:UserSettings", alice);
    const [eu, us] = [await add("eu"), await add("us")];
    await choose(us.id);
    const inputs = { username: "alice", contentCacheId: eu.id };
    const { state } = await resource.up(inputs);
    expect(state).toMatchObject({ id: "alice", outputs: { previous: { contentCacheId: us.id } } });
    expect(await chosen()).toBe(eu.id);
    world.forget();
    expect((await resource.up(inputs, await resource.refresh(state))).step).toBe("same");
    expect(world.requests()).toEqual(["GET /api/v0/accounts/alice/settings"]);
    await resource.destroy(state);
    expect(await chosen()).toBe(us.id);
    world.forget();
    await resource.destroy(state);
    expect(world.writes()).toEqual([]);
  });

  it("notices drift, takes another cache in place, and remembers what was there at first", async () => {
    const resource = await start("dtr:UserSettings", alice);
    const [eu, us] = [await add("eu"), await add("us")];
    const { state } = await resource.up({ username: "alice", contentCacheId: eu.id });
    await choose("");
    const drifted = await resource.refresh(state);
    expect(drifted?.inputs).toMatchObject({ contentCacheId: "" });
    const repaired = await resource.up({ username: "alice", contentCacheId: eu.id }, drifted);
    expect(repaired.step).toBe("update");
    expect(await chosen()).toBe(eu.id);
    const other = await resource.up({ username: "alice", contentCacheId: us.id }, repaired.state);
    expect(other).toMatchObject({ step: "update", state: { outputs: { previous: { contentCacheId: "" } } } });
    await resource.destroy(other.state);
    expect(await chosen()).toBe("");
  });

  it("does not touch what is not declared, and puts it back when it no longer is", async () => {
    const resource = await start("dtr:UserSettings", alice);
    const [eu, us] = [await add("eu"), await add("us")];
    await choose(us.id);
    const { state } = await resource.up({ username: "alice" });
    expect(state.outputs.previous).toEqual({});
    expect(await resource.refresh(state)).not.toHaveProperty("inputs.contentCacheId");
    expect(world.writes()).toEqual([]);
    const set = await resource.up({ username: "alice", contentCacheId: eu.id }, state);
    const unset = await resource.up({ username: "alice" }, set.state);
    expect(unset.state.outputs.previous).toEqual({});
    expect(await chosen()).toBe(us.id);
  });

  it("moves to another user, and puts the first one's back", async () => {
    const resource = await start("dtr:UserSettings", alice);
    const eu = await add("eu");
    const { state } = await resource.up({ username: "alice", contentCacheId: eu.id });
    expect((await resource.up({ username: "bob", contentCacheId: eu.id }, state)).step).toBe("replace");
    expect([await chosen(), await chosen("bob")]).toEqual(["", eu.id]);
  });

  it("leaves the user without a cache when the one from before is gone", async () => {
    const resource = await start("dtr:UserSettings", alice);
    const [eu, us] = [await add("eu"), await add("us")];
    await choose(us.id);
    const { state } = await resource.up({ username: "alice", contentCacheId: eu.id });
    await world.api("DELETE", `/api/v0/content_caches/${us.id}`);
    await resource.destroy(state);
    expect(await chosen()).toBe("");
    expect(resource.lines).toEqual([expect.stringContaining("cannot be chosen any more")]);
  });

  it("is gone with its user, and of a user that there is not it is an error", async () => {
    const resource = await start("dtr:UserSettings", alice);
    const eu = await add("eu");
    const { state } = await resource.up({ username: "alice", contentCacheId: eu.id });
    await world.api("DELETE", "/enzi/v0/accounts/alice");
    expect(await resource.refresh(state)).toBeUndefined();
    await resource.destroy(state);
    await expect(resource.up({ username: "alice", contentCacheId: eu.id })).rejects.toThrow("404");
  });

  it("keeps what it found when the answer is lost", async () => {
    const resource = await start("dtr:UserSettings", alice);
    const [eu, us] = [await add("eu"), await add("us")];
    await choose(us.id);
    world.sandbox.control.inject({ method: "PATCH", times: 1_000, fault: "reset-after" });
    const half = await resource.up({ username: "alice", contentCacheId: eu.id });
    expect(half.state).toMatchObject({ reasons: [expect.stringContaining("PATCH")], outputs: { previous: { contentCacheId: us.id } } });
    world.sandbox.control.clearFaults();
    const whole = await resource.up({ username: "alice", contentCacheId: eu.id }, half.state);
    expect(whole.state.reasons).toBeUndefined();
    await resource.destroy(whole.state);
    expect(await chosen()).toBe(us.id);
  });

  it("`.get` shows the user's choice", async () => {
    const resource = await start("dtr:UserSettings", alice);
    const eu = await add("eu");
    await choose(eu.id);
    expect(await resource.get("alice")).toMatchObject({ username: "alice", contentCacheId: eu.id });
  });
});
