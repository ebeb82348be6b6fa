import type { SandboxResponse } from "../contract";
import { type Fixture, image, index } from "../images";
import { basic, fields, items, type Rig, rig } from "./rig";

/** A token for these scopes, as a Docker client gets it. */
async function tokenOf({ send }: Rig, user: string | null, scope: string): Promise<string> {
  const answer = await send("GET", `/auth/token?service=dtr&scope=${scope}`, { user });
  return String(fields(answer).token);
}

async function ask(
  world: Rig,
  user: string | null,
  method: string,
  target: string,
  body?: Buffer,
  type?: string,
): Promise<SandboxResponse> {
  const [, path = ""] = /^\/v2\/([^?]+?)\/(?:manifests|blobs|tags)\//.exec(target) ?? [];
  const token = await tokenOf(world, user, `repository:${path}:pull,push,delete`);
  const headers = { authorization: `Bearer ${token}`, ...(type && { "content-type": type }) };
  return world.send(method, target, { user: null, headers, ...(body && { body }) });
}

/** Pushes an image over `/v2` as a client does; gives the status of the last answer, or of the first that failed. */
async function docker(world: Rig, user: string, path: string, reference: string, fixture: Fixture): Promise<number> {
  for (const child of fixture.children) {
    const status = await docker(world, user, path, child.digest, child);
    if (status !== 201) return status;
  }
  for (const { bytes, digest } of fixture.blobs) {
    const { status } = await ask(world, user, "POST", `/v2/${path}/blobs/uploads/?digest=${digest}`, bytes);
    if (status !== 201) return status;
  }
  return (await ask(world, user, "PUT", `/v2/${path}/manifests/${reference}`, fixture.bytes, fixture.mediaType)).status;
}

const tags = ({ store }: Rig, path = "team/app") => [...(store.repository(path)?.tags.keys() ?? [])];
const layers = (text: string) => image({ layers: [text] });

describe("/v2", () => {
  it("asks for a token of its own origin, the scope in the challenge", async () => {
    const { send } = rig();
    const answer = await send("GET", "/v2/team/app/tags/list", { user: null });
    expect([answer.status, answer.headers?.["www-authenticate"]]).toEqual([
      401,
      'Bearer realm="http://dtr.test/auth/token",service="dtr",scope="repository:team/app:pull"',
    ]);
    expect((await send("GET", "/v2/team/app/tags/list")).status).toBe(401);
  });

  it.each([
    ["admin", 201, 200],
    ["owner", 201, 200],
    ["ops", 201, 200],
    ["dev", 201, 200],
    ["reader", 401, 200],
    ["member", 401, 401],
    ["stranger", 401, 401],
  ])("lets %s push (%i) and pull (%i) by his permissions", async (user, push, pull) => {
    const world = rig();
    expect(await docker(world, user, "team/app", "v1", image())).toBe(push);
    await docker(world, "admin", "team/app", "v1", image());
    expect((await ask(world, user, "GET", "/v2/team/app/manifests/v1")).status).toBe(pull);
  });

  it("lets anybody pull what is public, and nobody see the catalog but administrators", async () => {
    const world = rig();
    await docker(world, "owner", "team/open", "v1", image());
    expect((await ask(world, null, "GET", "/v2/team/open/manifests/v1")).status).toBe(200);
    expect(await docker(world, "stranger", "team/open", "v2", image())).toBe(401);
    const catalog = async (user: string) => {
      const token = await tokenOf(world, user, "registry:catalog:*");
      return world.send("GET", "/v2/_catalog", { user: null, headers: { authorization: `Bearer ${token}` } });
    };
    expect([(await catalog("admin")).json, (await catalog("owner")).status]).toEqual([{ repositories: ["team/open"] }, 401]);
  });

  it("takes an access token in place of the password, as long as it is active", async () => {
    const world = rig();
    const secret = world.state.addToken("reader");
    const pull = async () => {
      const answer = await world.send("GET", "/auth/token", { user: null, headers: { authorization: basic("reader", secret) } });
      return answer.status;
    };
    expect(await pull()).toBe(200);
    for (const token of world.state.tokens.values()) token.isActive = false;
    expect(await pull()).toBe(401);
  });

  it("has no repository before the API made it, not for administrators either, unless the setting says so", async () => {
    const world = rig();
    expect(await docker(world, "admin", "team/new", "v1", image())).toBe(403);
    expect(await docker(world, "ops", "team/new", "v1", image())).toBe(401);
    world.state.world.settings.createRepositoryOnPush = true;
    expect(await docker(world, "dev", "team/new", "v1", image())).toBe(401);
    expect(await docker(world, "ops", "team/new", "v1", image())).toBe(201);
    expect(await docker(world, "admin", "none/new", "v1", image())).toBe(403);
    expect(world.state.repository("team/new")).toMatchObject({ visibility: "private", pushes: 1 });
  });

  it("takes nothing while the registry is read-only", async () => {
    const world = rig();
    world.state.world.settings.readOnlyRegistry = true;
    expect(await docker(world, "dev", "team/app", "v1", image())).toBe(405);
    expect(world.store.repositories()).toEqual([]);
  });

  it("counts pushes and pulls, knows the author, and keeps events", async () => {
    const world = rig();
    await docker(world, "dev", "team/app", "v1", image());
    await ask(world, "reader", "GET", "/v2/team/app/manifests/v1");
    expect(fields(await world.call("GET", "repositories/team/app"))).toMatchObject({ pushes: 1, pulls: 1 });
    const dev = fields(await world.send("GET", "/enzi/v0/accounts/dev")).id;
    expect(items(await world.call("GET", "repositories/team/app/tags"))).toMatchObject([{ name: "v1", author: dev }]);
    const seen = world.state.world.events.map(({ type, object }) => `${type} ${object.type}`);
    expect(seen).toEqual(["CREATE MANIFEST", "CREATE TAG", "GET TAG"]);
  });
});

