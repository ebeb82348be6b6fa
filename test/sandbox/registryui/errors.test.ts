import { fields, rig } from "./rig";

const cases = [
  { target: "taginfo?repository=app&tagName=none", status: 404, error: "The repository 'app' does not exist." },
  { target: "tags?repository=app", status: 404, error: "The repository 'app' does not exist." },
  { target: "tags", status: 400, error: "The argument repository is required." },
  { target: "taginfo?repository=app", status: 400, error: "The argument tagName is required." },
  { target: "repositories?take=x", status: 400, error: "The value 'x' is not valid for take." },
  { target: "repositories?skip=-1", status: 400, error: "The value '-1' is not valid for skip." },
  { target: "isoffline", user: "reader", status: 403, error: "NOTAUTHORIZED" },
  { target: "repositories", user: null, status: 401, error: "NOTAUTHORIZED" },
  { target: "repositories", offline: true, status: 503, error: "OFFLINE" },
  { method: "POST", target: "project/create?repository=there", status: 409, error: "EXISTS" },
];

describe.each(cases)("$target ($error)", ({ method = "GET", target, user = "admin", offline = false, status, error }) => {
  const answer = async (switches: Parameters<typeof rig>[0]) => {
    const { call, registryui } = rig({ projects: { there: {} }, ...switches });
    registryui.state.setOffline(offline);
    return call(method, target, { user });
  };

  it("is a 200 that says what is wrong", async () => {
    expect(await answer({})).toEqual({ status: 200, json: { error, data: false } });
  });

  it("looks like an empty success by the switch errorData", async () => {
    const empty = /^(repositories|tags)/.test(target) ? { total: 0, count: 0, entries: [] } : { data: null };
    expect(await answer({ errorData: "empty" })).toEqual({ status: 200, json: { error, ...empty } });
  });

  it("has a status of its own by the switch errors", async () => {
    expect(await answer({ errors: "status" })).toMatchObject({ status, json: { error, data: false } });
    const { headers } = await answer({ errors: "status" });
    expect(headers?.["www-authenticate"] !== undefined).toBe(status === 401);
  });

  it("is a page by the switch errors", async () => {
    const page = await answer({ errors: "html" });
    expect(page).toMatchObject({
      status,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: expect.stringContaining(`<h1>${status}</h1>`),
    });
    expect(page.json).toBeUndefined();
  });
});

describe("what is not there", () => {
  it.each([
    ["GET", "tags?repository=none", { error: null, total: 0, count: 0, entries: [] }],
    ["GET", "taginfo?repository=none&tagName=v1", { error: null, data: null }],
    ["DELETE", "taginfo?repository=none&tagName=v1", { error: null, data: false }],
    ["DELETE", "folder?path=none", { error: null, data: false }],
  ])("is %s %s with no error by the switch unknown", async (method, target, expected) => {
    expect(fields(await rig({ unknown: "silent" }).call(method, target))).toEqual(expected);
    expect(fields(await rig().call(method, target))).toEqual({ error: expect.stringContaining("'none' does not exist"), data: false });
  });
});

describe("the web server", () => {
  it("has a page for everything that is no API", async () => {
    const { send } = rig();
    for (const path of ["/", "/Documentation", "/udr/v2api/tags"]) {
      expect(await send("GET", path)).toMatchObject({ status: 200, body: expect.stringContaining("log in") });
    }
    for (const path of ["/udr/v1api/", "/udr/v1api/nonsense", "/udr/v1api/tags/"]) {
      expect(await send("GET", path)).toMatchObject({ status: 404, body: expect.stringContaining("Not Found") });
    }
  });

  it.each([
    ["GET", "setoffline", "POST"],
    ["POST", "isoffline", "GET"],
    ["GET", "garbagecollection", "POST"],
    ["GET", "folder", "DELETE"],
    ["DELETE", "tags", "GET, POST"],
    ["PUT", "taginfo", "GET, POST, DELETE"],
  ])("answers 405 to %s %s", async (method, path, allow) => {
    expect(await rig().call(method, path)).toMatchObject({ status: 405, headers: { allow } });
  });

  it.each(["repositories", "tags?repository=app", "taginfo?repository=app&tagName=v1"])(
    "takes GET, as the tables, and POST, as the samples, for %s, or by the switch reads one of them",
    async (target) => {
      const statuses = async (reads: "both" | "GET" | "POST") => {
        const { call } = rig({ reads });
        return [(await call("GET", target)).status, (await call("POST", target)).status];
      };
      expect(await statuses("both")).toEqual([200, 200]);
      expect(await statuses("GET")).toEqual([200, 405]);
      expect(await statuses("POST")).toEqual([405, 200]);
    },
  );

  it("wants the length of every POST by the switch lengthRequired", async () => {
    const { call } = rig({ lengthRequired: true });
    expect((await call("POST", "setonline")).status).toBe(411);
    expect((await call("POST", "setonline", { headers: { "content-length": "0" } })).status).toBe(200);
    expect((await rig().call("POST", "setonline")).status).toBe(200);
  });
});

describe("arguments", () => {
  const body = "repository=app&title=App";

  it("count in the query only, whatever a body says", async () => {
    const { call, registryui } = rig();
    for (const type of ["application/x-www-form-urlencoded", "application/json"]) {
      const answer = await call("POST", "project/create", {
        body: type.endsWith("json") ? '{"repository":"app"}' : body,
        headers: { "content-type": type },
      });
      expect(fields(answer)).toEqual({ error: "The argument repository is required.", data: false });
    }
    expect(fields(await call("POST", "project/create?repository=web", { body }))).toMatchObject({ data: { fullPath: "web", title: null } });
    expect([...registryui.state.projects.keys()]).toEqual(["web"]);
  });

  it.each(["repository=team%2Fapp", "repository=team/app", "Repository=team/app", "REPOSITORY=team/app&repository=other"])(
    "are taken in any case, encoded or not, the first of several: %s",
    async (query) => {
      expect(fields(await rig().call("POST", `project/create?${query}`))).toMatchObject({ error: null, data: { fullPath: "team/app" } });
    },
  );
});
