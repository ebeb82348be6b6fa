import { image, push } from "../images";
import { type Receiver, receiver } from "./receiver";
import { fields, items, outcome, type Rig, rig } from "./rig";
import { appLayer, baseLayer, olderSummary, scanned, scannedImage, scanRig, statuses, summaryPath } from "./scan-rig";

const scanOne = "imagescan/scan/team/app/v1/linux/amd64";

describe("a scan", () => {
  it("takes as many looks as scanPolls says, from unscanned by pending and scanning to completed", async () => {
    const world = scanRig({ scanPolls: 2 });
    const seen = [await statuses(world)];
    expect((await world.call("POST", scanOne)).status).toBe(200);
    for (let look = 0; look < 3; look += 1) seen.push(await statuses(world));
    expect(seen).toEqual([[1], [3], [2], [6]]);
  });

  it("is a job", async () => {
    const world = scanRig({ jobPolls: 100, scanPolls: 0 });
    await world.call("POST", scanOne);
    const [job] = items(await world.call("GET", "jobs?action=scan_check_single"), "jobs");
    expect(job).toMatchObject({ status: "done", capacityMap: { scan: 1 }, parameters: { SHA256SUM: baseLayer.replace("sha256:", "") } });
    expect(await statuses(world)).toEqual([6]);
  });

  it("that is asked for twice runs once", async () => {
    const world = scanRig({ scanPolls: 5 });
    for (let at = 0; at < 2; at += 1) await world.call("POST", scanOne);
    expect(world.state.jobs).toHaveLength(1);
  });

  it("can fail, which leaves the older result", async () => {
    const world = scanRig();
    const before = await scanned(world);
    world.state.failNext("scan_check_single", "out of memory");
    await world.call("POST", scanOne);
    const [after] = items(await world.call("GET", `${summaryPath}/v1`));
    expect(after?.scanStatus).toBe(0);
    expect(after?.scannedImage).toEqual(before.scannedImage);
  });

  it("finds what the table said when it ran", async () => {
    const world = scanRig();
    const before = await scanned(world);
    world.state.vulnerabilities.clear();
    expect(items(await world.call("GET", `${summaryPath}/v1`))).toEqual([before]);
    expect((await scanned(world)).scannedImage).toMatchObject({ totalVulnCount: { critical: 0, major: 0, minor: 0 }, components: [] });
  });

  it("is forgotten with its repository", async () => {
    const world = scanRig();
    await scanned(world);
    await world.call("DELETE", "repositories/team/app");
    await world.state.settled();
    await world.call("POST", "repositories/team", { body: { name: "app" } });
    push(world.store, "team/app", "v1", scannedImage);
    expect(await statuses(world)).toEqual([1]);
  });

  it.each([
    ["v1/linux/arm64", "404 NO_SUCH_TAG"],
    ["none/linux/amd64", "404 NO_SUCH_TAG"],
  ])("of %s is refused", async (target, expected) => {
    expect(outcome(await scanRig().call("POST", `imagescan/scan/team/app/${target}`))).toBe(expected);
  });

  it("of one platform of an index leaves the others", async () => {
    const world = scanRig();
    await world.call("POST", "imagescan/scan/team/app/multi/linux/arm64");
    expect(await statuses(world, "multi")).toEqual([1, 6]);
  });

  it("needs write access", async () => {
    const { call } = scanRig();
    expect((await call("POST", scanOne, { user: "dev" })).status).toBe(200);
    expect(outcome(await call("POST", scanOne, { user: "reader" }))).toBe("403 NOT_AUTHORIZED");
    expect(outcome(await call("POST", scanOne, { user: "stranger" }))).toBe("404 NO_SUCH_REPOSITORY");
    expect(outcome(await call("POST", scanOne, { user: null }))).toBe("401 NOT_AUTHENTICATED");
  });
});

