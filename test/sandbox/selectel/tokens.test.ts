import { each, fields, json, login, type Rig, rig } from "./rig";

const registryIds = ["888af692-c646-4b76-a234-81ca9b5bcafe", "6303699d-c2cd-40b1-8428-9dcd6cc3d00d"];
const body = {
  name: "my-token",
  expiration: { isSet: true, expiresAt: "2030-01-01T00:00:00Z" },
  scope: { modeRW: true, allRegistries: false, registryIds },
};
const shown = {
  id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  createdAt: "2026-01-01T00:00:00.000Z",
  status: "active",
  ...body,
};
const secret = expect.stringMatching(/^CRgAAAAA[\w-]{32}$/);
const later = { isSet: true, expiresAt: "2029-03-20T00:00:00Z" };

async function created(world: Rig, parts: Readonly<Record<string, unknown>> = {}) {
  const answer = fields(await world.call("POST", "v2/tokens", { body: { ...body, ...parts } }));
  return { id: String(answer.id), token: String(answer.token), path: `v2/tokens/${answer.id}` };
}

describe("create token", () => {
  it("answers 201 with everything, the secret included, and no lastUsedAt", async () => {
    const response = await rig().call("POST", "v2/tokens", { body });
    expect(response.status).toBe(201);
    expect(json(response)).toEqual({ ...shown, token: secret });
  });

  it("answers 200 by the switch tokenCreateStatus", async () => {
    expect((await rig({ tokenCreateStatus: 200 }).call("POST", "v2/tokens", { body })).status).toBe(200);
  });

  it("gives only a Docker configuration for docker-config=true", async () => {
    const { call } = rig();
    const auths = { "cr.selcloud.ru": { auth: expect.any(String) } };
    expect(json(await call("POST", "v2/tokens?docker-config=true", { body }))).toEqual({ auths });
    expect(json(await call("POST", "v2/tokens?docker-config=false", { body }))).toMatchObject({ token: secret });
    expect((await call("POST", "v2/tokens?docker-config=1", { body })).status).toBe(400);
  });

  it("needs no name", async () => {
    const { name: _, ...unnamed } = body;
    expect(fields(await rig().call("POST", "v2/tokens", { body: unnamed }))).toMatchObject({ name: "", status: "active" });
  });

  it.each([{ isSet: false }, { isSet: false, expiresAt: "0001-01-01T00:00:00Z" }])("takes %j as no end", async (expiration) => {
    const world = rig();
    const { path } = await created(world, { expiration });
    world.clock.set(new Date("2100-01-01T00:00:00Z"));
    const headers = { "x-auth-token": await login(world) };
    expect(json(await world.call("GET", path, { headers }))).toEqual({ ...shown, expiration: { isSet: false } });
  });

  it("shows no end with Go's zero time by the switch unsetExpiresAt", async () => {
    const world = rig({ unsetExpiresAt: "zero" });
    const { path } = await created(world, { expiration: { isSet: false } });
    expect(fields(await world.call("GET", path)).expiration).toEqual({ isSet: false, expiresAt: "0001-01-01T00:00:00Z" });
    expect(fields(await world.call("GET", path)).status).toBe("active");
  });

  it("drops allRegistries where registryIds are given, as the documentation's sample shows, or answers 400 by the switch bothScopes", async () => {
    const both = { ...body, scope: { ...body.scope, allRegistries: true } };
    expect(fields(await rig().call("POST", "v2/tokens", { body: both })).scope).toEqual(body.scope);
    expect((await rig({ bothScopes: "400" }).call("POST", "v2/tokens", { body: both })).status).toBe(400);
  });

  it("shows no ids for all registries", async () => {
    const scope = { modeRW: false, allRegistries: true };
    expect(fields(await rig().call("POST", "v2/tokens", { body: { ...body, scope } })).scope).toEqual({ ...scope, registryIds: [] });
  });

  it.each([
    ["no body", ""],
    ["no expiration", { scope: body.scope }],
    ["no scope", { expiration: body.expiration }],
    ["isSet without expiresAt", { ...body, expiration: { isSet: true } }],
    ["isSet as a string", { ...body, expiration: { isSet: "true", expiresAt: "2030-01-01T00:00:00Z" } }],
    ["a date without time", { ...body, expiration: { isSet: true, expiresAt: "2030-01-01" } }],
    ["a date that does not exist", { ...body, expiration: { isSet: true, expiresAt: "2030-13-01T00:00:00Z" } }],
    ["modeRW as a string", { ...body, scope: { ...body.scope, modeRW: "true" } }],
    ["registryIds that are no strings", { ...body, scope: { modeRW: true, registryIds: [1] } }],
    ["a name that is no string", { ...body, name: 1 }],
  ])("answers 400 to %s", async (_, wrong) => {
    const { call } = rig();
    expect((await call("POST", "v2/tokens", { body: wrong })).status).toBe(400);
    expect(fields(await call("GET", "v2/tokens")).totalCount).toBe(0);
  });
});

