import * as fc from "fast-check";
import { plain, type State } from "../engine";
import { startWorld, type World } from "./world";

const TYPE = "dtr:Settings";
const PATH = "/api/v0/meta/settings";
const CERTIFICATE = {
  webTLSCert: "-----BEGIN CERTIFICATE-----\nnew\n-----END CERTIFICATE-----",
  webTLSKey: "-----BEGIN KEY-----\nvery-secret",
};

let world: World;
const start = async (...given: Parameters<typeof startWorld>) => {
  world = await startWorld(...given);
  return world.one(TYPE);
};
afterEach(() => world.close());

type Values = Record<string, unknown>;
const settings = () => world.api<Values>("GET", PATH);
const set = (values: object) => world.api("POST", PATH, values);
const previous = (state: State | undefined) => plain(state?.outputs.previous);

/** Every setting, with a value that a fresh installation does not have. */
const other: Values = {
  dtrHost: "other.example.com",
  sso: true,
  createRepositoryOnPush: true,
  disableUpgrades: true,
  reportAnalytics: false,
  anonymizeAnalytics: true,
  disableBackupWarning: true,
  webTLSCert: "-----BEGIN CERTIFICATE-----\nother\n-----END CERTIFICATE-----",
  webTLSCA: "-----BEGIN CERTIFICATE-----\nother-ca\n-----END CERTIFICATE-----",
  scanningEnabled: false,
  scanningSyncOnline: true,
  scanningDeadline: 90,
  scanningEnableAutoRecheck: true,
  jobHistoryCompactionEnabled: true,
  jobHistoryToKeep: 1_000,
  jobHistoryMaxAge: "720h",
  repoEventHistoryCompactionEnabled: true,
  repoEventHistoryToKeep: 2_000,
  repoEventHistoryMaxAge: "24h",
  readOnlyRegistry: true,
  webTLSClientCA: "-----BEGIN CERTIFICATE-----\nusers\n-----END CERTIFICATE-----",
  clientCertAuthEnabled: true,
  disablePersistentCookies: true,
};

