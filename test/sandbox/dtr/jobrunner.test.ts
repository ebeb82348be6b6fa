import { fields, items, outcome, type Rig, rig } from "./rig";

const cron = { action: "gc", schedule: "0 0 1 * * 0", retries: 1, deadline: "", stopTimeout: "30s" };
const set = ({ call }: Rig, body: object) => call("POST", "crons", { body });

describe("crons", () => {
  it("are created with 202, and say when they run next", async () => {
    const world = rig();
    const response = await set(world, cron);
    const { id, ...rest } = fields(response);
    expect([response.status, rest]).toEqual([
      202,
      { ...cron, capacityMap: null, parameters: null, nextRun: "2026-01-04T01:00:00.000123456Z" },
    ]);
    expect(fields(await world.call("GET", "crons/gc"))).toEqual({ id, ...rest });
    expect(items(await world.call("GET", "crons"), "crons")).toEqual([{ id, ...rest }]);
  });

  it("are one for each action: another schedule changes it", async () => {
    const world = rig();
    const { id } = fields(await set(world, cron));
    expect(fields(await set(world, { ...cron, schedule: "@hourly", parameters: { k: "v" } }))).toMatchObject({ id, schedule: "@hourly" });
    await set(world, { ...cron, action: "tag_pruning" });
    expect(items(await world.call("GET", "crons"), "crons").map(({ action }) => action)).toEqual(["gc", "tag_pruning"]);
  });

  it.each([
    ["five fields", { ...cron, schedule: "0 1 * * 0" }, "400 INVALID_PARAMETERS"],
    ["no schedule", { action: "gc" }, "400 INVALID_PARAMETERS"],
    ["no action", { schedule: "@hourly" }, "400 INVALID_PARAMETERS"],
    ["capacities that are no numbers", { ...cron, capacityMap: { scan: "1" } }, "400 INVALID_JSON"],
  ])("are refused with %s", async (_what, body, expected) => {
    expect(outcome(await set(rig(), body))).toBe(expected);
  });

  it("submit a job when their time has come, once", async () => {
    const world = rig({ jobPolls: 100 });
    await set(world, { ...cron, parameters: { k: "v" } });
    expect(items(await world.call("GET", "jobs"), "jobs")).toEqual([]);
    world.clock.advance(3 * 7 * 86_400_000);
    for (let look = 0; look < 2; look += 1) {
      expect(items(await world.call("GET", "jobs"), "jobs")).toEqual([
        expect.objectContaining({ action: "gc", parameters: { k: "v" }, retriesTotal: 1, stopTimeout: "30s" }),
      ]);
    }
    expect(fields(await world.call("GET", "crons/gc")).nextRun).toBe("2026-01-25T01:00:00.000123456Z");
  });

  it("are deleted, and their jobs go on", async () => {
    const world = rig({ jobPolls: 100 });
    await set(world, { ...cron, schedule: "@hourly" });
    world.clock.advance(3_600_000);
    await world.call("GET", "crons");
    expect((await world.call("DELETE", "crons/gc")).status).toBe(204);
    expect(items(await world.call("GET", "crons"), "crons")).toEqual([]);
    expect(items(await world.call("GET", "jobs"), "jobs").map(({ status }) => status)).toEqual(["waiting"]);
  });
});

describe("action configurations", () => {
  it("are created and replaced with 202, one for each action", async () => {
    const { call } = rig();
    const response = await call("POST", "action_configs", { body: { action: "gc", parameters: { k: "v" } } });
    const { id, ...rest } = fields(response);
    expect([response.status, rest]).toEqual([202, { action: "gc", parameters: { k: "v" } }]);
    const changed = { id, action: "gc", parameters: { other: "w" } };
    expect(fields(await call("POST", "action_configs", { body: { action: "gc", parameters: { other: "w" } } }))).toEqual(changed);
    expect(fields(await call("GET", "action_configs/gc"))).toEqual(changed);
    expect(items(await call("GET", "action_configs"), "actionConfigs")).toEqual([changed]);
    expect((await call("DELETE", "action_configs/gc")).status).toBe(204);
    expect(outcome(await call("GET", "action_configs/gc"))).toBe("404 NO_SUCH_ACTION_CONFIG");
  });

  it("are refused without action, or with parameters that are no strings", async () => {
    const { call } = rig();
    expect(outcome(await call("POST", "action_configs", { body: {} }))).toBe("400 INVALID_PARAMETERS");
    expect(outcome(await call("POST", "action_configs", { body: { action: "gc", parameters: [] } }))).toBe("400 INVALID_JSON");
  });
});

describe("crons and action configurations", () => {
  it.each([
    ["crons/none", "NO_SUCH_CRON"],
    ["action_configs/none", "NO_SUCH_ACTION_CONFIG"],
  ])("that are not there: %s", async (path, code) => {
    const { call, state } = rig();
    expect(outcome(await call("GET", path))).toBe(`404 ${code}`);
    expect((await call("DELETE", path)).status).toBe(204);
    state.switches.jobrunnerMissing = "empty";
    expect(await call("GET", path)).toEqual({ status: 404 });
    state.switches.deleteAbsent = "404";
    expect(outcome(await call("DELETE", path))).toBe(`404 ${code}`);
  });

  it.each(["crons", "action_configs"])("are for administrators: %s", async (path) => {
    const { call } = rig();
    for (const [method, target] of [
      ["GET", path],
      ["POST", path],
      ["GET", `${path}/gc`],
      ["DELETE", `${path}/gc`],
    ] as const) {
      expect(outcome(await call(method, target, { user: "owner", body: {} }))).toBe("403 NOT_AUTHORIZED");
      expect(outcome(await call(method, target, { user: null, body: {} }))).toBe("401 NOT_AUTHENTICATED");
    }
  });
});

describe("workers", () => {
  it("are listed with capacities and a heartbeat that is good for a while", async () => {
    const { call } = rig();
    expect(fields(await call("GET", "workers/"))).toEqual({
      workers: [
        {
          id: "000000000000",
          status: "running",
          capacityMap: { scan: 1, scanCheck: 1 },
          heartbeatExpiration: "2026-01-01T00:01:00.000123456Z",
        },
      ],
    });
    expect(items(await rig({ workers: { w1: {}, w2: { scan: 3 } } }).call("GET", "workers"), "workers")).toHaveLength(2);
  });

  it("get another capacity with 202 and nothing else", async () => {
    const { call } = rig();
    const path = "workers/000000000000/capacity";
    expect(await call("POST", path, { body: { capacityMap: { scan: 2 } } })).toEqual({ status: 202 });
    expect(items(await call("GET", "workers"), "workers")[0]?.capacityMap).toEqual({ scan: 2 });
    expect(outcome(await call("POST", "workers/none/capacity", { body: { capacityMap: {} } }))).toBe("404 NO_SUCH_WORKER");
    expect(outcome(await call("POST", path, { body: {} }))).toBe("400 INVALID_PARAMETERS");
    expect(outcome(await call("POST", path, { body: { capacityMap: { scan: -1 } } }))).toBe("400 INVALID_PARAMETERS");
    expect(outcome(await call("POST", path, { body: {}, user: "owner" }))).toBe("403 NOT_AUTHORIZED");
    expect(outcome(await call("GET", "workers", { user: "owner" }))).toBe("403 NOT_AUTHORIZED");
  });
});