describe("scans of everything", () => {
  it("take unscanned images by scan, and scanned ones by check", async () => {
    const world = scanRig({ scanPolls: 1 });
    const all = (scan: boolean, check: boolean) => world.call("POST", "imagescan/scan", { body: { scan, check } });
    await all(false, true);
    expect(await statuses(world, "multi")).toEqual([1, 1]);
    expect((await all(true, false)).status).toBe(200);
    expect(await statuses(world, "multi")).toEqual([2, 2]);
    expect(await statuses(world, "multi")).toEqual([6, 6]);
    await all(false, true);
    expect(await statuses(world, "multi")).toEqual([5, 5]);
  });

  it.each(["scan_check", "scan_check_all"])("are what the job %s submits", async (action) => {
    const world = scanRig({ jobPolls: 0 });
    await world.call("POST", "jobs", { body: { action } });
    await world.state.runJobs();
    expect(await statuses(world, "multi")).toEqual([6, 6]);
  });

  it("with one layer are what the job scan_check_single does", async () => {
    const world = scanRig({ jobPolls: 0 });
    const parameters = { SHA256SUM: appLayer.replace("sha256:", "") };
    await world.call("POST", "jobs", { body: { action: "scan_check_single", parameters } });
    await world.state.runJobs();
    const found = items(await world.call("GET", `${summaryPath}/multi`)).map(({ scannedImage }) =>
      fields({ status: 200, json: scannedImage }),
    );
    expect(found.map(({ maxCVSSValue }) => maxCVSSValue)).toEqual([9.8, 0]);
  });

  it("are for administrators", async () => {
    const { call } = scanRig();
    expect(outcome(await call("POST", "imagescan/scan", { body: {}, user: "owner" }))).toBe("403 NOT_AUTHORIZED");
    expect(outcome(await call("POST", "imagescan/scan", { body: "{" }))).toBe("415 UNSUPPORTED_MEDIA_TYPE");
  });
});

describe("what follows a scan", () => {
  let hook: Receiver;
  beforeEach(async () => {
    hook = await receiver();
  });
  afterEach(() => hook.close());

  const subscribe = ({ call }: Rig, type: string) =>
    call("POST", "webhooks", { body: { endpoint: hook.url, type, key: type.startsWith("SCANNER") ? "" : "team/app" } });

  it("is SCAN_COMPLETED with the summary of each tag, and an event", async () => {
    const world = scanRig();
    await subscribe(world, "SCAN_COMPLETED");
    await scanned(world);
    await world.state.settled();
    expect(hook.received.map(({ contents, location }) => [contents, location])).toEqual([
      [
        {
          namespace: "team",
          repository: "app",
          tag: "v1",
          imageName: "team/app:v1",
          scanSummary: olderSummary,
        },
        "/repositories/team/app/tags/v1",
      ],
      [expect.objectContaining({ tag: "multi" }), "/repositories/team/app/tags/multi"],
    ]);
    const events = items(await world.call("GET", "repositories/team/app/events?eventType=SCAN"), "events");
    expect(events.map(({ object }) => object)).toEqual([
      expect.objectContaining({ name: "multi" }),
      expect.objectContaining({ name: "v1" }),
    ]);
  });

  it("is SCAN_FAILED with the reason", async () => {
    const world = scanRig();
    await subscribe(world, "SCAN_FAILED");
    world.state.failNext("scan_check_single", "out of memory");
    await scanned(world);
    await world.state.settled();
    expect(hook.received[0]).toMatchObject({ type: "SCAN_FAILED", contents: { imageName: "team/app:v1", error: "out of memory" } });
  });

  it("is the promotion of images that fulfil a policy about vulnerabilities", async () => {
    const world = scanRig();
    const rules = [{ field: "vulnerability_critical", operator: "lte", values: ["1"] }];
    const policy = { id: "1", rules, targetRepository: "team/open", tagTemplate: "%n", enabled: true };
    world.state.repository("team/app").promotionPolicies.set("1", policy);
    await scanned(world);
    expect(world.store.repository("team/open")?.tags.has("v1")).toBe(true);
  });

  it("begins by itself after a push to a repository with scanOnPush", async () => {
    const world = scanRig();
    const pushed = { method: "PUT", target: "/v2/team/app/manifests/v2" };
    const fixture = image({ layers: ["base", "app"], labels: { pushed: "yes" } });
    push(world.store, "team/app", undefined, fixture);
    const token = fields(await world.send("GET", "/auth/token?scope=repository:team/app:pull,push")).token;
    const headers = { authorization: `Bearer ${token}`, "content-type": fixture.mediaType };
    const put = () => world.send(pushed.method, pushed.target, { headers, body: fixture.bytes });
    expect((await put()).status).toBe(201);
    await world.state.settled();
    expect(await statuses(world, "v2")).toEqual([1]);
    world.state.repository("team/app").scanOnPush = true;
    await put();
    await world.state.settled();
    expect(await statuses(world, "v2")).toEqual([6]);
  });

  it("of a new database is that images should be scanned again, and SCANNER_UPDATE_COMPLETED", async () => {
    const world = scanRig();
    await subscribe(world, "SCANNER_UPDATE_COMPLETED");
    expect((await scanned(world)).shouldRescan).toBe(false);
    world.clock.advance(1_000);
    expect((await world.call("PUT", "imagescan/scan/update?online=true")).status).toBe(200);
    await world.state.settled();
    expect(hook.received).toEqual([
      expect.objectContaining({
        contents: expect.objectContaining({ db_version: 2, success: true, db_updated_at: "2026-01-01T00:00:01.000123456Z" }),
      }),
    ]);
    expect(items(await world.call("GET", `${summaryPath}/v1`))[0]?.shouldRescan).toBe(true);
    expect((await scanned(world)).shouldRescan).toBe(false);
  });
});

