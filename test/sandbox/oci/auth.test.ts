import type { ApiFault, Handler } from "../contract";
import { image, push } from "../images";
import { testStore } from "../store";
import { createOciApi } from ".";
import { ask, codesOf } from "./ask";
import { basicAuthorize } from "./basic";
import { type BearerOptions, createBearer } from "./bearer";
import { scopesOf } from "./scope";

const REALM = "http://tokens.example/token";
const directory = {
  users: {
    admin: { password: "all:of:it" },
    reader: { password: "r", rights: [{ repository: "team/*", actions: ["pull"] }] },
    pusher: { password: "p", rights: [{ repository: "team/app", actions: ["pull", "push"] }], catalog: true },
  },
} as const;
const anonymous = [{ repository: "public/*", actions: ["pull"] }] as const;
const basic = (name: string, password: string) => ({ authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}` });

describe("Basic", () => {
  function registry(options: { anonymous?: typeof anonymous } = {}) {
    const { store, clock } = testStore();
    for (const name of ["team/app", "public/app"]) push(store, name, "v1", image());
    return createOciApi({ store, clock, authorize: basicAuthorize({ ...directory, ...options }) });
  }

  it.each<{ why: string; headers: Record<string, string>; fault?: ApiFault }>([
    { why: "no credentials", headers: {} },
    { why: "a wrong password", headers: basic("admin", "wrong") },
    { why: "an unknown user", headers: basic("toString", "x") },
    { why: "a Bearer token", headers: { authorization: "Bearer x" } },
    { why: "an expired session", headers: basic("admin", "all:of:it"), fault: "expired-session" },
  ])("challenges for $why", async ({ headers, fault }) => {
    const answer = await ask(registry(), "GET", "/v2/", { headers, ...(fault && { fault }) });
    expect([answer.status, codesOf(answer)]).toEqual([401, ["UNAUTHORIZED"]]);
    expect(answer.headers).toMatchObject({
      "www-authenticate": 'Basic realm="basic-realm"',
      "docker-distribution-api-version": "registry/2.0",
    });
  });

  it("says which access was missing", async () => {
    const { json } = await ask(registry(), "GET", "/v2/team/app/tags/list");
    expect(json).toMatchObject({ errors: [{ detail: [{ Type: "repository", Class: "", Name: "team/app", Action: "pull" }] }] });
  });

  it.each([
    { user: "admin", method: "GET", path: "/v2/", status: 200 },
    { user: "admin", method: "GET", path: "/v2/_catalog", status: 200 },
    { user: "admin", method: "DELETE", path: "/v2/team/app/manifests/v1", status: 202 },
    { user: "reader", method: "GET", path: "/v2/team/app/tags/list", status: 200 },
    { user: "reader", method: "DELETE", path: "/v2/team/app/manifests/v1", status: 403 },
    { user: "reader", method: "GET", path: "/v2/public/app/tags/list", status: 403 },
    { user: "reader", method: "GET", path: "/v2/_catalog", status: 403 },
    { user: "pusher", method: "POST", path: "/v2/team/app/blobs/uploads/", status: 202 },
    { user: "pusher", method: "GET", path: "/v2/_catalog", status: 200 },
  ] as const)("$user: $method $path is $status", async ({ user, method, path, status }) => {
    const answer = await ask(registry(), method, path, { headers: basic(user, directory.users[user].password) });
    expect(answer.status).toBe(status);
    if (status === 403) expect(codesOf(answer)).toEqual(["DENIED"]);
  });

  it("lets anonymous clients do what they may, and challenges them for more", async () => {
    const api = registry({ anonymous });
    expect((await ask(api, "GET", "/v2/public/app/tags/list")).status).toBe(200);
    expect((await ask(api, "GET", "/v2/team/app/tags/list")).status).toBe(401);
    expect((await ask(api, "GET", "/v2/public/app/tags/list", { headers: basic("admin", "wrong") })).status).toBe(401);
  });
});

describe("Bearer", () => {
  function registry(options: Partial<BearerOptions> = {}) {
    const { store, clock } = testStore();
    for (const name of ["team/app", "public/app"]) push(store, name, "v1", image());
    const bearer = createBearer({ ...directory, clock, realm: REALM, ...options });
    return { clock, api: createOciApi({ store, clock, authorize: bearer.authorize }), tokens: bearer.tokenServer };
  }

  async function token(tokens: Handler, scope: string, headers = basic("admin", "all:of:it")): Promise<Record<string, unknown>> {
    const answer = await ask(tokens, "GET", `/token?service=sandbox-registry&scope=${scope}`, { headers });
    expect(answer.status).toBe(200);
    return answer.json as Record<string, unknown>;
  }

  const bearer = (given: unknown) => ({ headers: { authorization: `Bearer ${given}` } });

  it.each([
    { method: "GET", path: "/v2/", scope: "" },
    { method: "HEAD", path: "/v2/team/app/manifests/v1", scope: ',scope="repository:team/app:pull"' },
    { method: "PUT", path: "/v2/team/app/manifests/v1", scope: ',scope="repository:team/app:pull,push"' },
    { method: "DELETE", path: "/v2/team/app/manifests/v1", scope: ',scope="repository:team/app:delete"' },
    { method: "GET", path: "/v2/_catalog", scope: ',scope="registry:catalog:*"' },
    {
      method: "POST",
      path: "/v2/team/app/blobs/uploads/?mount=x&from=public/app",
      scope: ',scope="repository:team/app:pull,push repository:public/app:pull"',
    },
  ])("challenges $method $path with its scope", async ({ method, path, scope }) => {
    const answer = await ask(registry().api, method, path);
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe(`Bearer realm="${REALM}",service="sandbox-registry"${scope}`);
  });

  it("lets a token do what its scope says, and nothing else", async () => {
    const { api, tokens } = registry();
    const { token: given } = await token(tokens, "repository:team/app:pull");
    expect((await ask(api, "GET", "/v2/team/app/tags/list", bearer(given))).status).toBe(200);
    expect((await ask(api, "GET", "/v2/", bearer(given))).status).toBe(200);
    for (const [method, path] of [
      ["DELETE", "/v2/team/app/manifests/v1"],
      ["GET", "/v2/public/app/tags/list"],
      ["GET", "/v2/_catalog"],
    ] as const) {
      const answer = await ask(api, method, path, bearer(given));
      expect([answer.status, String(answer.headers["www-authenticate"])]).toEqual([
        401,
        expect.stringContaining('error="insufficient_scope"'),
      ]);
    }
  });

  it("demands delete alone for DELETE: pull,push do not do, * does", async () => {
    const { api, tokens } = registry();
    const remove = async (scope: string) =>
      (await ask(api, "DELETE", "/v2/team/app/manifests/none", bearer((await token(tokens, `repository:team/app:${scope}`)).token))).status;
    expect([await remove("pull,push"), await remove("delete"), await remove("*")]).toEqual([401, 404, 404]);
  });

  it.each([
    { user: "reader", scope: "repository:team/app:pull,push,delete", allowed: "pull" },
    { user: "pusher", scope: "repository:team/app:*", allowed: "" },
    { user: "reader", scope: "repository:other:pull", allowed: "" },
  ] as const)("grants $user of $scope only what they may: '$allowed', silently", async ({ user, scope, allowed }) => {
    const { api, tokens } = registry();
    const { token: given } = await token(tokens, scope, basic(user, directory.users[user].password));
    const get = await ask(api, "GET", "/v2/team/app/tags/list", bearer(given));
    const remove = await ask(api, "DELETE", "/v2/team/app/manifests/v1", bearer(given));
    expect([get.status, remove.status]).toEqual([allowed === "pull" ? 200 : 401, 401]);
  });

  it("forgets a token at the end of its life, by the sandbox's clock", async () => {
    const { api, tokens, clock } = registry({ lifetime: 60 });
    const given = await token(tokens, "repository:team/app:pull");
    expect(given).toMatchObject({ expires_in: 60, issued_at: "2026-01-01T00:00:00.000Z" });
    clock.advance(59_999);
    expect((await ask(api, "GET", "/v2/team/app/tags/list", bearer(given.token))).status).toBe(200);
    clock.advance(1);
    const answer = await ask(api, "GET", "/v2/team/app/tags/list", bearer(given.token));
    expect(answer.headers["www-authenticate"]).toContain('error="invalid_token"');
  });

  it("refuses forged tokens, Basic credentials, and an expired session", async () => {
    const { api, tokens } = registry();
    const given = String((await token(tokens, "repository:team/app:pull")).token);
    const other = String((await token(registry().tokens, "repository:team/app:pull")).token);
    for (const wrong of ["x", `${given}x`, other]) {
      expect((await ask(api, "GET", "/v2/", bearer(wrong))).headers["www-authenticate"]).toContain('error="invalid_token"');
    }
    expect((await ask(api, "GET", "/v2/", { headers: basic("admin", "all:of:it") })).status).toBe(401);
    expect((await ask(api, "GET", "/v2/", { ...bearer(given), fault: "expired-session" })).status).toBe(401);
  });

  it("gives anonymous clients a token for what they may", async () => {
    const { api, tokens } = registry({ anonymous });
    const { token: given } = await token(tokens, "repository:public/app:pull,push", { authorization: "" });
    expect((await ask(api, "GET", "/v2/public/app/tags/list", bearer(given))).status).toBe(200);
    expect((await ask(api, "POST", "/v2/public/app/blobs/uploads/", bearer(given))).status).toBe(401);
  });

  it.each([
    { tokenField: "both", has: ["token", "access_token"] },
    { tokenField: "token", has: ["token"] },
    { tokenField: "access_token", has: ["access_token"] },
  ] as const)("names it by $tokenField", async ({ tokenField, has }) => {
    const given = await token(registry({ tokenField }).tokens, "repository:team/app:pull");
    expect(Object.keys(given).filter((key) => key.endsWith("token"))).toEqual(has);
  });

  describe("the token server", () => {
    const post = (tokens: Handler, form: Record<string, string>) =>
      ask(tokens, "POST", "/token", {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ service: "sandbox-registry", client_id: "test", ...form }).toString(),
      });

    it("takes a password by POST, gives a refresh token when asked, and takes that", async () => {
      const { api, tokens } = registry();
      const scope = "repository:team/app:pull repository:public/app:pull";
      const first = await post(tokens, { grant_type: "password", username: "admin", password: "all:of:it", scope, access_type: "offline" });
      const { refresh_token: refresh } = first.json as Record<string, string>;
      const second = await post(tokens, { grant_type: "refresh_token", refresh_token: refresh ?? "", scope });
      const { access_token: given, refresh_token: none } = second.json as Record<string, string>;
      expect(none).toBeUndefined();
      for (const name of ["team/app", "public/app"])
        expect((await ask(api, "GET", `/v2/${name}/tags/list`, bearer(given))).status).toBe(200);
      expect((await ask(api, "GET", "/v2/", bearer(refresh))).status).toBe(401);
    });

    it.each<{ why: string; form: Record<string, string>; status: number }>([
      { why: "a wrong password", form: { grant_type: "password", username: "admin", password: "x" }, status: 401 },
      { why: "a wrong refresh token", form: { grant_type: "refresh_token", refresh_token: "x" }, status: 401 },
      { why: "another grant", form: { grant_type: "device" }, status: 400 },
      { why: "another service", form: { grant_type: "password", service: "x" }, status: 400 },
      { why: "no client_id", form: { grant_type: "password", client_id: "" }, status: 400 },
    ])("refuses $why by POST", async ({ form, status }) => {
      expect((await post(registry().tokens, form)).status).toBe(status);
    });

    it("refuses wrong credentials and another service by GET", async () => {
      const { tokens } = registry();
      expect((await ask(tokens, "GET", "/token?service=sandbox-registry", { headers: basic("admin", "x") })).status).toBe(401);
      expect((await ask(tokens, "GET", "/token?service=x", { headers: basic("admin", "all:of:it") })).status).toBe(400);
      expect((await ask(tokens, "GET", "/elsewhere")).status).toBe(404);
    });

    it("may know only GET", async () => {
      expect((await post(registry({ post: false }).tokens, { grant_type: "password" })).status).toBe(404);
    });

    it("gives a refresh token by GET for offline_token", async () => {
      const { tokens } = registry();
      const answer = await ask(tokens, "GET", "/token?service=sandbox-registry&offline_token=true", {
        headers: basic("admin", "all:of:it"),
      });
      expect(answer.json).toHaveProperty("refresh_token");
    });
  });
});

describe("the grammar of scopes", () => {
  it.each([
    { text: "repository:team/app:pull,push", scopes: [{ type: "repository", name: "team/app", actions: ["pull", "push"] }] },
    { text: "repository:host:5000/app:pull", scopes: [{ type: "repository", name: "host:5000/app", actions: ["pull"] }] },
    { text: "repository(plugin):a:*", scopes: [{ type: "repository", name: "a", actions: ["*"] }] },
    {
      text: "repository:a:pull repository:b:pull",
      scopes: [
        { type: "repository", name: "a", actions: ["pull"] },
        { type: "repository", name: "b", actions: ["pull"] },
      ],
    },
    { text: "nonsense", scopes: [] },
    { text: "", scopes: [] },
  ])("$text", ({ text, scopes }) => {
    expect(scopesOf([text])).toEqual(scopes);
  });
});
