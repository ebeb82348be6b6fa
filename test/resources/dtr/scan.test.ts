import { image, index, push } from "../../sandbox/images";
import type { OneResource } from "../engine";
import { declare, refreshed } from "./lifecycle-of";
import { startWorld, type World } from "./world";

const TYPE = "dtr:Scan";
const inputs = { namespace: "team", repository: "app", tag: "v1" };
const fixture = image({ layers: ["a layer"] });
const layer = fixture.blobs[1]?.digest ?? "";
const findings = (...scores: number[]) => [
  { name: "openssl", version: "1.0", vulnerabilities: scores.map((cvss, at) => ({ cve: `CVE-2021-${at}`, cvss })) },
];
let world: World;
const start = async (options: Parameters<typeof startWorld>[0] = {}): Promise<OneResource> => {
  const teams = {
    devs: { members: ["dev"], access: "read-write" as const },
    readers: { members: ["reader"], access: "read-only" as const },
  };
  world = await startWorld({
    accounts: { dev: { password: "dev-password" }, reader: { password: "reader-password" } },
    organizations: { team: { teams } },
    repositories: { "team/app": {} },
    vulnerabilities: { [layer]: findings(9, 8, 5, 1) },
    ...options,
  });
  push(world.dtr.store, "team/app", "v1", fixture);
  return world.one(TYPE);
};
afterEach(() => world.close());

const scans = () => world.writes().filter((line) => line.includes("/imagescan/scan/"));
const failure = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "nothing failed",
    (error: Error) => error.message,
  );

