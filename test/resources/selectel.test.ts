import { type Sandbox, standingClock, startSandbox } from "../sandbox";
import { image, push } from "../sandbox/images";
import { OneResource, plain, type State } from "./engine";

const START = "2026-03-01T12:00:00Z";
const DAY = 86_400_000;
let sandbox: Sandbox;
const open: OneResource[] = [];

const info = () => {
  if (!sandbox.info.selectel) throw new Error("the sandbox has no Selectel");
  return sandbox.info.selectel;
};
const config = (): Record<string, string> => {
  const { v1, authUrl, accountId, username, password, projectId, registryHost } = info();
  return {
    "selectel:apiUrl": v1,
    "selectel:authUrl": authUrl,
    "selectel:accountId": accountId,
    "selectel:username": username,
    "selectel:password": password,
    "selectel:projectId": projectId,
    "selectel:registryUrl": registryHost,
  };
};
const one = (type: string, identity?: string) => {
  const resource = new OneResource(type, config(), sandbox.clock, identity);
  open.push(resource);
  return resource;
};
const start = async (selectel: object = {}) => {
  sandbox = await startSandbox({ apis: ["selectel"], clock: standingClock(new Date(START)), selectel });
};
const requests = () => sandbox.control.requests({ api: "selectel" });
const writes = () => requests().filter(({ method }) => method !== "GET");
/** The API as somebody else uses it. */
const api = async (method: string, path: string, body?: object) => {
  const answer = await fetch(`${info().v1.replace(/\/v1$/, "")}${path}`, {
    method,
    headers: { "x-auth-token": info().token, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
};
const listed = async (path: string, key: string): Promise<Record<string, unknown>[]> =>
  (await api("GET", `${path}?limit=100`))?.[key] ?? [];
const tokens = () => listed("/v2/tokens", "tokens");
const registries = () => listed("/v2/registries", "registries");
const registry = async (name = "main"): Promise<State> => (await one("selectel:Registry").up({ name })).state;

afterEach(async () => {
  for (const resource of open.splice(0)) resource.close();
  await sandbox.close();
});

describe("selectel.Registry", () => {
  it("is waited for until it is ACTIVE, stays without a request, and is gone when destroy returns", async () => {
    await start();
    const resource = one("selectel:Registry");
    const { state } = await resource.up({ name: "main" });
    expect(state.outputs).toMatchObject({
      name: "main",
      status: "ACTIVE",
      size: 0,
      endpoint: `${info().registryHost}/main`,
      createdAt: expect.stringMatching(/^2026-03-01T/),
      schemaVersion: 1,
    });
    sandbox.control.clearRequests();
    expect((await resource.up({ name: "main" }, state)).step).toBe("same");
    expect(requests()).toEqual([]);
    expect(await resource.refresh(state)).toMatchObject({ id: state.id });
    expect(writes()).toEqual([]);
    await resource.destroy(state);
    expect(await registries()).toEqual([]);
    await resource.destroy(state);
  });

  it("that is not ready in time is kept as half-made and continued at the next `up`, not made twice", async () => {
    await start({ createPolls: 1_000, settleAfter: 3_600_000 });
    const resource = one("selectel:Registry");
    const half = await resource.up({ name: "main", timeouts: { create: "30s" } });
    expect(half.state).toMatchObject({
      outputs: { status: "CREATING" },
      reasons: [expect.stringContaining("Run `pulumi up` again to go on waiting")],
    });
    sandbox.clock.advance(7_200_000);
    const whole = await resource.up({ name: "main", timeouts: { create: "30s" } }, half.state);
    expect(whole).toMatchObject({ step: "update", state: { id: half.state.id, outputs: { status: "ACTIVE" } } });
    expect(await registries()).toHaveLength(1);
  });

  it("that was kept half-made is continued also after a refresh took the reasons away", async () => {
    await start({ createPolls: 1_000, settleAfter: 3_600_000 });
    const resource = one("selectel:Registry");
    const half = await resource.up({ name: "main", timeouts: { create: "30s" } });
    const refreshed = await resource.refresh(half.state);
    sandbox.clock.advance(7_200_000);
    expect(await resource.up({ name: "main", timeouts: { create: "30s" } }, refreshed)).toMatchObject({
      step: "update",
      state: { outputs: { status: "ACTIVE" } },
    });
  });

  it("that ends in ERROR says so", async () => {
    await start({ createResult: "ERROR" });
    expect((await one("selectel:Registry").up({ name: "main" })).state.reasons).toEqual([expect.stringContaining("ERROR")]);
  });

  it("that exists is an error which names adopt; with adopt it is taken over without a write", async () => {
    await start({ createPolls: 0 });
    await api("POST", "/v1/registries", { name: "main" });
    await expect(one("selectel:Registry").up({ name: "main" })).rejects.toThrow("Set adopt: true");
    sandbox.control.clearRequests();
    expect((await one("selectel:Registry").up({ name: "main", adopt: true })).state.outputs).toMatchObject({ status: "ACTIVE" });
    expect(writes()).toEqual([]);
  });

  it.each(["allowed", "conflict"] as const)(
    "that holds images is destroyed with forceDelete only (non-empty deletion %s)",
    async (deleteNonEmpty) => {
      await start({ deleteNonEmpty });
      const resource = one("selectel:Registry");
      const { state } = await resource.up({ name: "main" });
      const other = await registry("other");
      push(sandbox.store, "main/team/app", "v1", image({}));
      push(sandbox.store, "other/team/app", "v1", image({}));
      await expect(resource.destroy(state)).rejects.toThrow(
        /registry main holds images \(team\/app: v1\) and is not destroyed\. Set forceDelete: true.* If a replacement left it over, .*delete that by hand/,
      );
      const forced = await resource.up({ name: "main", forceDelete: true }, state);
      await resource.destroy(forced.state);
      expect(await registries()).toMatchObject([{ id: other.id }]);
      expect(sandbox.store.repository("other/team/app")?.tags.size).toBe(1);
    },
  );

  it("is destroyed after a garbage collection that runs", async () => {
    await start();
    const { id } = await registry();
    await api("POST", `/v1/registries/${id}/garbage-collection`);
    const resource = one("selectel:Registry");
    await resource.destroy((await resource.up({ name: "main", adopt: true })).state);
    expect(await registries()).toEqual([]);
  });

  it("is looked at again when its deletion had to wait: what was pushed meanwhile is kept", async () => {
    await start({ gcPolls: 1_000 });
    const resource = one("selectel:Registry");
    const { state } = await resource.up({ name: "main" });
    const repository = one("selectel:Repository");
    const app = await repository.up({ registryId: state.id, name: "team/app" });
    const destroyers = [() => repository.destroy(app.state), () => resource.destroy(state)];
    for (const destroy of destroyers) {
      await api("POST", `/v1/registries/${state.id}/garbage-collection`);
      const destroyed = destroy();
      destroyed.catch(() => undefined);
      const busy = () => sandbox.control.requests({ api: "selectel", method: "DELETE" }).some(({ status }) => status === 409);
      for (let looks = 0; looks < 10_000 && !busy(); looks++) await new Promise(setImmediate);
      push(sandbox.store, "main/team/app", "v1", image({}));
      await expect(destroyed).rejects.toThrow("is not destroyed");
      sandbox.control.clearRequests();
      sandbox.store.deleteTag("main/team/app", "v1");
      sandbox.clock.advance(600_000); // the collection is over
    }
    expect(sandbox.store.repository("main/team/app")?.tags.has("registry-as-code-init")).toBe(true);
  });

  it("is gone when somebody deleted it", async () => {
    await start({ deletePolls: 0 });
    const resource = one("selectel:Registry");
    const { state } = await resource.up({ name: "main" });
    await api("DELETE", `/v1/registries/${state.id}`);
    expect(await resource.refresh(state)).toBeUndefined();
  });

  it.each(["Main", "1main", "main-", "ma in", ""])("refuses the name %j before anything is sent", async (name) => {
    await start();
    expect(await one("selectel:Registry").failures({ name })).toEqual([
      { property: "name", reason: expect.stringContaining("must consist of lower-case") },
    ]);
    expect(requests()).toEqual([]);
  });
});

describe("selectel.Repository", () => {
  const held = () => [...(sandbox.store.repository("main/team/app")?.tags.keys() ?? [])].sort();

  it("comes into being through a token for this registry alone, which is gone afterwards", async () => {
    await start();
    const { id: registryId } = await registry();
    const resource = one("selectel:Repository");
    const { state } = await resource.up({ registryId, name: "team/app" });
    expect(state).toMatchObject({
      id: `${registryId}/team/app`,
      outputs: { reference: `${new URL(info().registryHost).host}/main/team/app` },
    });
    expect(held()).toEqual(["registry-as-code-init"]);
    expect(await tokens()).toEqual([]);
    expect((await resource.up({ registryId, name: "team/app" }, state)).step).toBe("same");
    await resource.destroy(state);
    expect(await api("GET", `/v1/registries/${registryId}/repositories`)).toBeUndefined();
    await resource.destroy(state);
  });

  it("is not destroyed while it holds an image, tagged or not, and is with forceDelete", async () => {
    await start();
    const { id: registryId } = await registry();
    const resource = one("selectel:Repository");
    const { state } = await resource.up({ registryId, name: "team/app" });
    push(sandbox.store, "main/team/app", undefined, image({}));
    await expect(resource.destroy(state)).rejects.toThrow(/team\/app holds 1 .*is not destroyed\. Set forceDelete: true/);
    push(sandbox.store, "main/team/app", "v1", image({ labels: { n: "2" } }));
    await expect(resource.destroy(state)).rejects.toThrow("is not destroyed");
    push(sandbox.store, "main/team/app-two", "v1", image({}));
    const forced = await resource.up({ registryId, name: "team/app", forceDelete: true }, state);
    await resource.destroy(forced.state);
    expect(sandbox.store.repository("main/team/app")?.manifests.size ?? 0).toBe(0);
    expect(sandbox.store.repository("main/team/app-two")?.tags.size).toBe(1);
  });

  it("exists already: an error which names adopt, or taken over without a push", async () => {
    await start();
    const { id: registryId } = await registry();
    push(sandbox.store, "main/team/app", "v1", image({}));
    await expect(one("selectel:Repository").up({ registryId, name: "team/app" })).rejects.toThrow("Set adopt: true");
    await one("selectel:Repository").up({ registryId, name: "team/app", adopt: true });
    expect(held()).toEqual(["v1"]);
  });

  it("whose creation was cut off is somebody else's if somebody else pushed since", async () => {
    await start();
    const { id: registryId } = await registry();
    const resource = one("selectel:Repository");
    sandbox.control.inject({ api: "selectel-registry", times: 50, fault: { kind: "reset-before" } });
    await expect(resource.up({ registryId, name: "team/app" })).rejects.toThrow("team/app");
    sandbox.control.clearFaults();
    push(sandbox.store, "main/team/app", "v1", image({}));
    resource.start();
    await expect(resource.up({ registryId, name: "team/app" })).rejects.toThrow("Set adopt: true");
    expect(await tokens()).toEqual([]);
  });

  it("says what is wrong when there is no such registry", async () => {
    await start();
    await expect(one("selectel:Repository").up({ registryId: "5d8504c1-bb11-43d2-88a8-bb07303422b3", name: "team/app" })).rejects.toThrow(
      "there is no registry 5d8504c1-bb11-43d2-88a8-bb07303422b3 in this project",
    );
    expect(await tokens()).toEqual([]);
  });

  it("and a garbage collection of the same program wait for each other", async () => {
    await start();
    const { id: registryId } = await registry();
    const [made, collected] = await Promise.all([
      one("selectel:Repository").up({ registryId, name: "team/app" }),
      one("selectel:GarbageCollection").up({ registryId }),
      one("selectel:Repository", "org/project/dev/second").up({ registryId, name: "team/second" }),
    ]);
    expect([made.state.reasons, collected.state.reasons]).toEqual([undefined, undefined]);
    expect(sandbox.control.requests({ api: "selectel-registry", status: 409 })).toEqual([]);
  });

  it("waits for a collection that somebody else started", async () => {
    await start({ gcPolls: 5 });
    const { id: registryId } = await registry();
    await api("POST", `/v1/registries/${registryId}/garbage-collection`);
    const { state } = await one("selectel:Repository").up({ registryId, name: "team/app" });
    expect(state.reasons).toBeUndefined();
  });

  it("is replaced when its name changes", async () => {
    await start();
    const { id: registryId } = await registry();
    const resource = one("selectel:Repository");
    const { state } = await resource.up({ registryId, name: "team/app" });
    expect(await resource.up({ registryId, name: "team/other" }, state)).toMatchObject({ step: "replace", replaces: ["name"] });
  });

  it("leaves no token behind when the push fails", async () => {
    await start();
    const { id: registryId } = await registry();
    sandbox.control.inject({ api: "selectel-registry", method: "PUT", times: 100, fault: { kind: "status", status: 403 } });
    await expect(one("selectel:Repository").up({ registryId, name: "team/app" })).rejects.toThrow("403");
    expect(await tokens()).toEqual([]);
  });
});

describe("selectel.Token", () => {
  const base = { name: "ci", allRegistries: true, expiresIn: "90d" };
  const secret = (state: State | undefined) => {
    const { token } = (plain(state?.outputs) ?? {}) as { token?: string };
    if (!token) throw new Error("no secret in the state");
    return token;
  };
  const works = async (token: string) =>
    (await fetch(`${info().registryHost}/v2/`, { headers: { authorization: `Basic ${Buffer.from(`token:${token}`).toString("base64")}` } }))
      .status === 200;

  it("is made with its scope and life, keeps its secret through refresh, and is revoked and deleted", async () => {
    await start();
    const { id: registryId } = await registry();
    const resource = one("selectel:Token");
    const { state } = await resource.up({ name: "ci", mode: "write", registries: [registryId], expiresAt: "2026-06-01T00:00:05Z" });
    expect(await tokens()).toMatchObject([
      {
        id: state.id,
        name: "ci",
        status: "active",
        scope: { modeRW: true, allRegistries: false, registryIds: [registryId] },
        expiration: { isSet: true, expiresAt: expect.stringMatching(/^2026-06-01T00:00:05/) },
      },
    ]);
    expect(await works(secret(state))).toBe(true);
    expect(JSON.parse((plain(state.outputs) as { dockerConfigJson: string }).dockerConfigJson)).toEqual({
      auths: { [new URL(info().registryHost).host]: { auth: Buffer.from(`token:${secret(state)}`).toString("base64") } },
    });
    sandbox.control.clearRequests();
    expect(
      (await resource.up({ name: "ci", mode: "write", registries: [registryId], expiresAt: "2026-06-01T03:00:05+03:00" }, state)).step,
    ).toBe("same");
    expect(requests()).toEqual([]);
    const refreshed = await resource.refresh(state);
    expect(secret(refreshed)).toBe(secret(state));
    expect(refreshed?.inputs).toEqual(state.inputs);
    expect(writes()).toEqual([]);
    await resource.destroy(state);
    expect(await tokens()).toEqual([]);
    expect(await works(secret(state))).toBe(false);
    await resource.destroy(state);
  });

  it.each([
    ["name", { ...base, name: "ci-2" }, ["PATCH"], false],
    ["mode", { ...base, mode: "write" }, ["PATCH"], false],
    ["expiresIn", { ...base, expiresIn: "30d" }, ["POST refresh"], false],
    ["expiresAt in place of expiresIn", { ...base, expiresIn: undefined, expiresAt: "2027-01-01T00:00:00Z" }, ["POST refresh"], false],
    ["expiresAt: never", { ...base, expiresIn: undefined, expiresAt: "never" }, ["POST refresh"], false],
    ["rotationTriggers", { ...base, rotationTriggers: { incident: "42" } }, ["POST regenerate"], true],
    ["rotateBefore", { ...base, rotateBefore: "14d" }, [], false],
    ["forced by nothing but timeouts", { ...base, timeouts: { update: "1m" } }, [], false],
  ])("a change of %s sends just that, and the secret changes only where it must", async (_input, inputs, sent, fresh) => {
    await start();
    const resource = one("selectel:Token");
    const { state } = await resource.up(base);
    sandbox.control.clearRequests();
    const { step, state: now } = await resource.up(inputs, state);
    expect(step).toBe("update");
    expect(writes().map(({ method, path }) => (method === "PATCH" ? method : `${method} ${path.split("/").at(-1)}`))).toEqual(sent);
    expect(secret(now) !== secret(state)).toBe(fresh);
    expect(await works(secret(now))).toBe(true);
    expect((await resource.up(inputs, now)).step).toBe("same");
    expect(await tokens()).toHaveLength(1);
  });

  it.each([
    ["name", { name: "other" }],
    ["mode", { scope: { modeRW: true, allRegistries: true } }],
    ["expiry", { expiration: { isSet: true, expiresAt: "2026-04-01T00:00:00Z" } }],
  ])("whose %s somebody changed is shown by refresh and repaired by `up`, with the same secret", async (_what, patch) => {
    await start();
    const resource = one("selectel:Token");
    const { state } = await resource.up(base);
    const [before] = await tokens();
    await api("PATCH", `/v2/tokens/${state.id}`, patch);
    const drifted = await resource.refresh(state);
    expect(drifted?.inputs).not.toEqual(state.inputs);
    const repaired = await resource.up(base, drifted);
    expect(repaired.step).toBe("update");
    expect(secret(repaired.state)).toBe(secret(state));
    const [after] = await tokens();
    expect({ ...after, lastUsedAt: undefined }).toEqual({ ...before, lastUsedAt: undefined });
  });

  it("that was revoked elsewhere works again after `up`, with a new secret", async () => {
    await start();
    const resource = one("selectel:Token");
    const { state } = await resource.up(base);
    await api("POST", `/v2/tokens/${state.id}/revoke`);
    const drifted = await resource.refresh(state);
    expect(drifted?.outputs).toMatchObject({ status: "revoked" });
    const { step, state: now } = await resource.up(base, drifted);
    expect(step).toBe("update");
    expect(now.id).toBe(state.id);
    expect(await works(secret(now))).toBe(true);
  });

  it("that was deleted elsewhere is gone at refresh", async () => {
    await start();
    const resource = one("selectel:Token");
    const { state } = await resource.up(base);
    await api("DELETE", `/v2/tokens/${state.id}`);
    expect(await resource.refresh(state)).toBeUndefined();
  });

  it("is rotated by the first `up` in the last part of its life, and not before", async () => {
    await start();
    const resource = one("selectel:Token");
    const inputs = { ...base, rotateBefore: "14d" };
    const { state } = await resource.up(inputs);
    sandbox.clock.advance(75 * DAY);
    expect((await resource.up(inputs, state)).step).toBe("same");
    sandbox.clock.advance(2 * DAY);
    const { step, state: rotated } = await resource.up(inputs, state);
    expect(step).toBe("update");
    expect(secret(rotated)).not.toBe(secret(state));
    expect(rotated.outputs).toMatchObject({ expiration: expect.stringMatching(/^2026-08-1/) });
    expect((await resource.up(inputs, rotated)).step).toBe("same");
  });

  it("that has expired is made anew by the next `up`", async () => {
    await start();
    const resource = one("selectel:Token");
    const { state } = await resource.up(base);
    sandbox.clock.advance(100 * DAY);
    const { state: now } = await resource.up(base, state);
    expect(await works(secret(now))).toBe(true);
  });

  it("of a name that is taken is an error which names adopt; adopting gives it a new secret and the declared scope", async () => {
    await start();
    const theirs = await api("POST", "/v2/tokens", {
      name: "ci",
      expiration: { isSet: false },
      scope: { modeRW: true, allRegistries: true },
    });
    await expect(one("selectel:Token").up(base)).rejects.toThrow("Set adopt: true");
    const { state } = await one("selectel:Token").up({ ...base, adopt: true });
    expect(state.id).toBe(theirs.id);
    expect(await works(secret(state))).toBe(true);
    expect(await works(theirs.token)).toBe(false);
    expect(await tokens()).toMatchObject([{ id: theirs.id, scope: { modeRW: false } }]);
  });

  it("whose creation was cut off at any request ends as one token with a working secret, and touches no other", async () => {
    await start();
    const theirs = await api("POST", "/v2/tokens", {
      name: "theirs",
      expiration: { isSet: false },
      scope: { modeRW: true, allRegistries: true },
    });
    const lost = [
      [
        { method: "POST", path: "/v2/tokens$", fault: "reset-after" },
        { method: "GET", path: "/v2/tokens", skip: 1, times: 50, fault: "reset-before" },
      ],
      [{ method: "PATCH", path: "/v2/tokens/", times: 50, fault: "reset-after" }],
    ] as const;
    for (const injections of lost) {
      const resource = one("selectel:Token");
      for (const injection of injections) sandbox.control.inject({ api: "selectel", ...injection });
      await expect(resource.up(base)).rejects.toThrow();
      sandbox.control.clearFaults();
      resource.start();
      const { state } = await resource.up(base);
      expect(await works(secret(state))).toBe(true);
      const mine = (await tokens()).filter(({ id }) => id !== theirs.id);
      expect(mine).toMatchObject([{ id: state.id, name: "ci", status: "active" }]);
      await resource.destroy(state);
    }
    expect(await works(theirs.token)).toBe(true);
  });

  it.each([
    ["no registries", { name: "ci", expiresIn: "90d" }, "registries is missing"],
    ["both ways to say which registries", { ...base, registries: ["x"] }, "registries and allRegistries exclude each other"],
    ["no expiry", { name: "ci", allRegistries: true }, "expiresAt is missing"],
    ["two expiries", { ...base, expiresAt: "2030-01-01T00:00:00Z" }, "expiresIn and expiresAt exclude each other"],
    ["an expiry in the past", { name: "ci", allRegistries: true, expiresAt: "2020-01-01T00:00:00Z" }, "expiresAt lies in the past"],
    ["an expiry that is no time", { name: "ci", allRegistries: true, expiresAt: "soon" }, "expiresAt must be a time such as"],
    [
      "rotateBefore without expiresIn",
      { name: "ci", allRegistries: true, expiresAt: "never", rotateBefore: "1d" },
      "rotateBefore needs expiresIn",
    ],
    ["rotateBefore that is too long", { ...base, rotateBefore: "90d" }, "rotateBefore must be shorter than expiresIn"],
    ["a mode that does not exist", { ...base, mode: "admin" }, 'mode must be one of "read", "write"'],
  ])("refuses %s before anything is sent", async (_case, inputs, message) => {
    await start();
    await expect(one("selectel:Token").up(inputs)).rejects.toThrow(message);
    expect(requests()).toEqual([]);
  });
});

describe("selectel.BasicToken", () => {
  it("is made, found by its secret, renewed when it has expired, and revoked", async () => {
    await start();
    const resource = one("selectel:BasicToken");
    const { state } = await resource.up({});
    const { token } = plain(state.outputs) as { token: string };
    expect(state.id).not.toContain(token);
    expect(JSON.stringify(state.inputs)).not.toContain(token);
    expect((await resource.up({}, state)).step).toBe("same");
    expect(await resource.refresh(state)).toMatchObject({ id: state.id, outputs: { ttl: "12h" } });
    sandbox.clock.advance(DAY);
    const renewed = await resource.up({}, state);
    expect(renewed.step).toBe("update");
    expect(Date.parse((plain(renewed.state.outputs) as { expiration: string }).expiration)).toBeGreaterThan(sandbox.clock.now().getTime());
    await resource.destroy(renewed.state);
    expect(await resource.refresh(renewed.state)).toBeUndefined();
    await resource.destroy(renewed.state);
  });

  it("is replaced when its life changes, and cannot be adopted", async () => {
    await start();
    const resource = one("selectel:BasicToken");
    const { state } = await resource.up({ ttl: "12h" });
    expect(await resource.up({ ttl: "1y" }, state)).toMatchObject({ step: "replace", replaces: ["ttl"] });
    expect(await resource.failures({ adopt: true })).toEqual([
      { property: "adopt", reason: expect.stringContaining("does not list simple tokens") },
    ]);
  });
});

describe("selectel.GarbageCollection", () => {
  const runs = () => writes().filter(({ path }) => path.endsWith("/garbage-collection"));

  it("runs at create and when a trigger changes, waits for the registry, and not otherwise", async () => {
    await start();
    const { id: registryId } = await registry();
    const resource = one("selectel:GarbageCollection");
    const { state } = await resource.up({ registryId });
    expect((await registries())[0]).toMatchObject({ status: "ACTIVE" });
    expect(runs()).toHaveLength(1);
    expect((await resource.up({ registryId }, state)).step).toBe("same");
    const again = await resource.up({ registryId, triggers: { release: "2" } }, state);
    expect(again.step).toBe("update");
    expect(runs()).toHaveLength(2);
    await resource.up({ registryId, deleteUntagged: true, triggers: { release: "2" } }, again.state);
    expect(runs()).toHaveLength(2);
    await resource.destroy(again.state);
  });

  it("waits for another collection first", async () => {
    await start();
    const { id: registryId } = await registry();
    await api("POST", `/v1/registries/${registryId}/garbage-collection`);
    expect((await one("selectel:GarbageCollection").up({ registryId })).state.reasons).toBeUndefined();
  });

  it("that could not even be started in time is an error and nothing is kept", async () => {
    await start({ gcPolls: 1_000, settleAfter: 3_600_000 });
    const { id: registryId } = await registry();
    await api("POST", `/v1/registries/${registryId}/garbage-collection`);
    await expect(one("selectel:GarbageCollection").up({ registryId, timeouts: { create: "20s" } })).rejects.toThrow("still busy");
  });

  it("that runs out of time is waited for at the next `up`, not started again", async () => {
    await start({ gcPolls: 1_000, settleAfter: 3_600_000 });
    const { id: registryId } = await (async () => {
      const resource = one("selectel:Registry");
      sandbox.clock.advance(0);
      return (await resource.up({ name: "main" })).state;
    })();
    const resource = one("selectel:GarbageCollection");
    const half = await resource.up({ registryId, timeouts: { create: "20s", update: "20s" } });
    expect(half.state.reasons).toEqual([expect.stringContaining("was not seen to end")]);
    sandbox.clock.advance(7_200_000);
    const whole = await resource.up({ registryId, timeouts: { create: "20s", update: "20s" } }, half.state);
    expect(whole.state.reasons).toBeUndefined();
    expect(runs()).toHaveLength(1);
  });
});

describe("credentials of selectel", () => {
  it.each([
    ["none", {}, "Selectel's credentials are missing"],
    ["half of them", { "selectel:accountId": "1", "selectel:username": "u" }, "selectel:password missing"],
    [
      "no project",
      { "selectel:accountId": "1", "selectel:username": "u", "selectel:password": "p" },
      "selectel:projectId (or selectel:projectName) is missing",
    ],
    ["another module's provider", { "oci:explicit": "true" }, "was given a provider of oci: pass an instance of selectel.Provider"],
  ])("%s: one clear error", async (_case, given, message) => {
    await start();
    const resource = new OneResource("selectel:Registry", given, sandbox.clock);
    open.push(resource);
    await expect(resource.up({ name: "main" })).rejects.toThrow(message);
    expect(requests()).toEqual([]);
  });
});
