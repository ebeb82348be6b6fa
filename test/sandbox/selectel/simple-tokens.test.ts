import { fields, json, rig } from "./rig";

const at = Date.parse("2026-01-01T00:00:00Z") / 1000;

describe("create authentication token", () => {
  it.each([
    ["", 43_200],
    ["?ttl=12h", 43_200],
    ["?ttl=1y", 31_536_000],
    ["?ttl=12h&docker-config=false", 43_200],
  ])("with %j lives %d seconds", async (query, expireIn) => {
    const response = await rig().call("POST", `v1/token${query}`);
    expect(response.status).toBe(201);
    expect(json(response)).toEqual({ expireAt: at + expireIn, expireIn, token: expect.stringMatching(/^CRgAAAAA[\w-]{32}$/) });
  });

  it("gives each a secret of its own", async () => {
    const { call } = rig();
    const secrets = await Promise.all([1, 2, 3].map(async () => fields(await call("POST", "v1/token")).token));
    expect(new Set(secrets).size).toBe(3);
  });

  it("answers 200 by the switch tokenCreateStatus", async () => {
    expect((await rig({ tokenCreateStatus: 200 }).call("POST", "v1/token")).status).toBe(200);
  });

  it("gives a Docker configuration for docker-config=true", async () => {
    const json = fields(await rig().call("POST", "v1/token?docker-config=true"));
    expect(json).toEqual({ auths: { "cr.selcloud.ru": { auth: expect.any(String) } } });
    const [, auth] = /"auth":"([^"]+)"/.exec(JSON.stringify(json)) ?? [];
    expect(Buffer.from(auth ?? "", "base64").toString()).toMatch(/^token:CRgAAAAA/);
  });

  it.each(["ttl=1d", "ttl=", "docker-config=yes"])("answers 400 to %s", async (query) => {
    expect((await rig().call("POST", `v1/token?${query}`)).status).toBe(400);
  });
});

describe("get a token", () => {
  it("tells its end and how long that is, but not the token", async () => {
    const { call, clock } = rig();
    const { token } = fields(await call("POST", "v1/token"));
    clock.advance(3_600_500);
    expect(json(await call("GET", `v1/token/${token}`))).toEqual({ expireAt: at + 43_200, expireIn: 39_600 });
  });

  it("answers 404 to an unknown one, and from its end on", async () => {
    const { call, clock } = rig();
    expect((await call("GET", "v1/token/none")).status).toBe(404);
    const { token } = fields(await call("POST", "v1/token"));
    clock.advance(43_200_000);
    expect((await call("GET", `v1/token/${token}`)).status).toBe(200);
    clock.advance(1);
    expect(json(await call("GET", `v1/token/${token}`))).toEqual({ error: "Token not found." });
  });

  it("is not known to another project", async () => {
    const { call, selectel } = rig();
    const { token } = fields(await call("POST", "v1/token"));
    const headers = { "x-auth-token": selectel.state.addProject("other").token };
    expect((await call("GET", `v1/token/${token}`, { headers })).status).toBe(404);
    expect((await call("DELETE", `v1/token/${token}`, { headers })).status).toBe(400);
    expect((await call("GET", `v1/token/${token}`)).status).toBe(200);
  });
});

describe("refresh token", () => {
  it("gives the same token as long a life as it had, from now on", async () => {
    const { call, clock } = rig();
    const { token } = fields(await call("POST", "v1/token?ttl=1y"));
    clock.advance(60_000);
    const response = await call("POST", `v1/token/${token}/refresh`);
    expect(response.status).toBe(200);
    expect(json(response)).toEqual({ expireAt: at + 60 + 31_536_000, expireIn: 31_536_000, token });
  });

  it("answers 400 to what has not the form of a token, 404 to one that is unknown or over", async () => {
    const { call, clock } = rig();
    expect(await call("POST", "v1/token/none/refresh")).toEqual({ status: 400, json: { error: "Invalid or malformed token." } });
    expect((await call("POST", `v1/token/${"x".repeat(40)}/refresh`)).status).toBe(404);
    const { token } = fields(await call("POST", "v1/token"));
    clock.advance(43_200_001);
    expect((await call("POST", `v1/token/${token}/refresh`)).status).toBe(404);
  });
});

describe("revoke token", () => {
  it("answers 204 once, then 400 with the documented text", async () => {
    const { call } = rig();
    const { token } = fields(await call("POST", "v1/token"));
    expect(await call("DELETE", `v1/token/${token}`)).toEqual({ status: 204 });
    expect((await call("GET", `v1/token/${token}`)).status).toBe(404);
    expect(await call("DELETE", `v1/token/${token}`)).toEqual({ status: 400, json: { error: "Invalid or malformed token." } });
  });
});