describe("dtr.Settings", () => {
  it("sends the declared keys alone, stays without a request, is read without a write, and destroy puts back what it found", async () => {
    const resource = await start({ settings: { jobHistoryToKeep: 7, logLevel: "DEBUG" } });
    const before = await settings();
    const inputs = { createRepositoryOnPush: true, jobHistoryToKeep: 50 };
    const { state } = await resource.up(inputs);
    expect(state.id).toBe(world.url);
    expect(previous(state)).toEqual({ createRepositoryOnPush: before.createRepositoryOnPush, jobHistoryToKeep: 7 });
    expect(await settings()).toEqual({ ...before, ...inputs });
    expect(world.writes()).toEqual([`POST ${PATH}`]);
    world.forget();
    expect((await resource.up(inputs, state)).step).toBe("same");
    expect(world.requests()).toEqual([]);
    const refreshed = await resource.refresh(state);
    expect(refreshed).toMatchObject({ inputs });
    expect(previous(refreshed)).toEqual(previous(state));
    expect(world.requests()).toEqual([`GET ${PATH}`]);
    await set({ dtrHost: "changed.example.com" }); // somebody else's business
    await resource.destroy(state);
    expect(await settings()).toEqual({ ...before, dtrHost: "changed.example.com" });
    world.forget();
    await resource.destroy(state);
    expect(world.writes()).toEqual([]);
  });

  it("writes nothing where everything is as declared", async () => {
    const resource = await start();
    const { createRepositoryOnPush, dtrHost } = await settings();
    const { state } = await resource.up({ createRepositoryOnPush, dtrHost });
    await resource.destroy(state);
    expect(world.writes()).toEqual([]);
  });

  it("declares nothing, changes nothing", async () => {
    const resource = await start();
    const { state } = await resource.up({});
    expect(await resource.refresh(state)).toMatchObject({ inputs: {} });
    await resource.destroy(state);
    expect(world.writes()).toEqual([]);
  });

  it.each(Object.keys(other))("notices the drift of %s, and sends that key alone", async (key) => {
    const resource = await start({ version: "2.7" });
    const before = await settings();
    const fresh = Object.fromEntries(Object.keys(other).map((name) => [name, before[name]]));
    const { state } = await resource.up(fresh);
    await set({ [key]: other[key] });
    const drifted = await resource.refresh(state);
    expect(drifted?.inputs).toEqual(expect.objectContaining({ ...fresh, [key]: other[key] }));
    world.forget();
    const repaired = await resource.up(fresh, drifted);
    expect(repaired.step).toBe("update");
    expect(world.writes()).toEqual([`POST ${PATH}`]);
    expect(await settings()).toEqual(before);
    expect(previous(repaired.state)).toEqual(previous(state));
  });

  it("remembers a key that is added, and puts back one that is no longer declared", async () => {
    const resource = await start({ settings: { dtrHost: "first.example.com", jobHistoryToKeep: 7 } });
    const { state } = await resource.up({ dtrHost: "second.example.com" });
    const both = await resource.up({ dtrHost: "third.example.com", jobHistoryToKeep: 9 }, state);
    expect(both.step).toBe("update");
    expect(previous(both.state)).toEqual({ dtrHost: "first.example.com", jobHistoryToKeep: 7 });
    const one = await resource.up({ jobHistoryToKeep: 9 }, both.state);
    expect(previous(one.state)).toEqual({ jobHistoryToKeep: 7 });
    expect(await settings()).toMatchObject({ dtrHost: "first.example.com", jobHistoryToKeep: 9 });
    await resource.destroy(one.state);
    expect(await settings()).toMatchObject({ dtrHost: "first.example.com", jobHistoryToKeep: 7 });
  });

  it("leaves everything as it was, whatever was declared in between", async () => {
    const resource = await start();
    const before = await settings();
    const values = fc.record(
      {
        dtrHost: fc.constantFrom("a.example.com", "b.example.com"),
        sso: fc.boolean(),
        jobHistoryToKeep: fc.constantFrom(0, 1, 2),
        readOnlyRegistry: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(values, { minLength: 1, maxLength: 5 }), async (programs) => {
        let state: State | undefined;
        for (const program of programs) {
          state = (await resource.up(program, state)).state;
          expect(await settings()).toEqual({ ...before, ...program });
        }
        if (state) await resource.destroy(state);
        expect(await settings()).toEqual(before);
      }),
      { numRuns: 15 },
    );
  });

  it("takes several ways to write a certificate or a duration for one", async () => {
    const resource = await start({ version: "2.7", settings: { webTLSCA: "a\nb\n", jobHistoryMaxAge: "720h0m0s" } });
    const { state } = await resource.up({ webTLSCA: "a\r\nb", jobHistoryMaxAge: "720h" });
    expect(world.writes()).toEqual([]);
    expect((await resource.up({ webTLSCA: "a\r\nb", jobHistoryMaxAge: "720h" }, await resource.refresh(state))).step).toBe("same");
  });

  it("`.get` shows all settings", async () => {
    const resource = await start();
    const shown = await resource.get(world.url);
    expect(shown).toMatchObject({ dtrHost: (await settings()).dtrHost, scanningEnabled: true, previous: expect.anything() });
    expect(shown).not.toHaveProperty("webTLSKey");
  });

  it("sends nothing that cannot be right", async () => {
    const resource = await start();
    expect(await resource.failures({ webTLSKey: CERTIFICATE.webTLSKey })).toEqual([
      { property: "webTLSCert", reason: expect.stringContaining("is missing") },
    ]);
    const failures = await resource.failures({ createRepositoryOnPush: "yes", jobHistoryToKeep: -1, webTLSKey: 7, dtrhost: "x" });
    expect(failures).toEqual([
      { property: "createRepositoryOnPush", reason: expect.stringContaining("boolean") },
      { property: "", reason: expect.stringContaining("webTLSKey must be") },
      { property: "jobHistoryToKeep", reason: expect.stringContaining("negative") },
      { property: "dtrhost", reason: expect.stringContaining("did you mean dtrHost") },
    ]);
    expect(world.requests()).toEqual([]);
  });
});

