import * as fs from "node:fs";
import { image, push } from "../../sandbox/images";
import { declare } from "./lifecycle-of";
import { startWorld, type World } from "./world";

let world: World;
afterEach(() => world.close());
const start = async (type: string, options: Parameters<typeof startWorld>[0] = {}) => {
  world = await startWorld(options);
  return world.one(type);
};
const failure = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "nothing failed",
    (error: Error) => error.message,
  );
const account = (name: string) => [...world.dtr.state.world.accounts.values()].find((one) => one.name === name);

describe("what somebody else made anew under the same name", () => {
  const kinds = [
    {
      type: "dtr:Organization",
      inputs: { name: "team", fullName: "Ours", forceDelete: true },
      other: { fullName: "Changed" },
      remake: async () => {
        await world.api("DELETE", "/enzi/v0/accounts/team");
        world.dtr.state.addOrganization("team");
        await world.api("POST", "/api/v0/repositories/team", { name: "theirs" });
      },
      there: () => [account("team")?.fullName, [...world.dtr.state.world.repositories.keys()]],
      theirs: ["", ["team/theirs"]],
    },
    {
      type: "dtr:Organization",
      inputs: { name: "team", fullName: "Ours", forceDelete: true },
      other: { fullName: "Changed" },
      remake: async () => {
        await world.api("DELETE", "/enzi/v0/accounts/team");
        world.dtr.state.addUser("team", { password: "their-password" });
      },
      there: () => account("team")?.kind,
      theirs: "user",
    },
    {
      type: "dtr:User",
      inputs: { name: "joe", password: "first-password", forceDelete: true },
      other: { isAdmin: true },
      remake: async () => {
        await world.api("DELETE", "/enzi/v0/accounts/joe");
        world.dtr.state.addUser("joe", { password: "their-password" });
      },
      there: () => account("joe"),
      theirs: expect.objectContaining({ kind: "user", isAdmin: false }),
    },
    {
      type: "dtr:Repository",
      inputs: { namespace: "org", name: "app", shortDescription: "Ours", forceDelete: true },
      other: { shortDescription: "Changed" },
      remake: async () => {
        await world.api("DELETE", "/api/v0/repositories/org/app");
        await world.api("POST", "/api/v0/repositories/org", { name: "app", shortDescription: "Theirs", visibility: "private" });
        push(world.dtr.store, "org/app", "theirs", image({ labels: { whose: "theirs" } }));
      },
      there: () => [
        world.dtr.state.repository("org/app").shortDescription,
        [...(world.dtr.store.repository("org/app")?.tags.keys() ?? [])],
      ],
      theirs: ["Theirs", ["theirs"]],
    },
  ];

  it.each(kinds)(
    "is no longer ours ($type): gone for refresh, not changed, not destroyed",
    async ({ type, inputs, other, remake, there, theirs }) => {
      const resource = await start(type, { organizations: { org: {} } });
      const state = await declare(resource, inputs);
      await remake();
      world.forget();
      expect(await resource.refresh(state)).toBeUndefined();
      expect(await failure(resource.up({ ...inputs, ...other }, state))).toMatch(
        /is gone(, and somebody made another one of that name)?: nothing was changed\. Run `pulumi refresh`/,
      );
      await resource.destroy(state);
      expect(world.writes()).toEqual([]);
      expect(there()).toEqual(theirs);
      expect(resource.lines.join("\n")).toMatch(/somebody made another one of that name, which is left alone/);
    },
  );

  it("is not deleted when it came in after a lost answer", async () => {
    const resource = await start("dtr:Repository", { organizations: { org: {} } });
    const state = await declare(resource, { namespace: "org", name: "app", forceDelete: true });
    const { id } = world.dtr.state.repository("org/app");
    world.sandbox.control.inject({ method: "DELETE", fault: "reset-after" });
    world.forget();
    const run = resource.destroy(state);
    for (let turn = 0; world.writes().length === 0 && turn < 1_000; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    await world.api("POST", "/api/v0/repositories/org", { name: "app", visibility: "private" });
    await run;
    expect(world.dtr.state.repository("org/app").id).not.toBe(id);
    expect(world.writes().filter((line) => line.startsWith("DELETE"))).toHaveLength(1);
  });
});

describe("the user that the provider itself logs in as", () => {
  it("is not made an ordinary user by a program that leaves isAdmin out", async () => {
    const resource = await start("dtr:User");
    expect(await failure(resource.up({ name: "admin", adopt: true }))).toMatch(/is not made an ordinary user \(isAdmin\)/);
    expect(world.writes()).toEqual([]);
    expect(account("admin")).toMatchObject({ isAdmin: true });
  });
});

describe("an engine that was killed before it wrote the state down", () => {
  const cases = [
    {
      type: "dtr:Settings",
      inputs: { jobHistoryToKeep: 50, scanningDeadline: 60 },
      next: { jobHistoryToKeep: 70 },
      found: { jobHistoryToKeep: 7, scanningDeadline: 30 },
      now: async () => {
        const { jobHistoryToKeep, scanningDeadline } = await world.api<Record<string, number>>("GET", "/api/v0/meta/settings");
        return { jobHistoryToKeep, scanningDeadline };
      },
    },
    {
      type: "dtr:WorkerCapacity",
      inputs: { worker: "000000000000", capacityMap: { scan: 2, gc: 1 } },
      next: { worker: "000000000000", capacityMap: { scan: 3 } },
      found: { scan: 1, scanCheck: 1 },
      now: async () => (await world.api<{ workers: { capacityMap: object }[] }>("GET", "/api/v0/workers")).workers[0]?.capacityMap,
    },
    {
      type: "dtr:UserSettings",
      inputs: { username: "alice", contentCacheId: "" },
      next: { username: "alice", contentCacheId: "" },
      found: "eu",
      now: async () => {
        const { ContentCacheUUID: id } = await world.api<{ ContentCacheUUID: string }>("GET", "/api/v0/accounts/alice/settings");
        return (await world.api<{ id: string; name: string }[]>("GET", "/api/v0/content_caches")).find((cache) => cache.id === id)?.name;
      },
    },
  ];
  const begin = async (type: string) => {
    const resource = await start(type, {
      settings: { jobHistoryToKeep: 7, scanningDeadline: 30 },
      workers: { "000000000000": { scan: 1, scanCheck: 1 } },
      accounts: { alice: { password: "alice-password" } },
    });
    const { id } = await world.api<{ id: string }>("POST", "/api/v0/content_caches", { name: "eu", host: "https://eu.example.com" });
    await world.api("PATCH", "/api/v0/accounts/alice/settings", { contentCacheUUID: id });
    return resource;
  };

  it.each(cases)("did not forget what $type found: destroy puts it back", async ({ type, inputs, next, found, now }) => {
    const resource = await begin(type);
    expect(await now()).toEqual(found);
    await declare(resource, inputs); // the state of this is lost
    expect(await now()).not.toEqual(found);
    resource.start();
    const state = await declare(resource, next);
    await resource.destroy(state);
    expect(await now()).toEqual(found);
  });

  it("wrote down no TLS key", async () => {
    const resource = await begin("dtr:Settings");
    const files = () => fs.readdirSync(resource.folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
    await declare(resource, { webTLSCert: "a-certificate", webTLSKey: "very-secret", jobHistoryToKeep: 50 });
    const written = files().map((name) => fs.readFileSync(`${resource.folder}/${name}`, "utf8"));
    expect(written.join()).toContain('"jobHistoryToKeep":7');
    expect(written.join()).not.toContain("very-secret");
  });
});

describe("what somebody else changed since", () => {
  const settings = () => world.api<Record<string, unknown>>("GET", "/api/v0/meta/settings");
  const set = (values: object) => world.api("POST", "/api/v0/meta/settings", values);

  it("stays when settings are put back, by destroy and by a line that goes, and is told", async () => {
    const resource = await start("dtr:Settings", { settings: { jobHistoryToKeep: 7, scanningDeadline: 30 } });
    const inputs = { jobHistoryToKeep: 50, scanningDeadline: 60 };
    const state = await declare(resource, inputs);
    await set({ jobHistoryToKeep: 99 });
    world.forget();
    const left = await declare(resource, { scanningDeadline: 60 }, state);
    expect(world.writes()).toEqual([]);
    await resource.destroy(state);
    expect(await settings()).toMatchObject({ jobHistoryToKeep: 99, scanningDeadline: 30 });
    expect(resource.lines.filter((line) => /jobHistoryToKeep: somebody changed it since/.test(line))).toHaveLength(2);
    expect(left.outputs).not.toHaveProperty("jobHistoryToKeep");
  });

  it("stays when a user's settings are put back", async () => {
    const resource = await start("dtr:UserSettings", { accounts: { alice: { password: "alice-password" } } });
    const add = (name: string) =>
      world.api<{ id: string }>("POST", "/api/v0/content_caches", { name, host: `https://${name}.example.com` });
    const [eu, us] = [await add("eu"), await add("us")];
    const state = await declare(resource, { username: "alice", contentCacheId: eu.id });
    await world.api("PATCH", "/api/v0/accounts/alice/settings", { contentCacheUUID: us.id });
    world.forget();
    await resource.destroy(state);
    expect(world.writes()).toEqual([]);
    expect(resource.lines.join("\n")).toMatch(/alice: the content cache: somebody changed it since/);
  });

  describe("of a worker's capacity", () => {
    const WORKER = "000000000000";
    const capacity = async () =>
      (await world.api<{ workers: { capacityMap: object }[] }>("GET", "/api/v0/workers")).workers.map(({ capacityMap }) => capacityMap);
    const give = (capacityMap: object) => world.api("POST", `/api/v0/workers/${WORKER}/capacity`, { capacityMap });
    const workers = { [WORKER]: { scan: 1, scanCheck: 1 } };
    const inputs = { worker: WORKER, capacityMap: { scan: 2, gc: 1 } };

    it("stays, kind by kind", async () => {
      const resource = await start("dtr:WorkerCapacity", { workers });
      const state = await declare(resource, inputs);
      await give({ scan: 2, gc: 8, scanCheck: 1 });
      await resource.destroy(state);
      expect(await capacity()).toEqual([{ scan: 1, gc: 8, scanCheck: 1 }]);
    });

    it("does not make a kind forgotten that somebody took away: what it was first is put back", async () => {
      const resource = await start("dtr:WorkerCapacity", { workers });
      const state = await declare(resource, inputs);
      await give({ gc: 1, scanCheck: 1 });
      const repaired = await declare(resource, inputs, await resource.refresh(state));
      expect(repaired.outputs.previous).toEqual({ scan: 1 });
      await resource.destroy(repaired);
      expect(await capacity()).toEqual([workers[WORKER]]);
    });
  });
});
