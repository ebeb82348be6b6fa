import type { SandboxResponse } from "../contract";
import { digestOf } from "../digest";
import { artifact, image, push } from "../images";
import { codesOf } from "../oci/ask";
import { OCI_MANIFEST } from "../oci/media-types";
import { basic, dataOf, fields, type Rig, rig } from "./rig";

const app = image({ layers: ["app"] });
const accept = { accept: OCI_MANIFEST };

function filled(options: Parameters<typeof rig>[0] = {}): Rig {
  const world = rig({ projects: { "team/app": {}, open: { isPublic: true }, "team/new": {} }, ...options });
  for (const name of ["team/app", "team/web", "open"]) push(world.store, name, "v1", app);
  return world;
}

const pull = ({ send }: Rig, name: string, user: string | null) => send("GET", `/v2/${name}/manifests/v1`, { user, headers: accept });

async function upload({ send }: Rig, name: string, user: string | null): Promise<SandboxResponse> {
  for (const { bytes, digest } of app.blobs) await send("POST", `/v2/${name}/blobs/uploads/?digest=${digest}`, { user, body: bytes });
  return send("PUT", `/v2/${name}/manifests/v2`, { user, body: app.bytes, headers: { "content-type": app.mediaType } });
}

describe("/v2 of the same origin", () => {
  it("asks for Basic credentials, and takes those of the Extended API", async () => {
    const { send } = filled();
    const answer = await send("GET", "/v2/", { user: null });
    expect(answer).toMatchObject({ status: 401, headers: { "www-authenticate": 'Basic realm="RegistryUI"' } });
    expect(codesOf(answer)).toEqual(["UNAUTHORIZED"]);
    for (const user of ["admin", "reader"]) expect((await send("GET", "/v2/", { user })).status).toBe(200);
    for (const authorization of [basic("admin", "wrong"), basic("nobody"), "Bearer admin-token"]) {
      expect((await send("GET", "/v2/", { user: null, headers: { authorization } })).status).toBe(401);
    }
    expect((await send("GET", "/v2/", { fault: "expired-session" })).status).toBe(401);
  });

  it.each([
    ["admin", [200, 200, 200, 404]],
    ["reader", [200, 403, 200, 403]],
    ["writer", [200, 403, 200, 403]],
    [null, [401, 401, 200, 401]],
  ])("lets %s pull what he may read", async (user, expected) => {
    const world = filled();
    const statuses = [];
    for (const name of ["team/app", "team/web", "open", "none"]) statuses.push((await pull(world, name, user)).status);
    expect(statuses).toEqual(expected);
  });

  it.each([
    ["admin", [201, 201, 201]],
    ["writer", [201, 201, 403]],
    ["reader", [403, 403, 403]],
    [null, [401, 401, 401]],
  ])("lets %s push what he may update", async (user, expected) => {
    const world = filled();
    const statuses = [];
    for (const name of ["team/app", "team/new", "team/free"]) statuses.push((await upload(world, name, user)).status);
    expect(statuses).toEqual(expected);
  });

  it("lets only administrators delete, and see the catalog", async () => {
    const { send, store } = filled();
    const remove = (user: string | null) => send("DELETE", `/v2/team/app/manifests/${app.digest}`, { user });
    expect([(await remove("writer")).status, (await remove(null)).status]).toEqual([403, 401]);
    expect((await send("GET", "/v2/_catalog", { user: "writer" })).status).toBe(403);
    expect(fields(await send("GET", "/v2/_catalog"))).toEqual({ repositories: ["open", "team/app", "team/web"] });
    expect((await remove("admin")).status).toBe(202);
    expect(store.repository("team/app")?.tags.size).toBe(0);
  });

  it("does not let a mount read what the user may not", async () => {
    const { send, store } = filled();
    const digest = store.putBlob("team/web", Buffer.from("secret"));
    const target = `/v2/team/app/blobs/uploads/?mount=${digest}&from=team/web`;
    expect((await send("POST", target, { user: "writer" })).status).toBe(403);
    expect((await send("POST", target)).status).toBe(201);
  });

  it("behaves as the official image of its time: no deletion by tag, no referrers, OCI manifests by name only", async () => {
    const { send, store } = filled();
    expect(codesOf(await send("DELETE", "/v2/team/app/manifests/v1"))).toEqual(["DIGEST_INVALID"]);
    expect((await send("GET", `/v2/team/app/referrers/${app.digest}`)).status).toBe(404);
    expect((await send("GET", "/v2/team/app/manifests/v1", { headers: { accept: "*/*" } })).status).toBe(404);
    push(store, "team/app", undefined, artifact({ artifactType: "application/test", subject: app }));
    const newer = filled({ host: { referrersApi: true, tagDelete: "supported", accept: "any" } });
    expect((await newer.send("GET", `/v2/team/app/referrers/${app.digest}`)).status).toBe(200);
    expect((await newer.send("GET", "/v2/team/app/manifests/v1")).status).toBe(200);
    expect((await newer.send("DELETE", "/v2/team/app/manifests/v1")).status).toBe(202);
  });
});

