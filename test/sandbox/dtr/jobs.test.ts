import { image, push } from "../images";
import { fields, items, outcome, type Rig, rig } from "./rig";

async function submit({ call }: Rig, body: object): Promise<string> {
  const response = await call("POST", "jobs", { body });
  if (response.status !== 202) throw new Error(outcome(response));
  return String(fields(response).id);
}

const statusOf = async ({ call }: Rig, id: string) => fields(await call("GET", `jobs/${id}`)).status;
const logOf = async ({ call }: Rig, id: string) => items(await call("GET", `jobs/${id}/logs`)).map(({ data }) => String(data));
const listed = async ({ call }: Rig, query = "") => items(await call("GET", `jobs${query}`), "jobs").map(({ id }) => id);

describe("jobs: submission", () => {
  it("needs only the action, and answers 202 with a job that waits", async () => {
    const response = await rig().call("POST", "jobs", { body: { action: "poll_mirror" } });
    const { id, ...job } = fields(response);
    expect([response.status, job]).toEqual([
      202,
      {
        retryFromID: id,
        workerID: "",
        status: "waiting",
        scheduledAt: "2026-01-01T00:00:00.000123456Z",
        lastUpdated: "2026-01-01T00:00:00.000123456Z",
        action: "poll_mirror",
        retriesLeft: 0,
        retriesTotal: 0,
        capacityMap: null,
        parameters: null,
        deadline: "",
        stopTimeout: "",
      },
    ]);
  });

  it("keeps what it was given; by the switch noMap what was not is empty", async () => {
    const given = { action: "sleep", parameters: { k: "v" }, retries: 2, capacityMap: { scan: 1 }, deadline: "1h", stopTimeout: "30s" };
    const { call, state } = rig();
    const { retries, ...kept } = given;
    expect(fields(await call("POST", "jobs", { body: given }))).toMatchObject({ ...kept, retriesTotal: retries, retriesLeft: retries });
    state.switches.noMap = "empty";
    expect(fields(await call("POST", "jobs", { body: { action: "sleep" } }))).toMatchObject({ capacityMap: {}, parameters: {} });
  });

  it.each([
    ["no action", {}, "400 INVALID_PARAMETERS"],
    ["a date that is none", { action: "gc", scheduledAt: "tomorrow" }, "400 INVALID_PARAMETERS"],
    ["parameters that are no strings", { action: "gc", parameters: { n: 1 } }, "400 INVALID_JSON"],
  ])("refuses %s", async (_what, body, expected) => {
    expect(outcome(await rig().call("POST", "jobs", { body }))).toBe(expected);
  });
});

