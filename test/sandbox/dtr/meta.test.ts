import { fields, items, outcome, rig } from "./rig";

describe("meta/settings", () => {
  it("of 2.6 are those of a fresh installation, without the TLS key", async () => {
    const settings = fields(await rig({ settings: { dtrHost: "dtr.example" } }).call("GET", "meta/settings"));
    expect(settings).toMatchObject({
      dtrHost: "dtr.example",
      createRepositoryOnPush: false,
      scanningEnabled: true,
      jobHistoryToKeep: 0,
      webTLSCert: "",
      nfsPath: "",
    });
    expect(settings.replicaSettings).toEqual({ "000000000000": { HTTPPort: 80, HTTPSPort: 443, node: "sandbox" } });
    expect(Object.keys(settings)).toHaveLength(31);
    for (const absent of ["webTLSKey", "webTLSClientCA", "clientCertAuthEnabled", "disablePersistentCookies"])
      expect(settings).not.toHaveProperty(absent);
  });

  it("of 2.7 have three more", async () => {
    const { call } = rig({ version: "2.7" });
    expect(fields(await call("GET", "meta/settings"))).toMatchObject({
      webTLSClientCA: "",
      clientCertAuthEnabled: false,
      disablePersistentCookies: false,
    });
    await call("POST", "meta/settings", { body: { disablePersistentCookies: true } });
    expect(fields(await call("GET", "meta/settings")).disablePersistentCookies).toBe(true);
  });

  it("change by what is given alone, with 202 and no body", async () => {
    const { call, state } = rig();
    const before = fields(await call("GET", "meta/settings"));
    expect(
      await call("POST", "meta/settings", { body: { createRepositoryOnPush: true, unknown: 1, disablePersistentCookies: true } }),
    ).toEqual({ status: 202 });
    const after = { ...before, createRepositoryOnPush: true };
    expect(fields(await call("GET", "meta/settings"))).toEqual(after);
    expect(state.settings.createRepositoryOnPush).toBe(true);
  });

  it("come back by the switch settingsAnswer", async () => {
    const { call } = rig({ settingsAnswer: "settings" });
    const response = await call("POST", "meta/settings", { body: { jobHistoryToKeep: 5 } });
    expect([response.status, fields(response)]).toEqual([202, fields(await call("GET", "meta/settings"))]);
    expect(fields(response).jobHistoryToKeep).toBe(5);
  });

  it("keep a TLS key that nobody is shown", async () => {
    const { call, state } = rig({ settingsAnswer: "settings" });
    const response = await call("POST", "meta/settings", { body: { webTLSKey: "secret key", webTLSCert: "cert" } });
    expect(state.services.webTLSKey).toBe("secret key");
    expect(JSON.stringify([response, await call("GET", "meta/settings")])).not.toContain("secret key");
    expect(state.settings.webTLSCert).toBe("cert");
  });

  it.each([
    ["a bad kind", { scanningEnabled: "yes" }],
    ["a number below zero", { jobHistoryToKeep: -1 }],
    ["a fraction", { scanningDeadline: 0.5 }],
  ])("are refused for %s, as a whole", async (_what, bad) => {
    const { call } = rig();
    expect(outcome(await call("POST", "meta/settings", { body: { sso: true, ...bad } }))).toBe("400 INVALID_SETTINGS");
    expect(fields(await call("GET", "meta/settings")).sso).toBe(false);
  });

  it("need JSON and an administrator", async () => {
    const { call } = rig();
    expect(outcome(await call("POST", "meta/settings", { body: "{}" }))).toBe("415 UNSUPPORTED_MEDIA_TYPE");
    for (const method of ["GET", "POST"]) {
      expect(outcome(await call(method, "meta/settings", { user: "owner", body: {} }))).toBe("403 NOT_AUTHORIZED");
      expect(outcome(await call(method, "meta/settings", { user: null, body: {} }))).toBe("401 NOT_AUTHENTICATED");
    }
  });
});

describe("meta", () => {
  it("shows alerts to administrators", async () => {
    const { call, state } = rig({ alerts: [{ message: "no backup", class: "warning" }] });
    expect(items(await call("GET", "meta/alerts"))).toEqual([{ message: "no backup", class: "warning" }]);
    state.switches.emptyLists = "null";
    state.services.alerts.length = 0;
    expect((await call("GET", "meta/alerts")).json).toBeNull();
    expect(outcome(await call("GET", "meta/alerts", { user: "owner" }))).toBe("403 NOT_AUTHORIZED");
  });

  it("shows the state of the cluster to administrators", async () => {
    const { call } = rig();
    expect(fields(await call("GET", "meta/cluster_status"))).toEqual({
      rethink_system_tables: expect.any(Object),
      replica_health: { "000000000000": "OK" },
      replica_timestamp: { "000000000000": "2026-01-01T00:00:00.000123456Z" },
      replica_readonly: { "000000000000": false },
      gc_lock_holder: "",
    });
    expect(outcome(await call("GET", "meta/cluster_status", { user: "owner" }))).toBe("403 NOT_AUTHORIZED");
  });

  it("shows features to every user", async () => {
    const { call } = rig({ settings: { scanningEnabled: false } });
    expect(fields(await call("GET", "meta/features", { user: "stranger" }))).toEqual({
      scanningEnabled: false,
      scanningLicensed: true,
      promotionLicensed: true,
      mirroringLicensed: true,
      metadataStoreOptedIn: true,
      onlineGCEnabled: true,
      db_version: 1,
      ucpHost: "dtr.test",
    });
    expect(outcome(await call("GET", "meta/features", { user: null }))).toBe("401 NOT_AUTHENTICATED");
  });
});
