import { fields, items, outcome, rig } from "./rig";

const eu = { name: "eu", host: "https://cache" };

describe("content caches", () => {
  it("are created with 201, read, listed and deleted", async () => {
    const { call } = rig();
    const response = await call("POST", "content_caches", { body: eu });
    const { id, ...rest } = fields(response);
    expect([response.status, rest]).toEqual([201, eu]);
    expect(fields(await call("GET", `content_caches/${id}`))).toEqual({ id, ...eu });
    expect(items(await call("GET", "content_caches", { user: "stranger" }))).toEqual([{ id, ...eu }]);
    expect((await call("DELETE", `content_caches/${id}`)).status).toBe(204);
    expect(outcome(await call("GET", `content_caches/${id}`))).toBe("404 NO_SUCH_CONTENT_CACHE");
    expect(items(await call("GET", "content_caches"))).toEqual([]);
  });

  it("that are not there are deleted with 204, by the switch missed", async () => {
    const { call, state } = rig();
    expect((await call("DELETE", "content_caches/none")).status).toBe(204);
    state.switches.deleteAbsent = "404";
    expect(outcome(await call("DELETE", "content_caches/none"))).toBe("404 NO_SUCH_CONTENT_CACHE");
  });

  it.each([
    ["no name", { host: "https://cache" }],
    ["no host", { name: "eu" }],
    ["a host that is no URL", { name: "eu", host: "cache" }],
    ["the name of another", { name: "us", host: "https://cache" }],
  ])("are refused with %s", async (_what, body) => {
    const { call } = rig();
    await call("POST", "content_caches", { body: { name: "us", host: "https://us" } });
    expect(outcome(await call("POST", "content_caches", { body }))).toBe("400 INVALID_CONTENT_CACHE");
  });

  it("are changed by administrators alone", async () => {
    const { call } = rig();
    expect(outcome(await call("POST", "content_caches", { body: eu, user: "owner" }))).toBe("403 NOT_AUTHORIZED");
    expect(outcome(await call("DELETE", "content_caches/none", { user: "owner" }))).toBe("403 NOT_AUTHORIZED");
    expect(outcome(await call("GET", "content_caches", { user: null }))).toBe("401 NOT_AUTHENTICATED");
  });
});