describe("jobs: life", () => {
  it("goes from look to look, as many as jobPolls says", async () => {
    const world = rig({ jobPolls: 3 });
    const id = await submit(world, { action: "sleep" });
    const seen = [];
    for (let at = 0; at < 5; at += 1) seen.push(await statusOf(world, id));
    expect(seen).toEqual(["waiting", "running", "running", "done", "done"]);
    expect(fields(await world.call("GET", `jobs/${id}`)).workerID).toBe("000000000000");
    expect(await logOf(world, id)).toEqual(["job sleep begins on worker 000000000000", "job sleep is done"]);
  });

  it("is over after jobDuration, and not before its time has come", async () => {
    const world = rig({ jobPolls: 100, jobDuration: 60_000 });
    const id = await submit(world, { action: "sleep", scheduledAt: "2026-01-01T01:00:00Z" });
    expect(await statusOf(world, id)).toBe("waiting");
    world.clock.advance(3_600_000);
    for (const status of ["waiting", "running"]) expect(await statusOf(world, id)).toBe(status);
    world.clock.advance(60_000);
    expect(await statusOf(world, id)).toBe("done");
  });

  it("can be ordered to fail, once, and says why in its log", async () => {
    const world = rig({ jobPolls: 0 });
    world.state.failNext("gc", "disk full");
    const [first, second] = [await submit(world, { action: "gc" }), await submit(world, { action: "gc" })];
    expect([await statusOf(world, first), await statusOf(world, second)]).toEqual(["errored", "done"]);
    expect((await logOf(world, first)).at(-1)).toBe("disk full");
  });

  it("is tried again in another job", async () => {
    const world = rig({ jobPolls: 0 });
    const id = await submit(world, { action: "false", retries: 1 });
    await world.state.runJobs();
    const jobs = items(await world.call("GET", "jobs"), "jobs");
    expect(jobs.map(({ retryFromID, status, retriesLeft, retriesTotal }) => [retryFromID, status, retriesLeft, retriesTotal])).toEqual([
      [id, "errored", 0, 1],
      [id, "errored", 1, 1],
    ]);
  });

  it("ends by cancellation, which changes nothing in one that is over", async () => {
    const world = rig();
    const id = await submit(world, { action: "gc" });
    expect((await world.call("POST", `jobs/${id}/cancel`)).status).toBe(204);
    expect([await statusOf(world, id), (await logOf(world, id)).at(-1)]).toEqual(["canceled", "the job was canceled"]);
    const done = await submit(world, { action: "gc" });
    await world.state.runJobs();
    expect((await world.call("POST", `jobs/${done}/cancel`)).status).toBe(204);
    expect(await statusOf(world, done)).toBe("done");
  });

  it("speaks the guide's words by the switch jobStatuses", async () => {
    const world = rig({ jobStatuses: "guide", jobPolls: 0 });
    const [failing, stopped] = [await submit(world, { action: "false" }), await submit(world, { action: "gc" })];
    await world.call("POST", `jobs/${stopped}/cancel`);
    expect([await statusOf(world, failing), await statusOf(world, stopped)]).toEqual(["error", "cancel"]);
  });

  it("ends by deletion, which forgets it", async () => {
    const world = rig();
    const id = await submit(world, { action: "gc" });
    expect((await world.call("DELETE", `jobs/${id}`)).status).toBe(204);
    expect(await listed(world)).toEqual([]);
    expect((await world.call("DELETE", `jobs/${id}`)).status).toBe(204);
    world.state.switches.deleteAbsent = "404";
    expect(outcome(await world.call("DELETE", `jobs/${id}`))).toBe("404 NO_SUCH_JOB");
  });

  it.each([
    ["GET", "jobs/none"],
    ["POST", "jobs/none/cancel"],
    ["GET", "jobs/none/logs"],
  ])("is missed at %s %s, by the switch without a code", async (method, path) => {
    const { call, state } = rig();
    expect(outcome(await call(method, path))).toBe("404 NO_SUCH_JOB");
    state.switches.jobrunnerMissing = "empty";
    expect(await call(method, path)).toEqual({ status: 404 });
  });
});

describe("jobs: lists and logs", () => {
  it("come the last scheduled first, by action, worker, running, start and limit", async () => {
    const world = rig({ jobPolls: 100 });
    const ids = [];
    for (const action of ["gc", "sleep", "gc"]) {
      ids.unshift(await submit(world, { action }));
      world.clock.advance(1_000);
    }
    expect(await listed(world, "?action=any&worker=any&running=any&start=0&limit=10")).toEqual(ids);
    expect(await listed(world, "?action=gc")).toEqual([ids[0], ids[2]]);
    expect(await listed(world, "?running=true")).toEqual([ids[0], ids[2]]);
    expect(await listed(world, "?running=false")).toEqual([ids[1]]);
    expect(await listed(world, "?start=1&limit=1")).toEqual([ids[1]]);
    expect(await listed(world, "?running=true&worker=000000000000")).toEqual(ids);
    expect(await listed(world, "?worker=other")).toEqual([]);
    expect(outcome(await world.call("GET", "jobs?limit=x"))).toBe("400 INVALID_PARAMETERS");
  });

  it("have ten jobs unless limit says otherwise", async () => {
    const world = rig();
    for (let at = 0; at < 12; at += 1) await submit(world, { action: "sleep" });
    expect([(await listed(world)).length, (await listed(world, "?start=10")).length, (await listed(world, "?limit=12")).length]).toEqual([
      10, 2, 12,
    ]);
  });

  it("have numbered lines, from offset, at most limit", async () => {
    const world = rig({ jobPolls: 0 });
    const id = await submit(world, { action: "gc" });
    const lines = items(await world.call("GET", `jobs/${id}/logs?stream=false`));
    expect(lines).toEqual([
      { data: "job gc begins on worker 000000000000", lineNum: 1 },
      { data: "0 bytes were freed", lineNum: 2 },
      { data: "job gc is done", lineNum: 3 },
    ]);
    expect(items(await world.call("GET", `jobs/${id}/logs?offset=1&limit=1`))).toEqual([lines[1]]);
  });

  it("are for administrators", async () => {
    const world = rig();
    const id = await submit(world, { action: "gc" });
    for (const [method, path] of [
      ["GET", "jobs"],
      ["POST", "jobs"],
      ["GET", `jobs/${id}`],
      ["DELETE", `jobs/${id}`],
      ["POST", `jobs/${id}/cancel`],
      ["GET", `jobs/${id}/logs`],
    ] as const) {
      expect(outcome(await world.call(method, path, { user: "owner", body: {} }))).toBe("403 NOT_AUTHORIZED");
      expect(outcome(await world.call(method, path, { user: null, body: {} }))).toBe("401 NOT_AUTHENTICATED");
    }
  });
});