describe("get token", () => {
  it("shows everything but the secret", async () => {
    const world = rig();
    const { path } = await created(world);
    expect(json(await world.call("GET", path))).toEqual(shown);
  });

  it("is active to the instant of its end, then expired, and active again with a later end", async () => {
    const world = rig();
    const { path } = await created(world, { expiration: { isSet: true, expiresAt: "2026-01-01T02:00:00.5+01:00" } });
    world.clock.set(new Date("2026-01-01T01:00:00.500Z"));
    expect(fields(await world.call("GET", path)).status).toBe("active");
    world.clock.advance(1);
    expect(fields(await world.call("GET", path)).status).toBe("expired");
    expect(fields(await world.call("POST", `${path}/refresh`, { body: { expiration: later } })).status).toBe("active");
  });
});

describe("update token", () => {
  it("changes only what the body names", async () => {
    const world = rig();
    const { path } = await created(world);
    const scope = { modeRW: false, allRegistries: false, registryIds: registryIds.slice(0, 1) };
    const first = { ...shown, name: "my-new-token", scope };
    expect(json(await world.call("PATCH", path, { body: { name: "my-new-token", scope } }))).toEqual(first);
    expect(json(await world.call("PATCH", path, { body: { expiration: later } }))).toEqual({ ...first, expiration: later });
    expect(json(await world.call("PATCH", path, { body: {} }))).toEqual({ ...first, expiration: later });
    expect(json(await world.call("GET", path))).toEqual({ ...first, expiration: later });
  });

  it.each([[{ name: 1 }], [{ scope: {}, expiration: {} }], [{ name: "new", scope: "all" }]])(
    "answers 400 to %j and changes nothing",
    async (wrong) => {
      const world = rig();
      const { path } = await created(world);
      expect((await world.call("PATCH", path, { body: wrong })).status).toBe(400);
      expect(json(await world.call("GET", path))).toEqual(shown);
    },
  );
});

describe.each(["refresh", "regenerate"])("%s token", (operation) => {
  it("takes the new end, and keeps id, name and scope", async () => {
    const world = rig();
    const { path, token } = await created(world);
    const response = await world.call("POST", `${path}/${operation}`, { body: { expiration: later } });
    expect(response.status).toBe(200);
    const { token: regenerated, ...rest } = fields(response);
    expect(rest).toEqual({ ...shown, expiration: later });
    if (operation === "refresh") expect(regenerated).toBeUndefined();
    else expect(regenerated).toEqual(secret);
    expect(regenerated).not.toBe(token);
  });

  it("answers 400 to the bare expiration of craas-go, or takes it by the switch bareExpiration", async () => {
    const world = rig();
    const { path } = await created(world);
    expect((await world.call("POST", `${path}/${operation}`, { body: later })).status).toBe(400);
    expect(json(await world.call("GET", path))).toEqual(shown);
    world.selectel.state.switches.bareExpiration = "accepted";
    expect(fields(await world.call("POST", `${path}/${operation}`, { body: later })).expiration).toEqual(later);
    const unlimited = { expiration: { isSet: false } };
    expect(fields(await world.call("POST", `${path}/${operation}`, { body: unlimited })).expiration).toEqual({ isSet: false });
  });

  it("answers 400 to no body", async () => {
    const world = rig();
    const { path } = await created(world);
    expect((await world.call("POST", `${path}/${operation}`)).status).toBe(400);
  });
});

