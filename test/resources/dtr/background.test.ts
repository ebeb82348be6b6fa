import { plain } from "../engine";
import { startWorld, type World } from "./world";

let world: World;
const start = async (type: string, ...given: Parameters<typeof startWorld>) => {
  world = await startWorld(...given);
  return world.one(type);
};
afterEach(() => world.close());

/** What the registry does on its own, and how a person changes it. */
describe("dtr.Cron", () => {
  const inputs = { action: "gc", schedule: "0 0 1 * * 0", retries: 1, capacityMap: { gc: 1 }, parameters: { k: "v" }, deadline: "2h" };
  const cron = () => world.api<Record<string, unknown>>("GET", "/api/v0/crons/gc");
  const set = (over: object) => world.api("POST", "/api/v0/crons", { ...inputs, stopTimeout: "30s", ...over });

  it.each(["null", "empty"] as const)(
    "is made, stays without a request, and is gone when destroy returns (no maps are %s)",
    async (noMap) => {
      const resource = await start("dtr:Cron", { noMap });
      const { state } = await resource.up({ action: "gc", schedule: "@weekly" });
      const { id } = await cron();
      expect(state).toMatchObject({ id: "gc", outputs: { retries: 0, deadline: "", stopTimeout: "30s", cronId: id } });
      expect(await cron()).toMatchObject({ schedule: "@weekly", retries: 0, deadline: "", stopTimeout: "30s" });
      expect(world.writes()).toEqual(["POST /api/v0/crons"]);
      world.forget();
      expect((await resource.up({ action: "gc", schedule: "@weekly" }, await resource.refresh(state))).step).toBe("same");
      expect(world.writes()).toEqual([]);
      await resource.destroy(state);
      await expect(cron()).rejects.toThrow("404");
      await resource.destroy(state);
    },
  );

  it.each([
    ["schedule", "0 0 2 * * 0"],
    ["retries", 3],
    ["capacityMap", { gc: 2 }],
    ["parameters", { k: "w" }],
    ["deadline", "3h"],
    ["stopTimeout", "1m"],
  ])("notices the drift of %s, and the next `up` sets it again", async (key, value) => {
    const resource = await start("dtr:Cron");
    const { state } = await resource.up(inputs);
    await set({ [key]: value });
    const drifted = await resource.refresh(state);
    expect(drifted?.inputs[key]).toEqual(value);
    expect((await resource.up(inputs, drifted)).step).toBe("update");
    expect(await cron()).toMatchObject({ ...inputs, stopTimeout: "30s" });
  });

  it("leaves alone what is not declared", async () => {
    const resource = await start("dtr:Cron");
    const { state } = await resource.up({ action: "gc", schedule: "@weekly" });
    await set({ schedule: "@weekly", retries: 0, deadline: "", parameters: { set: "by hand" }, capacityMap: { gc: 5 } });
    expect((await resource.up({ action: "gc", schedule: "@weekly" }, await resource.refresh(state))).step).toBe("same");
    const daily = await resource.up({ action: "gc", schedule: "@daily" }, state);
    expect(daily.step).toBe("update");
    expect(await cron()).toMatchObject({ schedule: "@daily", parameters: { set: "by hand" }, capacityMap: { gc: 5 } });
  });

  it("takes a schedule in other spacing, and a duration in other words, for the same", async () => {
    const resource = await start("dtr:Cron");
    const { state } = await resource.up({ action: "gc", schedule: "0 0 1 * * 0", deadline: "2h" });
    expect((await resource.up({ action: "gc", schedule: "0  0 1 * * 0 ", deadline: "2h0m0s", stopTimeout: "30s" }, state)).step).toBe(
      "same",
    );
    expect((await resource.up({ action: "gc", schedule: "0 0 1 * * 0", deadline: "1h" }, state)).step).toBe("update");
  });

  it("that exists is an error which names adopt; with adopt it is made as declared, and deleted at the end", async () => {
    const resource = await start("dtr:Cron");
    await set({});
    await expect(resource.up({ action: "gc", schedule: "@weekly" })).rejects.toThrow("Set adopt: true");
    expect(world.writes()).toEqual([]);
    const { state } = await resource.up({ action: "gc", schedule: "@weekly", retries: 1, deadline: "2h", adopt: true });
    expect(world.writes()).toEqual(["POST /api/v0/crons"]);
    expect(await cron()).toMatchObject({ schedule: "@weekly", parameters: { k: "v" }, capacityMap: { gc: 1 } });
    await resource.destroy(state);
    await expect(cron()).rejects.toThrow("404");
  });

  it("is adopted without a write where it is as declared", async () => {
    const resource = await start("dtr:Cron");
    await set({});
    const { state } = await resource.up({ action: "gc", schedule: inputs.schedule, retries: 1, deadline: "2h", adopt: true });
    expect(state.outputs).toMatchObject({ cronId: (await cron()).id });
    expect(world.writes()).toEqual([]);
  });

  it("moves to another action by a new schedule and the end of the old one", async () => {
    const resource = await start("dtr:Cron");
    const { state } = await resource.up(inputs);
    expect(await resource.up({ ...inputs, action: "tag_pruning" }, state)).toMatchObject({ step: "replace", replaces: ["action"] });
    const { crons } = await world.api<{ crons: { action: string }[] }>("GET", "/api/v0/crons");
    expect(crons.map(({ action }) => action)).toEqual(["tag_pruning"]);
  });

  it.each(["coded", "empty"] as const)("is gone when somebody deleted it (the 404 is %s)", async (jobrunnerMissing) => {
    const resource = await start("dtr:Cron", { jobrunnerMissing });
    const { state } = await resource.up(inputs);
    await world.api("DELETE", "/api/v0/crons/gc");
    expect(await resource.refresh(state)).toBeUndefined();
    await resource.destroy(state);
  });

  it("`.get` shows all there is", async () => {
    const resource = await start("dtr:Cron");
    await set({});
    expect(await resource.get("gc")).toMatchObject({ ...inputs, stopTimeout: "30s", cronId: (await cron()).id });
  });

  it.each([
    ["0 1 * * 0", "must have six fields"],
    ["", "must have six fields"],
    ["0 0 1 * * 0 2026", "must have six fields"],
  ])("refuses the schedule %j before anything is sent", async (schedule, reason) => {
    const resource = await start("dtr:Cron");
    expect(await resource.failures({ action: "gc", schedule })).toEqual([
      { property: "schedule", reason: expect.stringContaining(reason) },
    ]);
    expect(world.requests()).toEqual([]);
  });

  it.each(["dtr:Cron", "dtr:Job"])("%s refuses durations that are none before anything is sent", async (type) => {
    const resource = await start(type);
    const rest = type === "dtr:Cron" ? { schedule: "@weekly" } : {};
    for (const wrong of ["2 hours", "1d", "h", "-5s", "30"]) {
      expect(await resource.failures({ action: "gc", ...rest, deadline: wrong, stopTimeout: wrong })).toEqual(
        ["deadline", "stopTimeout"].map((property) => ({ property, reason: expect.stringContaining("must be a duration such as 90s") })),
      );
    }
    for (const right of ["", "90s", "1h30m", "0"])
      expect(await resource.failures({ action: "gc", ...rest, deadline: right, stopTimeout: right })).toEqual([]);
  });

  it("is made once when the answer is lost", async () => {
    const resource = await start("dtr:Cron");
    world.sandbox.control.inject({ method: "POST", path: "/crons$", fault: "reset-after" });
    const { state } = await resource.up(inputs);
    expect(state.outputs).toMatchObject({ cronId: (await cron()).id });
  });

  it("is taken up by the next run when the answers were lost for good", async () => {
    const resource = await start("dtr:Cron");
    world.sandbox.control.inject({ method: "POST", path: "/crons$", times: 1_000, fault: "reset-after" });
    await expect(resource.up(inputs)).rejects.toThrow("POST");
    world.sandbox.control.clearFaults();
    resource.start();
    expect((await resource.up(inputs)).state.outputs).toMatchObject({ cronId: (await cron()).id });
  });
});