describe("jobs: work", () => {
  const run = async (world: Rig, action: string) => {
    const id = await submit(world, { action });
    expect(await statusOf(world, id)).toBe("done");
    return logOf(world, id);
  };

  it.each(["gc", "onlinegc"])("%s frees what no tag needs below dtr/, and nothing else", async (action) => {
    const world = rig({ jobPolls: 0 });
    const kept = push(world.store, "team/app", "kept", image({ layers: ["kept"] }));
    const lost = push(world.store, "team/app", undefined, image({ layers: ["lost"] }));
    const elsewhere = world.whole.putBlob("other/app", Buffer.from("litter"));
    const log = await run(world, action);
    expect(log[1]).toMatch(/^[1-9]\d* bytes were freed$/);
    const { manifests } = world.store.repository("team/app") ?? { manifests: new Map() };
    expect([manifests.has(kept.digest), manifests.has(lost.digest)]).toEqual([true, false]);
    expect(world.whole.blob(elsewhere)).toBeDefined();
  });

  it("gc that fails frees nothing", async () => {
    const world = rig({ jobPolls: 0 });
    const { digest } = push(world.store, "team/app", undefined, image());
    world.state.failNext("gc", "no");
    await submit(world, { action: "gc" });
    await world.state.runJobs();
    expect(world.store.repository("team/app")?.manifests.has(digest)).toBe(true);
  });

  it("tag_pruning deletes what the enabled policies say", async () => {
    const world = rig({ jobPolls: 0 });
    push(world.store, "team/app", ["build-1", "v1"], image());
    const rule = (value: string) => [{ field: "tag", operator: "sw", values: [value] }];
    const { pruningPolicies } = world.state.repository("team/app");
    pruningPolicies.set("1", { id: "1", enabled: true, rules: rule("build-") });
    pruningPolicies.set("2", { id: "2", enabled: false, rules: rule("v") });
    expect(await run(world, "tag_pruning")).toContain("deleted team/app:build-1");
    expect([...(world.store.repository("team/app")?.tags.keys() ?? [])]).toEqual(["v1"]);
  });

  it("poll_mirror fetches the tags of enabled policies", async () => {
    const world = rig({ jobPolls: 0 });
    push(world.store, "team/app", "v1", image());
    const remote = { remoteHost: "http://dtr.test", remoteRepository: "team/app", remoteCA: "", skipTLSVerification: true };
    const login = { username: "admin", password: "admin-password", authToken: "" };
    const lastStatus = { code: "", detail: "" };
    world.state.repository("team/open").pollMirroringPolicies.set("1", { id: "1", ...remote, ...login, lastStatus, enabled: true });
    world.state.repository("stranger/own").pollMirroringPolicies.set("2", { id: "2", ...remote, ...login, lastStatus, enabled: false });
    await run(world, "poll_mirror");
    expect([...(world.store.repository("team/open")?.tags.keys() ?? [])]).toEqual(["v1"]);
    expect(world.store.repository("stranger/own")).toBeUndefined();
  });

  it("that the server begins by itself is listed with parameters and log", async () => {
    const world = rig();
    const { runJob } = world.state.world;
    runJob("push_mirror_tag", { tag: "v1" }, async (log) => log("pushed"));
    runJob("poll_mirror", {}, async () => {
      throw new Error("no such host");
    });
    await world.state.settled();
    const jobs = items(await world.call("GET", "jobs"), "jobs");
    expect(jobs.map(({ action, status, parameters }) => [action, status, parameters])).toEqual([
      ["poll_mirror", "errored", {}],
      ["push_mirror_tag", "done", { tag: "v1" }],
    ]);
    expect((await logOf(world, String(jobs[1]?.id)))[1]).toBe("pushed");
    expect((await logOf(world, String(jobs[0]?.id))).at(-1)).toBe("no such host");
  });
});