describe("a setting that the version does not know", () => {
  it("is an error that names it, and goes with the line that declares it", async () => {
    const resource = await start({ version: "2.6" });
    const half = await resource.up({ clientCertAuthEnabled: true, dtrHost: "x.example.com" });
    expect(half.state.reasons).toEqual([expect.stringContaining("took clientCertAuthEnabled and does not show it")]);
    const whole = await resource.up({ dtrHost: "x.example.com" }, half.state);
    expect(whole.state.reasons).toBeUndefined();
    await resource.destroy(whole.state);
    expect(await settings()).not.toMatchObject({ dtrHost: "x.example.com" });
  });

  it("may be declared as what it is where there is none", async () => {
    const resource = await start({ version: "2.6" });
    expect((await resource.up({ clientCertAuthEnabled: false })).state.reasons).toBeUndefined();
    expect(world.writes()).toEqual([]);
  });
});

describe("the TLS key", () => {
  it("is sent with its certificate, sent again with another one, and stays with it at the end", async () => {
    const resource = await start({ settings: { webTLSCert: "old" } });
    const { state } = await resource.up({ ...CERTIFICATE, dtrHost: "x.example.com" });
    expect(await settings()).toMatchObject({ webTLSCert: CERTIFICATE.webTLSCert, dtrHost: "x.example.com" });
    expect(previous(state)).not.toHaveProperty("webTLSCert");
    world.forget();
    expect((await resource.up({ ...CERTIFICATE, dtrHost: "x.example.com" }, await resource.refresh(state))).step).toBe("same");
    expect(world.writes()).toEqual([]);
    const renewed = await resource.up({ ...CERTIFICATE, webTLSKey: "another-secret", dtrHost: "x.example.com" }, state);
    expect(renewed.step).toBe("update");
    expect(world.writes()).toEqual([`POST ${PATH}`]);
    await resource.destroy(renewed.state);
    const after = await settings();
    expect(after.webTLSCert).toBe(CERTIFICATE.webTLSCert);
    expect(after.dtrHost).not.toBe("x.example.com");
    expect(resource.lines.join("\n")).toContain("cannot be put back");
  });

  it("goes with its certificate when that drifted", async () => {
    const resource = await start();
    const { state } = await resource.up(CERTIFICATE);
    await set({ webTLSCert: "theirs", webTLSKey: "theirs, too" });
    const drifted = await resource.refresh(state);
    expect(drifted?.inputs).toMatchObject({ webTLSCert: "theirs", webTLSKey: CERTIFICATE.webTLSKey });
    await resource.up(CERTIFICATE, drifted);
    expect(await settings()).toMatchObject({ webTLSCert: CERTIFICATE.webTLSCert });
    expect(world.dtr.state.services.webTLSKey).toBe(CERTIFICATE.webTLSKey);
  });

  it("is where it must be, and nowhere else", async () => {
    const resource = await start();
    const { state } = await resource.up(CERTIFICATE);
    expect(world.dtr.state.services.webTLSKey).toBe(CERTIFICATE.webTLSKey);
    await resource.destroy(state);
    world.sandbox.control.inject({ method: "POST", path: "/meta/settings$", times: 100, fault: { kind: "status", status: 500 } });
    const failed = await resource.up({ ...CERTIFICATE, webTLSCert: "another" }).catch((error: Error) => error);
    const told = failed instanceof Error ? failed.message : JSON.stringify(failed.state.reasons);
    expect(`${told} ${resource.lines} ${JSON.stringify(world.sandbox.control.requests({}))}`).not.toContain("very-secret");
  });

  it.each([503, 502, 504])("waits for the front end that starts anew (%s for a while)", async (status) => {
    const resource = await start();
    const { control } = world.sandbox;
    control.inject({ method: "GET", path: "/meta/settings$", skip: 1, times: 30, fault: { kind: "status", status } });
    const { state } = await resource.up(CERTIFICATE);
    expect(state.reasons).toBeUndefined();
    expect(control.faults()).toEqual([]);
    expect(await settings()).toMatchObject({ webTLSCert: CERTIFICATE.webTLSCert });
  });

  it("is sent again by the next `up` if the front end did not come back in time", async () => {
    const resource = await start();
    const { control } = world.sandbox;
    control.inject({ method: "GET", path: "/meta/settings$", skip: 1, times: 100_000, fault: { kind: "status", status: 503 } });
    const half = await resource.up({ ...CERTIFICATE, timeouts: { create: "1m" } });
    expect(half.state.reasons).toEqual([expect.stringContaining("could not be read")]);
    control.clearFaults();
    world.forget();
    const whole = await resource.up({ ...CERTIFICATE, timeouts: { create: "1m" } }, half.state);
    expect(whole.step).toBe("update");
    expect(world.writes()).toEqual([`POST ${PATH}`]);
  });
});

