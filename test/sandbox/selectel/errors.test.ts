import type { SandboxResponse } from "../contract";
import { fields, json, putImage, rig } from "./rig";
import { routes } from "./routes";

describe("without a valid X-Auth-Token", () => {
  const targets = routes.map(([method, path]) => [method, path] as const);

  it.each(targets)("%s %s is a 401", async (method, path) => {
    const { call } = rig();
    const attempts: Record<string, string>[] = [{}, { "x-auth-token": "wrong" }, { authorization: "Bearer wrong" }];
    for (const headers of attempts) {
      expect((await call(method, path, { headers })).status).toBe(401);
    }
  });

  it("covers the 30 operations", () => {
    expect(new Set(targets.map(String)).size).toBe(30);
  });
});

it.each([
  ["string", { json: { error: "Registry not found." } }],
  ["nested", { json: { error: { id: expect.stringMatching(/^[0-9a-f-]{36}$/), message: "Registry not found." } } }],
  ["message", { json: { message: "Registry not found." } }],
  ["html", { headers: { "content-type": "text/html" }, body: expect.stringContaining("<h1>404</h1>") }],
  ["empty", {}],
] as const)("an error is told by the switch errorBody as %s", async (errorBody, expected) => {
  const { call } = rig({ errorBody });
  const response: SandboxResponse = await call("GET", "v1/registries/none");
  expect({ ...response, ...(response.json !== undefined && { json: json(response) }) }).toEqual({ status: 404, ...expected });
});

describe("routing", () => {
  it("answers 404 to what is no path and 405 to what is no method", async () => {
    const { call } = rig();
    for (const path of ["v1/tokens", "v3/registries", "v1/registries/", "v1", "v2/registries/id"]) {
      expect((await call("GET", path)).status).toBe(404);
    }
    for (const [method, path] of [
      ["PUT", "v1/registries"],
      ["POST", "v1/registries/id"],
      ["POST", "v2/registries"],
    ] as const) {
      expect((await call(method, path)).status).toBe(405);
    }
  });

  it("answers 400 to broken percent-encoding", async () => {
    expect((await rig().call("GET", "v1/registries/%E0%A4%A")).status).toBe(400);
  });

  it("decodes a segment once, after splitting", async () => {
    const world = rig();
    const id = await world.registry("test");
    putImage(world.store, "test/a/b/c", { tag: "v1" });
    expect(fields(await world.call("GET", `v1/registries/${id}/repositories/a%2Fb%2Fc`)).name).toBe("a/b/c");
    expect(json(await world.call("GET", `v1/registries/${id}/repositories/a%2fb%2fc/tags`))).toEqual(["v1"]);
    expect((await world.call("GET", `v1/registries/${id}/repositories/a%252Fb%252Fc`)).status).toBe(404);
  });
});