describe("revoke token", () => {
  it("answers 204; the token stays in the list, revoked", async () => {
    const world = rig();
    const { path } = await created(world);
    expect(await world.call("POST", `${path}/revoke`)).toEqual({ status: 204 });
    expect(fields(await world.call("GET", path)).status).toBe("revoked");
    expect(each(fields(await world.call("GET", "v2/tokens")).tokens, "status")).toEqual(["revoked"]);
  });

  it("makes GET a 404 by the switch revokedTokenGet, but not the list", async () => {
    const world = rig({ revokedTokenGet: "404" });
    const { path } = await created(world);
    expect((await world.call("GET", path)).status).toBe(200);
    await world.call("POST", `${path}/revoke`);
    expect(await world.call("GET", path)).toEqual({ status: 404, json: { error: "Token not found." } });
    expect(each(fields(await world.call("GET", "v2/tokens")).tokens, "status")).toEqual(["revoked"]);
  });

  it("leaves regenerate and delete, but no refresh", async () => {
    const world = rig();
    const { path } = await created(world);
    await world.call("POST", `${path}/revoke`);
    expect((await world.call("POST", `${path}/refresh`, { body: { expiration: later } })).status).toBe(404);
    expect(fields(await world.call("POST", `${path}/regenerate`, { body: { expiration: later } }))).toMatchObject({
      status: "active",
      token: secret,
    });
    await world.call("POST", `${path}/revoke`);
    expect((await world.call("DELETE", path)).status).toBe(204);
  });
});

describe("delete token", () => {
  it("answers 204 once, and it is gone from the list", async () => {
    const world = rig();
    const { path } = await created(world);
    expect(await world.call("DELETE", path)).toEqual({ status: 204 });
    expect((await world.call("DELETE", path)).status).toBe(404);
    expect(json(await world.call("GET", "v2/tokens"))).toEqual({ tokens: [], totalCount: 0 });
  });
});

it.each([
  ["GET", ""],
  ["PATCH", ""],
  ["DELETE", ""],
  ["POST", "/refresh"],
  ["POST", "/regenerate"],
  ["POST", "/revoke"],
])("%s %s of an unknown token, or of another project's, is a 404", async (method, operation) => {
  const world = rig();
  const { path } = await created(world);
  const expected = { status: 404, json: { error: "Token not found." } };
  const options = { body: { expiration: later }, headers: { "x-auth-token": world.selectel.credentials.token } };
  expect(await world.call(method, `v2/tokens/none${operation}`, options)).toEqual(expected);
  const headers = { "x-auth-token": world.selectel.state.addProject("other").token };
  expect(await world.call(method, `${path}${operation}`, { ...options, headers })).toEqual(expected);
  expect(json(await world.call("GET", path))).toEqual(shown);
});

describe("list tokens", () => {
  async function three(world: Rig): Promise<void> {
    const scope = { modeRW: false, allRegistries: true };
    await created(world, { name: "beta", expiration: { isSet: false } });
    world.clock.advance(1000);
    const { token } = await created(world, { name: "gamma", scope });
    const authorization = `Basic ${Buffer.from(`token:${token}`).toString("base64")}`;
    await world.host("GET", "/v2/", { headers: { authorization } });
    world.clock.advance(1000);
    await created(world, { name: "alpha", expiration: later });
  }

  it.each([
    ["", ["beta", "gamma", "alpha"], 3],
    ["sort_type=desc", ["alpha", "gamma", "beta"], 3],
    ["sort_field=name", ["alpha", "beta", "gamma"], 3],
    ["sort_field=lastUsedAt&sort_type=desc", ["gamma", "beta", "alpha"], 3],
    ["sort_field=expiresAt", ["alpha", "gamma", "beta"], 3],
    ["search=ET", ["beta"], 1],
    ["scope_mode=rw", ["beta", "alpha"], 2],
    ["scope_mode=ro", ["gamma"], 1],
    ["limit=1&offset=1", ["gamma"], 3],
  ])("by %j", async (query, expected, totalCount) => {
    const world = rig();
    await three(world);
    const page = fields(await world.call("GET", `v2/tokens?${query}`));
    expect(each(page.tokens, "name")).toEqual(expected);
    expect(page.totalCount).toBe(totalCount);
    expect(JSON.stringify(page)).not.toContain("CRgAAAAA");
  });

  it("gives ten by default", async () => {
    const world = rig();
    for (let count = 0; count < 11; count++) await created(world);
    const page = fields(await world.call("GET", "v2/tokens"));
    expect(page.tokens).toHaveLength(10);
    expect(page.totalCount).toBe(11);
  });

  it("answers 400 to another scope_mode", async () => {
    expect((await rig().call("GET", "v2/tokens?scope_mode=all")).status).toBe(400);
  });
});