describe("what happens at /v2", () => {
  it("shows in the Extended API: who pushed, when, and how often it was pushed and pulled by tag", async () => {
    const world = filled();
    const entry = async () => dataOf(await world.call("GET", "taginfo?repository=team/app&tagName=v2"));
    world.clock.advance(60_000);
    await upload(world, "team/app", "writer");
    const expected = { lastUpdatedBy: "writer", lastUpdated: "2026-01-01T00:01:00.0008036", details: { digest: app.digest } };
    expect(await entry()).toMatchObject({ ...expected, pushCount: 1, pullCount: 0 });
    await world.send("GET", "/v2/team/app/manifests/v2", { user: "reader", headers: accept });
    await world.send("GET", "/v2/team%2Fapp/manifests/v2", { user: "reader", headers: accept });
    await world.send("HEAD", "/v2/team/app/manifests/v2", { headers: accept });
    await world.send("GET", `/v2/team/app/manifests/${app.digest}`, { headers: accept });
    await world.send("GET", "/v2/team/app/manifests/v2", { user: null, headers: accept });
    await upload(world, "team/app", "admin");
    expect(await entry()).toMatchObject({ lastUpdatedBy: "admin", pushCount: 2, pullCount: 2 });
    await world.call("DELETE", "taginfo?repository=team/app&tagName=v2");
    await upload(world, "team/app", "writer");
    expect(await entry()).toMatchObject({ lastUpdatedBy: "writer", pushCount: 1, pullCount: 0 });
  });
});

describe("while offline", () => {
  it.each([
    ["503", { status: 503, json: { errors: [{ code: "UNAVAILABLE", message: expect.stringContaining("offline") }] } }],
    ["403", { status: 403, json: { errors: [{ code: "DENIED", message: expect.stringContaining("offline") }] } }],
    ["html", { status: 503, body: expect.stringContaining("offline") }],
  ] as const)("push, pull, lists and the ping are refused by the switch hostOffline: %s", async (hostOffline, expected) => {
    const world = filled({ hostOffline });
    await world.call("POST", "setoffline");
    const blob = digestOf(Buffer.from("b"));
    for (const [method, path] of [
      ["GET", "/v2/"],
      ["GET", "/v2/_catalog"],
      ["GET", "/v2/team/app/tags/list"],
      ["HEAD", "/v2/team/app/manifests/v1"],
      ["POST", `/v2/team/app/blobs/uploads/?digest=${blob}`],
      ["PUT", "/v2/team/app/manifests/v2"],
      ["DELETE", `/v2/team/app/manifests/${app.digest}`],
    ] as const) {
      expect(await world.send(method, path, { body: method === "POST" ? "b" : "" })).toMatchObject(expected);
    }
    expect((await world.send("GET", "/v2/", { user: null })).status).toBe(401);
    expect(world.store.repository("team/app")?.tags.size).toBe(1);
    await world.call("POST", "setonline");
    expect((await pull(world, "team/app", "reader")).status).toBe(200);
  });

  it("a garbage collection counts the refusals of /v2", async () => {
    const world = filled({ gcPolls: 1 });
    const collection = world.call("POST", "garbagecollection");
    expect((await pull(world, "team/app", "admin")).status).toBe(503);
    expect((await pull(world, "team/app", "admin")).status).toBe(200);
    expect(fields(await collection)).toEqual({ error: null, data: true });
  });
});