describe("when the answer to a change is lost", () => {
  it("the settings are looked at, and nothing is remembered wrongly", async () => {
    const resource = await start({ settings: { dtrHost: "first.example.com" } });
    const { control } = world.sandbox;
    control.inject({ method: "POST", path: "/meta/settings$", times: 1_000, fault: "reset-after" });
    const made = await resource.up({ dtrHost: "second.example.com" });
    expect(made.state.reasons).toBeUndefined();
    expect(previous(made.state)).toEqual({ dtrHost: "first.example.com" });
    control.clearFaults();
    await resource.destroy(made.state);
    expect(await settings()).toMatchObject({ dtrHost: "first.example.com" });
  });

  it("what did not happen is done by the next `up`, and what was found is kept", async () => {
    const resource = await start({ settings: { dtrHost: "first.example.com" } });
    const { control } = world.sandbox;
    control.inject({ method: "POST", path: "/meta/settings$", times: 1_000, fault: "reset-before" });
    const half = await resource.up({ dtrHost: "second.example.com" });
    expect(half.state.reasons).toEqual([expect.stringContaining("POST")]);
    expect(previous(half.state)).toEqual({ dtrHost: "first.example.com" });
    control.clearFaults();
    const whole = await resource.up({ dtrHost: "second.example.com" }, half.state);
    expect(whole.step).toBe("update");
    expect(previous(whole.state)).toEqual({ dtrHost: "first.example.com" });
    expect(await settings()).toMatchObject({ dtrHost: "second.example.com" });
  });

  it("destroy looks whether it is done", async () => {
    const resource = await start();
    const { control } = world.sandbox;
    const before = await settings();
    const { state } = await resource.up({ dtrHost: "second.example.com" });
    control.inject({ method: "POST", path: "/meta/settings$", times: 1_000, fault: "reset-before" });
    await expect(resource.destroy(state)).rejects.toThrow("POST");
    control.clearFaults();
    control.inject({ method: "POST", path: "/meta/settings$", times: 1_000, fault: "reset-after" });
    await resource.destroy(state);
    expect(await settings()).toEqual(before);
  });
});

describe("a refusal", () => {
  it("of bad values is an error, and nothing is kept", async () => {
    const resource = await start();
    world.sandbox.control.inject({
      method: "POST",
      path: "/meta/settings$",
      fault: { kind: "status", status: 400, body: JSON.stringify({ errors: [{ code: "INVALID_SETTINGS", message: "no such age" }] }) },
    });
    await expect(resource.up({ jobHistoryMaxAge: "never" })).rejects.toThrow(/INVALID_SETTINGS.*no such age/);
  });

  it("of a user without rights says what is needed", async () => {
    await start({ accounts: { alice: { password: "alice-password" } } });
    const resource = world.one(TYPE, undefined, { username: "alice", password: "alice-password" });
    await expect(resource.up({ sso: true })).rejects.toThrow(/403.*administrator/);
  });
});
