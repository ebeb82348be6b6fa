import { testStore } from "../store";
import { createDtr } from "./index";
import { basic, outcome, rig } from "./rig";

describe("errors", () => {
  const missing = (options: Parameters<typeof rig>[0]) => rig(options).call("GET", "repositories/team/none");
  const message = expect.stringMatching(/\w \w/);

  it("are a list of code and message, by the switch errors something else", async () => {
    expect(await missing({})).toEqual({ status: 404, headers: {}, json: { errors: [{ code: "NO_SUCH_REPOSITORY", message }] } });
    expect(await missing({ errors: "detail" })).toMatchObject({ json: { errors: [{ code: "NO_SUCH_REPOSITORY", message, detail: {} }] } });
    expect(await missing({ errors: "bare" })).toMatchObject({ status: 404, json: { code: "NO_SUCH_REPOSITORY", message } });
    expect(await missing({ errors: "empty" })).toMatchObject({ status: 404, json: {} });
    const page = await missing({ errors: "html" });
    expect(page).toMatchObject({
      status: 404,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: expect.stringContaining("nginx"),
    });
    expect(page.json).toBeUndefined();
  });

  it.each([
    ["PUT", "repositories/team/app", "405 NOT_ALLOWED"],
    ["POST", "repositories/team/app/tags", "405 NOT_ALLOWED"],
    ["GET", "nothing", "404 NOT_FOUND"],
    ["GET", "repositories/%E0%A4%A/x", "404 NOT_FOUND"],
  ])("%s %s is %s", async (method, target, expected) => {
    expect(outcome(await rig().call(method, target))).toBe(expected);
  });

  it("a body must be JSON, and say so", async () => {
    const { call } = rig();
    const post = async (body: string, type?: string) =>
      outcome(await call("POST", "repositories/team", { body, ...(type && { headers: { "content-type": type } }) }));
    expect(await post('{"name":"web"}')).toBe("415 UNSUPPORTED_MEDIA_TYPE");
    expect(await post('{"name":"web"}', "text/plain")).toBe("415 UNSUPPORTED_MEDIA_TYPE");
    expect(await post("{", "application/json")).toBe("400 INVALID_JSON");
    expect(await post("[]", "application/json")).toBe("400 INVALID_JSON");
    expect(await post('{"name":"web"}', "application/json; charset=utf-8")).toBe("201");
  });
});

describe("credentials", () => {
  it.each([
    ["none", undefined, "401 NOT_AUTHENTICATED"],
    ["a wrong password", basic("admin", "wrong"), "401 NOT_AUTHENTICATED"],
    ["an empty password", basic("admin", ""), "401 NOT_AUTHENTICATED"],
    ["nobody's", basic("nobody"), "401 NOT_AUTHENTICATED"],
    ["an organization's", basic("team", ""), "401 NOT_AUTHENTICATED"],
    ["a made-up token", "Bearer abc.def", "401 NOT_AUTHENTICATED"],
    ["no scheme", "admin-password", "401 NOT_AUTHENTICATED"],
    ["good ones", basic("admin"), "200"],
  ])("%s", async (_what, authorization, expected) => {
    const answer = await rig().call("GET", "accounts/language", { user: null, headers: authorization ? { authorization } : {} });
    expect(outcome(answer)).toBe(expected);
    if (answer.status === 401) expect(answer.headers).toMatchObject({ "www-authenticate": 'Basic realm="dtr"' });
  });

  it("of an inactive user are wrong", async () => {
    const { call } = rig({ accounts: { gone: { password: "gone-password", isActive: false } }, organizations: {}, repositories: {} });
    expect(outcome(await call("GET", "repositories", { user: "gone" }))).toBe("401 NOT_AUTHENTICATED");
  });

  it("wrong ones do not read what is public, either", async () => {
    const { call } = rig();
    expect(outcome(await call("GET", "repositories/team/open", { user: null }))).toBe("200");
    expect(outcome(await call("GET", "repositories/team/open", { user: "nobody" }))).toBe("401 NOT_AUTHENTICATED");
  });

  it("a token of /auth/token is taken, for its user", async () => {
    const { send, call } = rig();
    const { token } = (await send("GET", "/auth/token", { user: "dev" })).json as { token: string }; // the token server's answer
    const headers = { authorization: `Bearer ${token}` };
    expect(outcome(await call("GET", "repositories/team/app", { user: null, headers }))).toBe("200");
    expect(outcome(await call("PATCH", "repositories/team/app", { user: null, headers, body: {} }))).toBe("403 NOT_AUTHORIZED");
    expect((await send("GET", "/auth/token", { user: "nobody" })).status).toBe(401);
  });
});

describe("beside the operations", () => {
  it.each([
    ["/health", { json: { error: "", healthy: true } }],
    ["/ca", { body: expect.stringMatching(/^-----BEGIN CERTIFICATE-----\n/) }],
    ["/api/v0/docs.json", { json: { info: { version: "2.6.0" } } }],
    ["/api/v0/admin/version", { json: { version: "2.6.0" } }],
    ["/", { headers: { "content-type": "text/html; charset=utf-8" } }],
  ])("%s needs no credentials", async (path, expected) => {
    expect(await rig().send("GET", path, { user: null })).toMatchObject({ status: 200, ...expected });
  });

  it("the version is that of the switch", async () => {
    expect(await rig({ version: "2.7" }).send("GET", "/api/v0/docs.json")).toMatchObject({ json: { info: { version: "2.7.0" } } });
  });
});

describe("options", () => {
  const create = (options: object) => () => createDtr({ ...testStore(), options });

  it.each([
    [{ versoin: "2.7" }, /no switch versoin/],
    [{ version: "3" }, /version is 2.6 or 2.7, not 3/],
    [{ maxPageSize: "many" }, /maxPageSize is a number/],
    [{ repositories: { "none/app": {} } }, /no account none/],
    [{ repositories: { app: {} } }, /namespace\/name, not app/],
    [{ repositories: { "admin/app": { grants: { devs: "admin" } } } }, /no team devs/],
    [{ organizations: { team: { members: { nobody: "admin" } } } }, /no user nobody/],
    [{ organizations: { admin: {} } }, /an account admin already/],
  ])("%j throw a sentence", (options, message) => {
    expect(create(options)).toThrow(message);
  });
});