describe("dtr.ActionConfig", () => {
  const inputs = { action: "gc", parameters: { a: "1", b: "2" } };
  const config = () => world.api<Record<string, unknown>>("GET", "/api/v0/action_configs/gc");

  it("is made, stays without a request, and is gone when destroy returns", async () => {
    const resource = await start("dtr:ActionConfig");
    const { state } = await resource.up(inputs);
    expect(state).toMatchObject({ id: "gc", outputs: { ...inputs, configId: (await config()).id } });
    expect(await config()).toMatchObject(inputs);
    world.forget();
    expect((await resource.up(inputs, await resource.refresh(state))).step).toBe("same");
    expect(world.requests()).toEqual(["GET /api/v0/action_configs/gc"]);
    await resource.destroy(state);
    await expect(config()).rejects.toThrow("404");
    await resource.destroy(state);
  });

  it("notices drift, in every parameter, and sets all again", async () => {
    const resource = await start("dtr:ActionConfig");
    const { state } = await resource.up(inputs);
    for (const parameters of [{ a: "1" }, { a: "1", b: "3" }, { ...inputs.parameters, c: "4" }]) {
      await world.api("POST", "/api/v0/action_configs", { action: "gc", parameters });
      const drifted = await resource.refresh(state);
      expect(drifted?.inputs.parameters).toEqual(parameters);
      expect((await resource.up(inputs, drifted)).step).toBe("update");
      expect(await config()).toMatchObject(inputs);
    }
  });

  it("that exists is an error which names adopt; with adopt it is taken over, without a write where it is as declared", async () => {
    const resource = await start("dtr:ActionConfig");
    await world.api("POST", "/api/v0/action_configs", inputs);
    await expect(resource.up(inputs)).rejects.toThrow("Set adopt: true");
    const same = await resource.up({ ...inputs, adopt: true });
    expect(world.writes()).toEqual([]);
    await resource.up({ action: "gc", parameters: {}, adopt: true });
    expect(await config()).toMatchObject({ parameters: {} });
    await resource.destroy(same.state);
    await expect(config()).rejects.toThrow("404");
  });

  it("moves to another action", async () => {
    const resource = await start("dtr:ActionConfig");
    const { state } = await resource.up(inputs);
    expect((await resource.up({ ...inputs, action: "poll_mirror" }, state)).step).toBe("replace");
    await expect(config()).rejects.toThrow("404");
  });

  it.each(["coded", "empty"] as const)("is gone when somebody deleted it (the 404 is %s)", async (jobrunnerMissing) => {
    const resource = await start("dtr:ActionConfig", { jobrunnerMissing });
    const { state } = await resource.up(inputs);
    await world.api("DELETE", "/api/v0/action_configs/gc");
    expect(await resource.refresh(state)).toBeUndefined();
    await resource.destroy(state);
  });

  it("is taken up by the next run when the answers were lost", async () => {
    const resource = await start("dtr:ActionConfig");
    world.sandbox.control.inject({ method: "POST", times: 1_000, fault: "reset-after" });
    await expect(resource.up(inputs)).rejects.toThrow("POST");
    world.sandbox.control.clearFaults();
    expect((await resource.up(inputs)).state.outputs).toMatchObject({ configId: (await config()).id });
  });
});

