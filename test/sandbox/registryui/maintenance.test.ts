import { setTimeout as sleep } from "node:timers/promises";
import { image, push } from "../images";
import { routes } from "./api";
import { errorOf, fields, type Rig, rig, tagNames } from "./rig";

const done = { error: null, data: true };
const isOffline = async ({ call }: Rig) => fields(await call("GET", "isoffline")).data;

describe("setoffline and setonline", () => {
  it("are told by isoffline, as often as they are called", async () => {
    const world = rig();
    const seen = [];
    for (const path of ["setonline", "setoffline", "setoffline", "setonline", "setonline"]) {
      expect(fields(await world.call("POST", path))).toEqual(done);
      seen.push(await isOffline(world));
    }
    expect(seen).toEqual([false, true, true, false, false]);
  });

  it("stop every other call, by whomever", async () => {
    const world = rig({ projects: { "team/app": {} } });
    push(world.store, "team/app", "v1", image());
    world.registryui.state.setOffline(true);
    for (const { method, path, who } of routes) {
      if (["isoffline", "setoffline", "setonline"].includes(path)) continue;
      const target = `${path}?repository=team/app&tagName=v1&path=team/app`;
      for (const user of who === "readers" ? ["admin", "reader"] : ["admin"]) {
        expect([path, fields(await world.call(method, target, { user }))]).toEqual([path, { error: "OFFLINE", data: false }]);
      }
      expect(errorOf(await world.call(method, target, { user: null }))).toBe("NOTAUTHORIZED");
    }
    await world.call("POST", "setonline");
    expect(tagNames(await world.call("GET", "tags?repository=team/app"))).toEqual(["v1"]);
  });

  it("say OFFLINE the second time by the switch offlineTwice", async () => {
    const { call } = rig({ offlineTwice: "OFFLINE" });
    expect(errorOf(await call("POST", "setoffline"))).toBe(null);
    expect(errorOf(await call("POST", "setoffline"))).toBe("OFFLINE");
    expect(fields(await call("POST", "setonline"))).toEqual(done);
  });

  it.each([
    ["boolean", false, true],
    ["string", "false", "true"],
    ["offline", { offline: false }, { offline: true }],
    ["isOffline", { isOffline: false }, { isOffline: true }],
  ] as const)("are told as a %s by the switch offlineShape", async (offlineShape, online, offline) => {
    const world = rig({ offlineShape });
    expect(await isOffline(world)).toEqual(online);
    await world.call("POST", "setoffline");
    expect(await isOffline(world)).toEqual(offline);
  });
});

/** A repository with an untagged image and a blob of no image. */
function littered(options: Parameters<typeof rig>[0] = {}): Rig & { readonly garbage: () => boolean } {
  const world = rig(options);
  push(world.store, "app", undefined, image());
  const digest = world.store.putBlob("app", Buffer.from("litter"));
  return { ...world, garbage: () => world.store.blob(digest) !== undefined };
}

/** Whether a request was answered by now. */
async function pending(request: Promise<unknown>): Promise<boolean> {
  return (await Promise.race([request, sleep(1, "pending")])) === "pending";
}