describe("immutable tags", () => {
  it("are pushed once, but may be deleted", async () => {
    const world = rig({ repositories: { "team/app": { immutableTags: true } } });
    expect(await docker(world, "owner", "team/app", "v1", image())).toBe(201);
    expect(await docker(world, "owner", "team/app", "v1", layers("other"))).toBe(403);
    expect(await docker(world, "owner", "team/app", "v2", layers("other"))).toBe(201);
    expect(world.store.repository("team/app")?.tags.get("v1")).toBe(image().digest);
    await world.call("DELETE", "repositories/team/app/tags/v1");
    expect(await docker(world, "owner", "team/app", "v1", layers("other"))).toBe(201);
  });
});

describe("the tag limit", () => {
  it("lets the first go when one too many comes", async () => {
    const world = rig({ repositories: { "team/app": { tagLimit: 2 } } });
    for (const tag of ["v1", "v2", "v2", "v3"]) await docker(world, "owner", "team/app", tag, layers(tag));
    expect(tags(world)).toEqual(["v2", "v3"]);
    expect(world.state.world.events.at(-1)).toMatchObject({ type: "DELETE", object: { name: "v1" }, actorType: "SYSTEM" });
  });

  it("spares signed tags, and is off in an immutable repository", async () => {
    const world = rig({ repositories: { "team/app": { tagLimit: 1 }, "team/open": { tagLimit: 1, immutableTags: true } } });
    await docker(world, "owner", "team/app", "v1", image());
    world.state.sign("team/app", "v1");
    await docker(world, "owner", "team/app", "v2", image());
    for (const tag of ["v1", "v2"]) await docker(world, "owner", "team/open", tag, image());
    expect([tags(world), tags(world, "team/open")]).toEqual([
      ["v1", "v2"],
      ["v1", "v2"],
    ]);
  });
});

describe("deleting over /v2", () => {
  it("is by digest, with its tags; not by tag, nor beneath a signed one", async () => {
    const world = rig();
    await docker(world, "dev", "team/app", "v1", image());
    await docker(world, "dev", "team/app", "multi", index([image(), layers("arm")]));
    const remove = async (reference: string, user = "dev") =>
      (await ask(world, user, "DELETE", `/v2/team/app/manifests/${reference}`)).status;
    expect(await remove("v1")).toBe(400);
    expect(await remove(image().digest, "reader")).toBe(401);
    world.state.sign("team/app", "v1");
    expect(await remove(image().digest)).toBe(405);
    world.state.unsign("team/app", "v1");
    expect(await remove(image().digest)).toBe(202);
    expect(tags(world)).toEqual(["multi"]);
    expect(world.state.world.events.at(-1)).toMatchObject({ type: "DELETE", object: { type: "MANIFEST" } });
  });
});

describe("promotion on push", () => {
  it("goes on from repository to repository", async () => {
    const world = rig({ repositories: { "team/app": {}, "team/open": {}, "stranger/own": {} } });
    const rules = [{ field: "tag", operator: "sw", values: ["v"] }];
    const policy = async (source: string, targetRepository: string, tagTemplate: string) =>
      world.call("POST", `repositories/${source}/promotionPolicies`, { body: { rules, targetRepository, tagTemplate, enabled: true } });
    await policy("team/app", "team/open", "%n-qa");
    await policy("team/open", "stranger/own", "%n-%Y");
    await docker(world, "owner", "team/app", "v1", image());
    await docker(world, "owner", "team/app", "dev", image());
    expect([tags(world, "team/open"), tags(world, "stranger/own")]).toEqual([["v1-qa"], ["v1-qa-2026"]]);
  });
});
