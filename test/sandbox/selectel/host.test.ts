import { createHash } from "node:crypto";
import { fields, imageType, json, putImage, type Rig, rig } from "./rig";

const basic = (secret: unknown, user = "token") => `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;

async function named(world: Rig, scope: unknown = { modeRW: true, allRegistries: true }, expiration: unknown = { isSet: false }) {
  const { id, token } = fields(await world.call("POST", "v2/tokens", { body: { name: "ci", expiration, scope } }));
  return { path: `v2/tokens/${id}`, secret: token, headers: { authorization: basic(token) } };
}

const manifestOf = (digest: string) => JSON.stringify({ schemaVersion: 2, mediaType: imageType, config: { digest, size: 2 }, layers: [] });

/** Pushes a blob in one request and a manifest that names it; gives both statuses. */
async function push(world: Rig, name: string, headers: Readonly<Record<string, string>>): Promise<number[]> {
  const digest = `sha256:${createHash("sha256").update("{}").digest("hex")}`;
  const blob = await world.host("POST", `/v2/${name}/blobs/uploads/?digest=${digest}`, { body: "{}", headers });
  const manifestHeaders = { ...headers, "content-type": imageType };
  const manifest = await world.host("PUT", `/v2/${name}/manifests/v1`, { body: manifestOf(digest), headers: manifestHeaders });
  return [blob.status, manifest.status];
}

async function pull(world: Rig, name: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return (await world.host("GET", `/v2/${name}/manifests/v1`, { headers })).status;
}

async function remove(world: Rig, name: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const [digest] = world.store.repository(name)?.manifests.keys() ?? [];
  return (await world.host("DELETE", `/v2/${name}/manifests/${digest}`, { headers })).status;
}

describe("credentials at the registry host", () => {
  it("are asked for by a Basic challenge", async () => {
    const response = await rig().host("GET", "/v2/");
    expect(response.status).toBe(401);
    expect(response.headers?.["www-authenticate"]).toBe('Basic realm="cr.selcloud.ru"');
    expect(json(response)).toEqual({ errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] });
  });

  it("are the user token with the secret of a v2 token", async () => {
    const world = rig();
    const { headers, secret } = await named(world);
    expect((await world.host("GET", "/v2/", { headers })).status).toBe(200);
    for (const authorization of [basic(secret, "admin"), basic("wrong"), basic(""), `Bearer ${secret}`, "Basic", "Basic %%%"]) {
      expect((await world.host("GET", "/v2/", { headers: { authorization } })).status).toBe(401);
    }
  });

  it("are the secret of a v1 token until it is over or revoked; it may write everywhere", async () => {
    const world = rig();
    await world.registry("test");
    const secrets = await Promise.all([1, 2].map(async () => fields(await world.call("POST", "v1/token")).token));
    const [first, second] = secrets.map((secret) => ({ authorization: basic(secret) }));
    if (!first || !second) throw new Error("two tokens were asked for");
    expect(await push(world, "test/app", first)).toEqual([201, 201]);
    expect(await pull(world, "test/app", second)).toBe(200);
    await world.call("DELETE", `v1/token/${secrets[0]}`);
    expect(await pull(world, "test/app", first)).toBe(401);
    world.clock.advance(43_200_001);
    expect(await pull(world, "test/app", second)).toBe(401);
  });

  it("end when the v2 token expires, is revoked, deleted, or regenerated", async () => {
    const world = rig();
    const ping = async ({ headers }: { headers: Record<string, string> }) => (await world.host("GET", "/v2/", { headers })).status;
    const expiring = await named(world, undefined, { isSet: true, expiresAt: "2026-01-01T01:00:00Z" });
    const revoked = await named(world);
    const deleted = await named(world);
    const regenerated = await named(world);
    for (const token of [expiring, revoked, deleted, regenerated]) expect(await ping(token)).toBe(200);
    world.clock.advance(3_600_001);
    await world.call("POST", `${revoked.path}/revoke`);
    await world.call("DELETE", deleted.path);
    const body = { expiration: { isSet: false } };
    const { token } = fields(await world.call("POST", `${regenerated.path}/regenerate`, { body }));
    for (const old of [expiring, revoked, deleted, regenerated]) expect(await ping(old)).toBe(401);
    expect(await ping({ headers: { authorization: basic(token) } })).toBe(200);
    const again = fields(await world.call("POST", `${revoked.path}/regenerate`, { body })).token;
    expect(await ping({ headers: { authorization: basic(again) } })).toBe(200);
  });

  it("are noted as used", async () => {
    const world = rig();
    const { headers, path } = await named(world);
    expect(fields(await world.call("GET", path)).lastUsedAt).toBeUndefined();
    world.clock.advance(60_000);
    await world.host("GET", "/v2/", { headers });
    expect(fields(await world.call("GET", path)).lastUsedAt).toBe("2026-01-01T00:01:00.000Z");
  });

  it("are refused by the fault expired-session", async () => {
    const world = rig();
    const { headers } = await named(world);
    expect((await world.host("GET", "/v2/", { headers, fault: "expired-session" })).headers).toHaveProperty("www-authenticate");
    expect((await world.host("GET", "/v2/", { headers })).status).toBe(200);
  });
});

describe("the scope of a v2 token", () => {
  it("without modeRW is pull only", async () => {
    const world = rig();
    await world.registry("test");
    const { headers } = await named(world, { modeRW: false, allRegistries: true });
    expect(await push(world, "test/app", headers)).toEqual([403, 403]);
    putImage(world.store, "test/app", { tag: "v1" });
    expect(await pull(world, "test/app", headers)).toBe(200);
    expect(await remove(world, "test/app", headers)).toBe(403);
    expect((await world.host("GET", "/v2/test/app/tags/list", { headers })).status).toBe(200);
  });

  it("with modeRW is push, pull and delete", async () => {
    const world = rig();
    await world.registry("test");
    const { headers } = await named(world);
    expect(await push(world, "test/team/app", headers)).toEqual([201, 201]);
    expect(await pull(world, "test/team/app", headers)).toBe(200);
    expect(await remove(world, "test/team/app", headers)).toBe(202);
  });

  it("reaches only its registries, until it is updated", async () => {
    const world = rig();
    const mine = await world.registry("mine");
    const yours = await world.registry("yours");
    putImage(world.store, "yours/app", { tag: "v1" });
    const { headers, path } = await named(world, { modeRW: true, registryIds: [mine] });
    expect(await push(world, "mine/app", headers)).toEqual([201, 201]);
    expect(await push(world, "yours/app", headers)).toEqual([403, 403]);
    expect(await pull(world, "yours/app", headers)).toBe(403);
    await world.call("PATCH", path, { body: { scope: { modeRW: true, registryIds: [mine, yours] } } });
    expect(await pull(world, "yours/app", headers)).toBe(200);
  });

  it("does not let a mount read another registry", async () => {
    const world = rig();
    const mine = await world.registry("mine");
    await world.registry("yours");
    const digest = world.store.putBlob("yours/app", Buffer.from("secret"));
    const { headers } = await named(world, { modeRW: true, registryIds: [mine] });
    const mount = await world.host("POST", `/v2/mine/app/blobs/uploads/?mount=${digest}&from=yours/app`, { headers });
    expect(mount.status).toBe(403);
    expect(world.store.repository("mine/app")).toBeUndefined();
  });

  it("with allRegistries covers later registries of the project, not those of others", async () => {
    const world = rig();
    const { headers } = await named(world);
    await world.registry("later");
    expect(await push(world, "later/app", headers)).toEqual([201, 201]);
    const other = { "x-auth-token": world.selectel.state.addProject("other").token };
    await world.call("POST", "v1/registries", { headers: other, body: { name: "foreign" } });
    expect(await push(world, "foreign/app", headers)).toEqual([403, 403]);
  });

  it("never reaches the catalog, which would show other people's registries", async () => {
    const world = rig();
    const { headers } = await named(world);
    expect((await world.host("GET", "/v2/_catalog", { headers })).status).toBe(403);
  });
});

describe("a push", () => {
  it("to no registry, or to one that is not there yet or no more, is a 404 NAME_UNKNOWN", async () => {
    const world = rig();
    const { headers } = await named(world);
    const { id } = fields(await world.call("POST", "v1/registries", { body: { name: "young" } }));
    expect(await push(world, "young/app", headers)).toEqual([404, 404]);
    for (let polls = 0; polls < 3; polls++) await world.call("GET", `v1/registries/${id}`);
    expect(await push(world, "young/app", headers)).toEqual([201, 201]);
    await world.call("DELETE", `v1/registries/${id}`);
    expect(await push(world, "young/app", headers)).toEqual([404, 404]);
    const response = await world.host("POST", "/v2/none/app/blobs/uploads/", { headers });
    expect(json(response)).toMatchObject({ errors: [{ code: "NAME_UNKNOWN" }] });
    expect(world.store.repository("none/app")).toBeUndefined();
  });

  it("is refused during a garbage collection while pulls go on", async () => {
    const world = rig({ gcPolls: 5 });
    const id = await world.registry("test");
    const { headers } = await named(world);
    await push(world, "test/app", headers);
    await world.call("POST", `v1/registries/${id}/garbage-collection`);
    expect(await push(world, "test/app", headers)).toEqual([409, 409]);
    expect(await remove(world, "test/app", headers)).toBe(409);
    expect(await pull(world, "test/app", headers)).toBe(200);
    for (let polls = 0; polls < 3; polls++) await world.call("GET", `v1/registries/${id}`);
    expect(await push(world, "test/app", headers)).toEqual([201, 201]);
  });

  it("is taken during a garbage collection by the switch pushDuringGc, and may lose its layers", async () => {
    const world = rig({ pushDuringGc: "accepted", gcPolls: 1 });
    const id = await world.registry("test");
    const { headers } = await named(world);
    await world.call("POST", `v1/registries/${id}/garbage-collection`);
    const digest = `sha256:${createHash("sha256").update("{}").digest("hex")}`;
    expect((await world.host("POST", `/v2/test/app/blobs/uploads/?digest=${digest}`, { body: "{}", headers })).status).toBe(201);
    await world.call("GET", `v1/registries/${id}`);
    await world.call("GET", `v1/registries/${id}`);
    const manifestHeaders = { ...headers, "content-type": imageType };
    const late = await world.host("PUT", "/v2/test/app/manifests/v1", { body: manifestOf(digest), headers: manifestHeaders });
    expect(late.status).toBeGreaterThanOrEqual(400);
  });
});

describe("the switch hostAuth: bearer", () => {
  const scoped = async (world: Rig, scope: string, headers: Readonly<Record<string, string>>) => {
    const { token, expires_in } = fields(await world.host("GET", `/token?service=cr.selcloud.ru&scope=${scope}`, { headers }));
    return { authorization: `Bearer ${token}`, expires: Number(expires_in) };
  };

  it("challenges with realm, service and scope", async () => {
    const world = rig({ hostAuth: "bearer" });
    await world.registry("test");
    const challenge = async (method: string, target: string) => (await world.host(method, target)).headers?.["www-authenticate"];
    const start = 'Bearer realm="http://sandbox.test/token",service="cr.selcloud.ru"';
    expect(await challenge("GET", "/v2/")).toBe(start);
    expect(await challenge("GET", "/v2/test/app/manifests/v1")).toBe(`${start},scope="repository:test/app:pull"`);
    expect(await challenge("POST", "/v2/test/app/blobs/uploads/?mount=sha256:0&from=test/web")).toBe(
      `${start},scope="repository:test/app:pull,push repository:test/web:pull"`,
    );
  });

  it("gives tokens for what the secret may, and takes nothing else", async () => {
    const world = rig({ hostAuth: "bearer" });
    await world.registry("test");
    const { headers } = await named(world);
    const { authorization } = await scoped(world, "repository:test/app:pull,push", headers);
    expect(await push(world, "test/app", { authorization })).toEqual([201, 201]);
    expect(await pull(world, "test/app", { authorization })).toBe(200);
    const refused = await world.host("GET", "/v2/test/web/manifests/v1", { headers: { authorization } });
    expect(refused.headers?.["www-authenticate"]).toContain('error="insufficient_scope"');
    expect(await remove(world, "test/app", { authorization })).toBe(401);
    expect(await pull(world, "test/app", headers)).toBe(401);
  });

  it("gives a token without push to a secret that may only pull", async () => {
    const world = rig({ hostAuth: "bearer" });
    await world.registry("test");
    putImage(world.store, "test/app", { tag: "v1" });
    const { headers } = await named(world, { modeRW: false, allRegistries: true });
    const { authorization } = await scoped(world, "repository:test/app:pull,push", headers);
    expect(await pull(world, "test/app", { authorization })).toBe(200);
    expect(await push(world, "test/app", { authorization })).toEqual([401, 401]);
  });

  it("gives tokens that end, and with the secret", async () => {
    const world = rig({ hostAuth: "bearer" });
    await world.registry("test");
    putImage(world.store, "test/app", { tag: "v1" });
    const { headers, path } = await named(world);
    const first = await scoped(world, "repository:test/app:pull", headers);
    world.clock.advance(first.expires * 1000);
    expect(await pull(world, "test/app", { authorization: first.authorization })).toBe(401);
    const second = await scoped(world, "repository:test/app:pull", headers);
    expect(await pull(world, "test/app", { authorization: second.authorization })).toBe(200);
    await world.call("POST", `${path}/revoke`);
    expect(await pull(world, "test/app", { authorization: second.authorization })).toBe(401);
  });

  it("refuses the token service to a wrong secret, and has none with Basic", async () => {
    const headers = { authorization: basic("wrong") };
    expect((await rig({ hostAuth: "bearer" }).host("GET", "/token", { headers })).status).toBe(401);
    expect((await rig().host("GET", "/token", { headers })).status).toBe(404);
  });
});
