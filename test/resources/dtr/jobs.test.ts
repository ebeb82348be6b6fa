import type { OneResource } from "../engine";
import { declare, refreshed } from "./lifecycle-of";
import { startWorld, type World } from "./world";

const TYPE = "dtr:Job";
let world: World;
const start = async (options: Parameters<typeof startWorld>[0] = {}): Promise<OneResource> => {
  world = await startWorld(options);
  return world.one(TYPE);
};
afterEach(() => world.close());

const jobs = (action = "gc") => world.dtr.state.jobs.filter((job) => job.action === action);
const failure = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "nothing failed",
    (error: Error) => error.message,
  );

describe("dtr.Job", () => {
  it("is run when it is made and waited for; stays and refreshes without a request; destroying does nothing", async () => {
    const resource = await start({ jobPolls: 3 });
    const state = await declare(resource, { action: "gc", parameters: { deep: "true" } });
    const [job] = jobs();
    expect(jobs()).toMatchObject([{ phase: "done", parameters: { deep: "true" } }]);
    expect(state).toMatchObject({
      id: job?.id,
      outputs: { jobId: job?.id, status: "done", finishedAt: expect.stringMatching(/^2026-03-01T/) },
    });
    expect(world.writes()).toEqual(["POST /api/v0/jobs"]);
    world.forget();
    expect((await resource.up({ action: "gc", parameters: { deep: "true" } }, state)).step).toBe("same");
    expect(await refreshed(resource, state)).toMatchObject({ inputs: { action: "gc", parameters: { deep: "true" } } });
    await resource.destroy(state);
    expect(world.requests()).toEqual([]);
  });

  it("all that is declared is sent, and nothing else", async () => {
    const resource = await start();
    await declare(resource, { action: "gc", retries: 2, capacityMap: { scan: 1 }, deadline: "2h", stopTimeout: "10s" });
    await declare(world.one(TYPE, "org/project/dev/bare"), { action: "onlinegc" });
    expect(jobs()).toMatchObject([{ retriesTotal: 2, capacityMap: { scan: 1 }, deadline: "2h", stopTimeout: "10s" }]);
    expect(jobs("onlinegc")).toMatchObject([{ retriesTotal: 0, capacityMap: null, parameters: null, deadline: "", stopTimeout: "" }]);
  });

  it.each([
    { what: "a trigger", changed: { triggers: { day: "2" } } },
    { what: "a parameter", changed: { parameters: { a: "b" } } },
    { what: "the action", changed: { action: "onlinegc" } },
  ])("is run again when this changes: $what", async ({ changed }) => {
    const resource = await start();
    const inputs = { action: "gc", triggers: { day: "1" } };
    const state = await declare(resource, inputs);
    const again = await resource.up({ ...inputs, ...changed }, state);
    expect(again.step).toBe("update");
    const last = world.dtr.state.jobs.at(-1);
    expect(world.dtr.state.jobs).toHaveLength(2);
    expect(again.state).toMatchObject({ id: state.id, outputs: { jobId: last?.id, status: "done" } });
  });

  it("that fails is an error with the end of its log, and the next `up` runs another", async () => {
    const resource = await start();
    world.dtr.state.failNext("gc", "disk is full");
    expect(await failure(resource.up({ action: "gc" }))).toMatch(/ended in status errored[\s\S]*disk is full[\s\S]*runs it anew/);
    expect((await resource.up({ action: "gc" })).step).toBe("create");
    expect(jobs().map(({ phase }) => phase)).toEqual(["errored", "done"]);
  });

  it("that fails after a trigger changed is an error, and the next `up` runs another", async () => {
    const resource = await start({ jobStatuses: "guide" });
    const state = await declare(resource, { action: "gc" });
    world.dtr.state.failNext("gc", "disk is full");
    const changed = { action: "gc", triggers: { day: "2" } };
    expect(await failure(resource.up(changed, state))).toMatch(/ended in status error[\s\S]*disk is full/);
    expect((await resource.up(changed, state)).step).toBe("update");
    expect(jobs().map(({ phase }) => phase)).toEqual(["done", "errored", "done"]);
  });

  it("that the server tries again is followed to its end", async () => {
    const resource = await start();
    world.dtr.state.failNext("gc", "once");
    world.dtr.state.failNext("gc", "twice");
    const state = await declare(resource, { action: "gc", retries: 2 });
    expect(jobs().map(({ phase }) => phase)).toEqual(["errored", "errored", "done"]);
    expect(state.outputs).toMatchObject({ jobId: jobs()[2]?.id, status: "done" });
    expect(resource.lines.join("\n")).toMatch(/failed and is tried again, as job/);
  });

  it("that fails to its last retry is an error with the last log", async () => {
    const resource = await start();
    for (const log of ["once", "twice"]) world.dtr.state.failNext("gc", log);
    expect(await failure(resource.up({ action: "gc", retries: 1 }))).toContain("twice");
    expect(jobs()).toHaveLength(2);
  });

  it("is submitted once when the answer is lost, and one that was there before is not taken for it", async () => {
    const resource = await start();
    const theirs = await world.api<{ id: string }>("POST", "/api/v0/jobs", { action: "gc" });
    world.sandbox.control.inject({ api: "dtr", method: "POST", path: "/jobs$", fault: "reset-after" });
    const state = await declare(resource, { action: "gc" });
    expect(jobs()).toHaveLength(2);
    expect(state.outputs.jobId).not.toBe(theirs.id);
    world.sandbox.control.inject({ api: "dtr", method: "POST", path: "/jobs$", fault: "reset-before" });
    await resource.up({ action: "gc", triggers: { a: "1" } }, state);
    expect(jobs()).toHaveLength(3);
  });

  it("a killed engine's job is gone on with, known by its id or by what it does", async () => {
    const resource = await start();
    // The submission took effect, and nobody saw it.
    world.sandbox.control.inject({ api: "dtr", method: "POST", path: "/jobs$", fault: "reset-after" });
    world.sandbox.control.inject({ api: "dtr", method: "GET", path: "/jobs$", skip: 1, times: 20, fault: "reset-before" });
    expect(await failure(resource.up({ action: "gc", parameters: { a: "b" } }))).toContain("unknown");
    world.sandbox.control.clearFaults();
    resource.start();
    const state = await declare(resource, { action: "gc", parameters: { a: "b" } });
    expect(jobs()).toHaveLength(1);
    expect(state.id).toBe(jobs()[0]?.id);
  });

  it("an older job that did the same does not pass for a killed engine's", async () => {
    const resource = await start();
    await world.api("POST", "/api/v0/jobs", { action: "gc" });
    world.sandbox.clock.advance?.(3_600_000);
    // Nothing was submitted, but nobody can say so.
    world.sandbox.control.inject({ api: "dtr", method: "POST", path: "/jobs$", fault: "reset-before" });
    world.sandbox.control.inject({ api: "dtr", method: "GET", path: "/jobs$", skip: 2, times: 20, fault: "reset-before" });
    expect(await failure(resource.up({ action: "gc" }))).toContain("unknown");
    world.sandbox.control.clearFaults();
    resource.start();
    await declare(resource, { action: "gc" });
    expect(jobs()).toHaveLength(2);
  });

  it("that is not over in time stays in the state, is waited for at the next `up`, and not run a second time", async () => {
    const resource = await start({ jobPolls: 1_000, jobDuration: 3_600_000 });
    const inputs = { action: "gc", timeouts: { create: "5m", update: "2h" } };
    const { state } = await resource.up(inputs);
    const { reasons, ...kept } = state;
    expect(reasons?.join()).toMatch(/not seen to end.*Run `pulumi up` again to go on waiting/);
    expect(state.outputs).toMatchObject({ finishedAt: "", jobId: jobs()[0]?.id });
    const over = await resource.up(inputs, kept);
    expect(over.step).toBe("update");
    expect(over.state.reasons).toBeUndefined();
    expect(over.state.outputs).toMatchObject({ status: "done", finishedAt: expect.stringMatching(/^2026/) });
    expect(jobs()).toHaveLength(1);
  });

  it("that fails while nobody waits is told once, and run again at the `up` after that", async () => {
    const resource = await start({ jobPolls: 1_000, jobDuration: 3_600_000 });
    const inputs = { action: "gc", timeouts: { create: "5m", update: "2h" } };
    const { state } = await resource.up(inputs);
    world.dtr.state.failNext("gc", "disk is full");
    const told = await resource.up(inputs, state);
    expect(told.state.reasons?.join()).toContain("disk is full");
    const again = await resource.up(inputs, told.state);
    expect(again.state.outputs).toMatchObject({ status: "done", jobId: jobs()[1]?.id });
    expect(jobs()).toHaveLength(2);
  });

  it("that was canceled is an error", async () => {
    const resource = await start({ jobPolls: 5 });
    const waiting = failure(resource.up({ action: "gc", retries: 3 }));
    while (jobs().length === 0) await new Promise(setImmediate);
    await world.api("POST", `/api/v0/jobs/${jobs()[0]?.id}/cancel`);
    expect(await waiting).toMatch(/ended in status canceled/);
    expect(jobs()).toHaveLength(1);
  });

  it("cannot be adopted, needs an administrator, and `.get` reads one", async () => {
    const resource = await start({ accounts: { dev: { password: "dev-password" } } });
    expect(await resource.failures({ action: "gc", adopt: true })).toMatchObject([{ property: "adopt" }]);
    const dev = world.one(TYPE, "org/project/dev/dev", { username: "dev", password: "dev-password" });
    expect(await failure(dev.up({ action: "gc" }))).toMatch(/create of dtr:Job gc: .*NOT_AUTHORIZED/);
    const { id } = await world.api<{ id: string }>("POST", "/api/v0/jobs", { action: "gc", parameters: { a: "b" } });
    await world.dtr.state.runJobs();
    expect(await resource.get(id)).toMatchObject({ action: "gc", parameters: { a: "b" }, jobId: id, status: "done" });
    await expect(resource.get("none")).rejects.toThrow("does not exist");
  });
});