describe("dtr.WorkerCapacity", () => {
  const WORKER = "000000000000";
  const capacity = async (id = WORKER) =>
    (await world.api<{ workers: { id: string; capacityMap: object }[] }>("GET", "/api/v0/workers")).workers.find((found) => found.id === id)
      ?.capacityMap;
  const set = (capacityMap: object) => world.api("POST", `/api/v0/workers/${WORKER}/capacity`, { capacityMap });
  const workers = { [WORKER]: { scan: 1, scanCheck: 1 }, "000000000001": { scan: 4 } };
  const inputs = { worker: WORKER, capacityMap: { scan: 2, gc: 1 } };

  it("changes the declared kinds alone, stays without a request, and destroy puts back what it found", async () => {
    const resource = await start("dtr:WorkerCapacity", { workers });
    const { state } = await resource.up(inputs);
    expect(state).toMatchObject({ id: WORKER, outputs: { previous: { scan: 1 } } });
    expect(await capacity()).toEqual({ scan: 2, scanCheck: 1, gc: 1 });
    world.forget();
    expect((await resource.up(inputs, await resource.refresh(state))).step).toBe("same");
    expect(world.requests()).toEqual(["GET /api/v0/workers"]);
    await resource.destroy(state);
    expect(await capacity()).toEqual(workers[WORKER]);
    world.forget();
    await resource.destroy(state);
    expect(world.writes()).toEqual([]);
  });

  it("notices the drift of each declared kind, and of no other", async () => {
    const resource = await start("dtr:WorkerCapacity", { workers });
    const { state } = await resource.up(inputs);
    await set({ scan: 2, gc: 1, scanCheck: 9 });
    expect((await resource.up(inputs, await resource.refresh(state))).step).toBe("same");
    for (const map of [{ scan: 5, gc: 1 }, { scan: 2, gc: 5 }, { scan: 2 }]) {
      await set({ ...map, scanCheck: 9 });
      const drifted = await resource.refresh(state);
      expect(drifted?.inputs.capacityMap).toEqual(map);
      const repaired = await resource.up(inputs, drifted);
      expect(repaired.step).toBe("update");
      expect(repaired.state.outputs.previous).toEqual({ scan: 1 });
      expect(await capacity()).toEqual({ scan: 2, gc: 1, scanCheck: 9 });
    }
  });

  it("remembers a kind that is added, and puts back one that is no longer declared", async () => {
    const resource = await start("dtr:WorkerCapacity", { workers });
    const { state } = await resource.up(inputs);
    const other = await resource.up({ worker: WORKER, capacityMap: { scanCheck: 3 } }, state);
    expect(other).toMatchObject({ step: "update", state: { outputs: { previous: { scanCheck: 1 } } } });
    expect(await capacity()).toEqual({ scan: 1, scanCheck: 3 });
    await resource.destroy(other.state);
    expect(await capacity()).toEqual(workers[WORKER]);
  });

  it("writes nothing where it is as declared", async () => {
    const resource = await start("dtr:WorkerCapacity", { workers });
    await resource.destroy((await resource.up({ worker: WORKER, capacityMap: { scan: 1 } })).state);
    expect(world.writes()).toEqual([]);
  });

  it("moves to another worker, and puts the first one's back", async () => {
    const resource = await start("dtr:WorkerCapacity", { workers });
    const { state } = await resource.up(inputs);
    const moved = await resource.up({ ...inputs, worker: "000000000001" }, state);
    expect(moved).toMatchObject({ step: "replace", state: { outputs: { previous: { scan: 4 } } } });
    expect([await capacity(), await capacity("000000000001")]).toEqual([workers[WORKER], { scan: 2, gc: 1 }]);
  });

  it("of a worker that there is not names those that there are", async () => {
    const resource = await start("dtr:WorkerCapacity", { workers });
    await expect(resource.up({ ...inputs, worker: "x" })).rejects.toThrow("there is no worker x: there are 000000000000, 000000000001");
  });

  it("is gone with its worker", async () => {
    const resource = await start("dtr:WorkerCapacity", { workers });
    const { state } = await resource.up(inputs);
    const gone = { ...state, id: "000000000009" };
    expect(await resource.refresh(gone)).toBeUndefined();
    await resource.destroy(gone);
  });

  it("keeps what it found when the answer is lost", async () => {
    const resource = await start("dtr:WorkerCapacity", { workers });
    world.sandbox.control.inject({ method: "POST", times: 1_000, fault: "reset-after" });
    const half = await resource.up(inputs);
    expect(half.state).toMatchObject({ reasons: [expect.stringContaining("POST")], outputs: { previous: { scan: 1 } } });
    world.sandbox.control.clearFaults();
    const whole = await resource.up(inputs, half.state);
    expect(plain(whole.state.outputs)).toMatchObject({ previous: { scan: 1 } });
    await resource.destroy(whole.state);
    expect(await capacity()).toEqual(workers[WORKER]);
  });

  it("`.get` shows all kinds", async () => {
    const resource = await start("dtr:WorkerCapacity", { workers });
    expect(await resource.get(WORKER)).toMatchObject({ worker: WORKER, capacityMap: workers[WORKER] });
  });
});