describe("garbagecollection", () => {
  it("frees what no image needs, keeps untagged images, and answers when it is over", async () => {
    const world = littered();
    expect(fields(await world.call("POST", "garbagecollection"))).toEqual(done);
    expect(world.garbage()).toBe(false);
    expect(world.store.repository("app")?.manifests.size).toBe(1);
    expect([await isOffline(world), world.registryui.state.collections]).toEqual([false, 1]);
  });

  it("blocks, and the registry is offline, until isoffline was asked as often as gcPolls says", async () => {
    const world = littered({ gcPolls: 2 });
    const collection = world.call("POST", "garbagecollection");
    expect(await pending(collection)).toBe(true);
    expect([world.registryui.state.collecting, world.garbage()]).toEqual([true, true]);
    expect([await isOffline(world), await isOffline(world), await isOffline(world)]).toEqual([true, true, false]);
    expect(fields(await collection)).toEqual(done);
    expect(world.garbage()).toBe(false);
  });

  it("counts refusals as looks, so that a client that only tries again comes through", async () => {
    const world = littered({ gcPolls: 4 });
    const collection = world.call("POST", "garbagecollection");
    expect(errorOf(await world.call("GET", "repositories"))).toBe("OFFLINE");
    expect(errorOf(await world.call("POST", "garbagecollection"))).toBe("OFFLINE");
    expect(errorOf(await world.call("POST", "setoffline"))).toBe("OFFLINE");
    expect(errorOf(await world.call("POST", "setonline"))).toBe("Garbage collection is in progress.");
    expect(errorOf(await world.call("GET", "repositories"))).toBe(null);
    expect(fields(await collection)).toEqual(done);
    expect(world.registryui.state.collections).toBe(1);
  });

  it("does not count who is refused for another reason", async () => {
    const world = littered({ gcPolls: 1 });
    const collection = world.call("POST", "garbagecollection");
    await world.call("GET", "isoffline", { user: "reader" });
    await world.call("GET", "repositories", { user: null });
    expect(world.registryui.state.collecting).toBe(true);
    world.registryui.state.endGarbageCollection();
    expect(fields(await collection)).toEqual(done);
  });

  it("is over after gcDuration of the sandbox's clock, although nobody asks", async () => {
    const world = littered({ gcPolls: Number.POSITIVE_INFINITY, gcDuration: 60_000 });
    const collection = world.call("POST", "garbagecollection");
    world.clock.advance(59_999);
    expect(await isOffline(world)).toBe(true);
    world.clock.advance(1);
    expect(fields(await collection)).toEqual(done);
  });

  it("can be ended from the outside, and by closing the sandbox", async () => {
    const world = littered({ gcPolls: 9 });
    const { state } = world.registryui;
    expect(() => state.endGarbageCollection()).toThrow("No garbage collection");
    for (const end of [state.endGarbageCollection, state.close]) {
      const collection = world.call("POST", "garbagecollection");
      end();
      expect(fields(await collection)).toEqual(done);
    }
    state.close();
    expect(state.collections).toBe(2);
  });

  it.each([
    ["true", { error: null, data: true }, false],
    ["false", { error: null, data: false }, false],
    ["error", { error: expect.stringContaining("failed"), data: false }, false],
    ["stuck", { error: expect.stringContaining("failed"), data: false }, true],
  ] as const)("ends by the switch gcResult: %s", async (gcResult, expected, offline) => {
    const world = littered({ gcResult });
    expect(fields(await world.call("POST", "garbagecollection"))).toEqual(expected);
    expect(await isOffline(world)).toBe(offline);
  });

  it("goes on behind a proxy that gives up, by the switch gcProxy", async () => {
    const world = littered({ gcProxy: "504", gcPolls: 1 });
    const page = await world.call("POST", "garbagecollection");
    expect(page).toMatchObject({ status: 504, body: expect.stringContaining("Gateway Time-out") });
    expect([await isOffline(world), await isOffline(world)]).toEqual([true, false]);
    expect([world.garbage(), world.registryui.state.collections]).toEqual([false, 1]);
  });

  it("is refused while offline by hand, or puts the registry online, by the switch gcWhileOffline", async () => {
    const refused = littered();
    await refused.call("POST", "setoffline");
    expect(errorOf(await refused.call("POST", "garbagecollection"))).toBe("OFFLINE");
    expect([await isOffline(refused), refused.garbage()]).toEqual([true, true]);
    const taken = littered({ gcWhileOffline: "online-afterwards" });
    await taken.call("POST", "setoffline");
    expect(fields(await taken.call("POST", "garbagecollection"))).toEqual(done);
    expect([await isOffline(taken), taken.garbage()]).toEqual([false, false]);
  });
});