describe("dtr.Scan", () => {
  it("scans when it is made, and waits for the result; stays and refreshes without a request; destroying does nothing", async () => {
    const resource = await start({ scanPolls: 3 });
    const state = await declare(resource, inputs);
    expect(state).toMatchObject({
      id: "team/app:v1",
      outputs: { critical: 2, major: 1, minor: 1, scanStatus: 6, scannedAt: expect.stringMatching(/^2026-03-01T/) },
    });
    expect(world.writes()).toEqual(["POST /api/v0/imagescan/scan/team/app/v1/linux/amd64"]);
    world.forget();
    expect((await resource.up(inputs, await refreshed(resource, state))).step).toBe("same");
    await resource.destroy(state);
    expect(world.requests()).toEqual([]);
  });

  it("is not read by `.get`, which would find no vulnerabilities in anything", async () => {
    const resource = await start();
    for (const id of ["team/app:v1", "team/app:none", "anything"])
      await expect(resource.get(id)).rejects.toThrow("cannot be read by .get: the server keeps no such object. dtr.getScanSummary tells");
  });

  it("scans again when a trigger changes, and waits for the new result", async () => {
    const resource = await start({ scanPolls: 3 });
    const state = await declare(resource, inputs);
    world.dtr.state.vulnerabilities.set(layer, findings(9));
    const again = await resource.up({ ...inputs, triggers: { database: "2" } }, state);
    expect(again).toMatchObject({ step: "update", state: { outputs: { critical: 1, major: 0, minor: 0, scanStatus: 6 } } });
    expect(scans()).toHaveLength(2);
  });

  it("does not take the last scan's end for this one's where the server is slow to begin", async () => {
    const resource = await start({ scanPolls: 3 });
    const state = await declare(resource, inputs);
    world.dtr.state.vulnerabilities.set(layer, findings(9));
    const old = JSON.stringify(await world.api("GET", "/api/v0/imagescan/scansummary/repositories/team/app/v1"));
    world.sandbox.control.inject({
      api: "dtr",
      method: "GET",
      path: "/scansummary/",
      skip: 1,
      times: 2,
      fault: { kind: "status", status: 200, body: old },
    });
    const again = await resource.up({ ...inputs, triggers: { database: "2" } }, state);
    expect(again.state.outputs).toMatchObject({ critical: 1, major: 0, minor: 0 });
    expect(world.sandbox.control.faults()).toEqual([]);
  });

  it("scans every image of an index, or the one that is named", async () => {
    const resource = await start();
    const images = ["amd64", "arm64"].map((architecture) => image({ platform: { os: "linux", architecture }, layers: [architecture] }));
    for (const one of images) world.dtr.state.vulnerabilities.set(one.blobs[1]?.digest ?? "", findings(9));
    push(world.dtr.store, "team/app", "v1", index(images));
    const state = await declare(resource, inputs);
    expect(scans().map((line) => line.slice(-12))).toEqual(["/linux/amd64", "/linux/arm64"]);
    expect(state.outputs).toMatchObject({ critical: 2 });
    world.forget();
    expect((await resource.up({ ...inputs, os: "linux", arch: "arm64" }, state)).state.outputs).toMatchObject({ critical: 1 });
    expect(scans()).toHaveLength(1);
  });

  it("that fails is an error with the log of its job, and the next `up` scans again", async () => {
    const resource = await start();
    world.dtr.state.failNext("scan_check_single", "cannot unpack the layer");
    expect(await failure(resource.up(inputs))).toMatch(/The scan of team\/app:v1 failed[\s\S]*cannot unpack the layer/);
    expect((await resource.up(inputs)).step).toBe("create");
    expect(scans()).toHaveLength(2);
  });

  it("that fails after a trigger changed is tried again, too", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    world.dtr.state.failNext("scan_check_single", "cannot unpack the layer");
    const changed = { ...inputs, triggers: { a: "1" } };
    expect(await failure(resource.up(changed, state))).toContain("cannot unpack the layer");
    expect((await resource.up(changed, state)).step).toBe("update");
  });

  it("is for users who may write, without the log for those who may not see jobs", async () => {
    await start();
    const dev = world.one(TYPE, "org/project/dev/dev", { username: "dev", password: "dev-password" });
    world.dtr.state.failNext("scan_check_single", "cannot unpack the layer");
    const said = await failure(dev.up(inputs));
    expect(said).toContain("The scan of team/app:v1 failed");
    expect(said).not.toContain("cannot unpack");
    expect((await dev.up(inputs)).state.outputs).toMatchObject({ critical: 2 });
    const reader = world.one(TYPE, "org/project/dev/reader", { username: "reader", password: "reader-password" });
    expect(await failure(reader.up(inputs))).toMatch(/create of dtr:Scan team\/app:v1: .*NOT_AUTHORIZED/);
  });

  it("that is not over in time stays in the state, and is waited for at the next `up`", async () => {
    const resource = await start({ scanPolls: 1_000, jobDuration: 3_600_000 });
    const timed = { ...inputs, timeouts: { create: "5m", update: "2h" } };
    const { state } = await resource.up(timed);
    expect(state.reasons?.join()).toMatch(/not seen to end.*go on waiting/);
    expect(state.outputs).toMatchObject({ scannedAt: "", scanStatus: 2 });
    const { reasons: _, ...kept } = state;
    expect((await resource.up(timed, kept)).state.outputs).toMatchObject({ critical: 2, scanStatus: 6 });
    expect(scans()).toHaveLength(1);
  });

  it("that fails while nobody waits is told once, and begun again at the `up` after that", async () => {
    const resource = await start({ scanPolls: 1_000, jobDuration: 3_600_000 });
    const timed = { ...inputs, timeouts: { create: "5m", update: "2h" } };
    const { state } = await resource.up(timed);
    world.dtr.state.failNext("scan_check_single", "cannot unpack the layer");
    const told = await resource.up(timed, state);
    expect(told.state).toMatchObject({ outputs: { scanStatus: 0, scannedAt: "" }, reasons: [expect.stringContaining("failed")] });
    expect((await resource.up(timed, told.state)).state.outputs).toMatchObject({ scanStatus: 6 });
    expect(scans()).toHaveLength(2);
  });

  it("where scanning is off, or there is no such tag, is one clear error", async () => {
    const resource = await start({ settings: { scanningEnabled: false } });
    expect(await failure(resource.up(inputs))).toMatch(/SCANNING_NOT_ENABLED.*an administrator turns it on/);
    expect(await failure(resource.up({ ...inputs, tag: "none" }))).toMatch(/there is no tag team\/app:none/);
    expect(await resource.failures({ ...inputs, adopt: true })).toMatchObject([{ property: "adopt" }]);
  });

  it.each(["reset-before", "reset-after"] as const)("is begun although an answer is lost: %s", async (fault) => {
    const resource = await start();
    world.sandbox.control.inject({ api: "dtr", method: "POST", path: "/imagescan/scan/", fault });
    expect((await declare(resource, inputs)).outputs).toMatchObject({ critical: 2 });
    expect(world.dtr.state.jobs.filter(({ action }) => action === "scan_check_single")).toHaveLength(1);
  });
});