describe("the scanner's database", () => {
  const file = (name: string) => ({
    headers: { "content-type": "multipart/form-data; boundary=x" },
    body: `--x\r\nContent-Disposition: form-data; name="${name}"; filename="db.tar"\r\n\r\nbytes\r\n--x--\r\n`,
  });

  it("is updated from a file, or online, with 200", async () => {
    const { call, state } = rig();
    expect((await call("PUT", "imagescan/scan/update", file("file"))).status).toBe(200);
    expect((await call("PUT", "imagescan/scan/update?online=true")).status).toBe(200);
    await state.settled();
    expect(fields(await call("GET", "imagescan/status"))).toEqual({
      state: 0,
      scanner_version: 3,
      scannerUpdatedAt: "2026-01-01T00:00:00.000123456Z",
      db_version: 3,
      db_updated_at: "2026-01-01T00:00:00.000123456Z",
      lastDBUpdateFailed: false,
      lastVulnOverridesDBUpdateFailed: false,
      replicas: { "000000000000": { scannerType: 1, version: ["3", "3"] } },
    });
  });

  it("is updated by a job, too", async () => {
    const { call, state } = rig();
    await call("POST", "jobs", { body: { action: "update_vuln_db" } });
    await state.runJobs();
    expect(fields(await call("GET", "imagescan/status")).db_version).toBe(2);
  });

  it("is not updated without file, while it is being filled, or by others", async () => {
    const { call, state } = rig();
    expect(outcome(await call("PUT", "imagescan/scan/update"))).toBe("415 UNSUPPORTED_MEDIA_TYPE");
    expect(outcome(await call("PUT", "imagescan/scan/update", file("other")))).toBe("400 INVALID_PARAMETERS");
    expect(outcome(await call("PUT", "imagescan/scan/update?online=true", { user: "owner" }))).toBe("403 NOT_AUTHORIZED");
    state.switches.scanDatabase = "filling";
    expect(outcome(await call("PUT", "imagescan/scan/update?online=true"))).toBe("400 SCANNING_DB_NOT_READY");
  });
});

describe("scanning that is not enabled", () => {
  it.each([
    ["GET", "imagescan/status"],
    ["POST", "imagescan/scan"],
    ["POST", scanOne],
    ["GET", `${summaryPath}/v1`],
    ["GET", `${summaryPath}/v1/export`],
    ["GET", "imagescan/repositories/team/app/v1"],
    ["GET", "imagescan/scansummary/cve/x"],
    ["POST", "imagescan/scansummary/tags"],
  ])("is SCANNING_NOT_ENABLED at %s %s", async (method, path) => {
    const { call } = scanRig();
    await call("POST", "meta/settings", { body: { scanningEnabled: false } });
    expect(outcome(await call(method, path, { body: {} }))).toBe("400 SCANNING_NOT_ENABLED");
  });
});
