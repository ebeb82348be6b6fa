import { fields, json, login, loginBody, rig } from "./rig";

const day = 86_400_000;
const unauthorized = {
  status: 401,
  json: { error: { code: 401, message: "The request you have made requires authentication.", title: "Unauthorized" } },
};

describe("POST /auth/tokens", () => {
  it("gives a token of the project, by id", async () => {
    const world = rig();
    const { accountId, projectId, projectName, username } = world.selectel.credentials;
    const response = await world.identity("POST", "/auth/tokens", { body: loginBody(world) });
    expect(response.status).toBe(201);
    expect(response.headers).toEqual({ "x-subject-token": expect.stringMatching(/^gAAAAA/) });
    const domain = { id: accountId, name: accountId };
    expect(fields(response).token).toMatchObject({
      expires_at: "2026-01-02T00:00:00.000000Z",
      issued_at: "2026-01-01T00:00:00.000000Z",
      methods: ["password"],
      project: { domain, id: projectId, name: projectName },
      user: { domain, name: username },
    });
    expect(JSON.stringify(response)).not.toContain(world.selectel.credentials.password);
    const headers = { "x-auth-token": String(response.headers?.["x-subject-token"]) };
    expect((await world.call("GET", "v2/tokens", { headers })).status).toBe(200);
  });

  it("gives one by the project's name with the account's domain, and takes a slash at the end", async () => {
    const world = rig();
    const { accountId, projectName } = world.selectel.credentials;
    const project = { name: projectName, domain: { name: accountId } };
    expect((await world.identity("POST", "/auth/tokens/", { body: loginBody(world, { scope: { project } }) })).status).toBe(201);
  });

  it("names one public endpoint for each version of the registry", async () => {
    const world = rig();
    const body = JSON.stringify(json(await world.identity("POST", "/auth/tokens", { body: loginBody(world) })));
    const { catalog } = JSON.parse(body).token;
    const urls = catalog.map(({ type, endpoints }: { type: string; endpoints: { interface: string; url: string }[] }) => [
      type,
      ...endpoints.map((endpoint) => [endpoint.interface, endpoint.url]),
    ]);
    expect(urls).toEqual([
      ["identity", ["public", "http://sandbox.test/identity/v3"]],
      ["container-registry", ["public", "http://sandbox.test/api/v1"]],
      ["container-registry-v2", ["public", "http://sandbox.test/api/v2"]],
    ]);
  });

  it.each([
    ["a wrong password", { user: { password: "wrong" } }],
    ["an unknown user", { user: { name: "nobody" } }],
    ["a user of another account", { user: { domain: { name: "1" } } }],
    ["an unknown project id", { scope: { project: { id: "none" } } }],
    ["a project's name without its domain", { scope: { project: { name: "sandbox" } } }],
    ["another account", { scope: { domain: { name: "1" } } }],
  ])("answers 401 as Keystone does to %s", async (_, parts) => {
    const world = rig();
    expect(await world.identity("POST", "/auth/tokens", { body: loginBody(world, parts) })).toEqual(unauthorized);
  });

  it.each(["", "{", {}, { auth: {} }])("answers 400 to the body %j", async (body) => {
    expect((await rig().identity("POST", "/auth/tokens", { body })).status).toBe(400);
  });

  it.each([
    ["the account", { domain: { name: "123456" } }],
    ["nothing", undefined],
  ])("gives a token of %s, which the registry refuses with 403", async (_, scope) => {
    const world = rig();
    const response = await world.identity("POST", "/auth/tokens", { body: loginBody(world, { scope }) });
    expect(response.status).toBe(201);
    expect(fields(response).token).not.toHaveProperty("project");
    const headers = { "x-auth-token": String(response.headers?.["x-subject-token"]) };
    expect((await world.call("GET", "v1/registries", { headers })).status).toBe(403);
  });
});

describe("a session", () => {
  it("lives for 24 hours of the sandbox's clock", async () => {
    const world = rig();
    const headers = { "x-auth-token": await login(world) };
    world.clock.advance(day - 1);
    expect((await world.call("GET", "v1/registries", { headers })).status).toBe(204);
    world.clock.advance(1);
    expect((await world.call("GET", "v1/registries", { headers })).status).toBe(401);
    expect((await world.call("GET", "v1/registries")).status).toBe(401);
  });

  it("ends by expireSessions, the ready-made one too", async () => {
    const world = rig();
    const headers = { "x-auth-token": await login(world) };
    world.selectel.state.expireSessions();
    expect((await world.call("GET", "v1/registries", { headers })).status).toBe(401);
    expect((await world.call("GET", "v1/registries")).status).toBe(401);
    expect((await world.call("GET", "v1/registries", { headers: { "x-auth-token": await login(world) } })).status).toBe(204);
  });

  it("ends by the fault expired-session: repeating the request with it does not help", async () => {
    const world = rig();
    const headers = { "x-auth-token": await login(world) };
    const body = { name: "test" };
    expect((await world.call("POST", "v1/registries", { headers, body, fault: "expired-session" })).status).toBe(401);
    expect((await world.call("POST", "v1/registries", { headers, body })).status).toBe(401);
    const fresh = { "x-auth-token": await login(world) };
    expect((await world.call("POST", "v1/registries", { headers: fresh, body })).status).toBe(201);
  });

  it("that was ready-made outlives the fault, because nobody could renew it", async () => {
    const world = rig();
    const headers = { "x-auth-token": world.selectel.credentials.token };
    expect((await world.call("GET", "v1/registries", { headers, fault: "expired-session" })).status).toBe(401);
    expect((await world.call("GET", "v1/registries", { headers })).status).toBe(204);
  });
});

describe("GET, HEAD and DELETE /auth/tokens", () => {
  it("tell about the subject, and end it", async () => {
    const world = rig();
    const subject = await login(world);
    const headers = { "x-auth-token": await login(world), "x-subject-token": subject };
    const response = await world.identity("GET", "/auth/tokens", { headers });
    expect(response).toMatchObject({ status: 200, headers: { "x-subject-token": subject } });
    expect(fields(response).token).toMatchObject({ project: { name: "sandbox" }, catalog: expect.any(Array) });
    const lean = fields(await world.identity("GET", "/auth/tokens?nocatalog", { headers })).token;
    expect(lean).toMatchObject({ project: { name: "sandbox" } });
    expect(lean).not.toHaveProperty("catalog");
    expect(await world.identity("HEAD", "/auth/tokens", { headers })).toEqual({ status: 200, headers: { "x-subject-token": subject } });
    expect((await world.identity("PUT", "/auth/tokens", { headers })).status).toBe(405);
    expect(await world.identity("DELETE", "/auth/tokens", { headers })).toEqual({ status: 204 });
    expect((await world.identity("GET", "/auth/tokens", { headers })).status).toBe(404);
  });

  it("answer 401 without a session", async () => {
    const world = rig();
    expect(await world.identity("GET", "/auth/tokens", { headers: { "x-subject-token": await login(world) } })).toEqual(unauthorized);
  });
});

describe("GET /auth/projects", () => {
  it("lists the projects of the account", async () => {
    const world = rig();
    const { project } = world.selectel.state.addProject("other");
    const { projectId: id, projectName: name } = world.selectel.credentials;
    const response = await world.identity("GET", "/auth/projects", { headers: { "x-auth-token": await login(world) } });
    expect(response.status).toBe(200);
    expect(fields(response).projects).toMatchObject([{ id, name }, project]);
  });

  it("answers 401 without a session and with the fault expired-session", async () => {
    const world = rig();
    expect(await world.identity("GET", "/auth/projects")).toEqual(unauthorized);
    const headers = { "x-auth-token": await login(world) };
    expect(await world.identity("GET", "/auth/projects", { headers, fault: "expired-session" })).toEqual(unauthorized);
  });
});

it("says which version it is, and 404 to what it does not know", async () => {
  const { identity } = rig();
  expect(fields(await identity("GET", "/")).version).toMatchObject({ id: "v3.14", status: "stable" });
  expect((await identity("GET", "/users")).status).toBe(404);
});
