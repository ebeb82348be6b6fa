import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Injection, Sandbox } from "../../sandbox";
import { tokensOf } from "../../tokens/rig";
import type { Done, Step } from "../process";
import { escaped, masksOf, readable, type SelectelRig, shown, startOci, startSelectel, TokenRunner } from "./rig";

jest.setTimeout(60_000);

let runner: TokenRunner;
beforeEach(() => {
  runner = new TokenRunner();
});
afterEach(() => runner.remove());

/** Nothing readable holds what is to be hidden, and nothing is printed before it is hidden. */
function keepsSecrets(done: Done, credentials: readonly string[]): void {
  const masks = masksOf(done);
  const text = readable(done);
  for (const secret of [...masks, ...credentials]) expect(text).not.toContain(secret);
  for (const secret of credentials) expect(masks).toContain(secret);
  const lines = done.stdout.split("\n");
  for (const secret of masks) {
    const written = escaped(secret);
    const first = lines.findIndex((line) => line.includes(secret) || line.includes(written));
    expect(lines[first]).toBe(`::add-mask::${written}`);
  }
  // Credentials come first of all.
  expect(lines[0] ?? "").toMatch(/^::add-mask::/);
  if (done.outputs.token) expect(masks).toEqual(expect.arrayContaining([done.outputs.token, encodeURIComponent(done.outputs.token)]));
}

describe("on Selectel", () => {
  let rig: SelectelRig;
  beforeAll(async () => {
    rig = await startSelectel();
  });
  let last = 0;
  const mark = () => last;
  beforeEach(() => {
    last = rig.sandbox.control.requests().at(-1)?.n ?? 0;
  });
  afterEach(() => rig.sandbox.control.clearFaults());
  afterAll(async () => {
    await rig.client.close();
    await rig.sandbox.close();
  });
  const look = (done: Done) => shown(done, { ...rig.origins, host: rig.account.registry ?? "", folder: runner.folder });

  /** Both stages; what is left of tokens in between and at the end. */
  async function both(inputs: Step["inputs"], more: Omit<Step, "inputs"> = {}) {
    const all = { ...rig.account, ...inputs };
    const main = await runner.main(all, more);
    rig.sandbox.control.clearFaults();
    const between = await tokensOf(rig.client);
    const post = await runner.post(all, main, more);
    const end = await tokensOf(rig.client);
    for (const done of [main, post]) keepsSecrets(done, [rig.password]);
    return { main, post, between, end };
  }

  it("a token is minted, handed out and revoked", async () => {
    const { main, post, between, end } = await both({ registries: "team-a", permission: "write" });
    expect(look(main)).toMatchSnapshot("main");
    expect(look(post)).toMatchSnapshot("post");
    expect(between).toEqual([
      { id: main.outputs["token-id"], status: "active", name: expect.stringMatching(/^gha\.octo\.app\.4711\.1\.build-/) },
    ]);
    expect(end).toEqual([]);
    expect(Date.parse(main.outputs["expires-at"] ?? "") - Date.now()).toBeGreaterThan(3_500_000);
  });

  it("a login is a folder of its own for its owner alone, and gone after the job", async () => {
    const inputs = { ...rig.account, registries: "team-a", login: "true" };
    const main = await runner.main(inputs);
    expect(look(main)).toMatchSnapshot("main");
    const folder = main.outputs["docker-config-path"] ?? "";
    expect(main.exported).toEqual({ DOCKER_CONFIG: folder });
    expect(path.dirname(folder)).toBe(path.join(runner.folder, "temp"));
    const file = path.join(folder, "config.json");
    expect([statSync(folder).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
    const auth = Buffer.from(`token:${main.outputs.token}`).toString("base64");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ auths: { [rig.account.registry ?? ""]: { auth } } });
    expect((await runner.post(inputs, main)).code).toBe(0);
    expect(existsSync(folder)).toBe(false);
  });

  it("a wider scope that is allowed is said", async () => {
    const { main } = await both({ repositories: "team-a/app\nteam-b/web", "allow-wider-scope": "true" });
    expect(look(main)).toMatchSnapshot();
  });

  it.each<readonly [string, Step["inputs"]]>([
    ["a registry that is not there", { registries: "team-c" }],
    ["single repositories", { repositories: "team-a/app" }],
    ["more than a day", { registries: "team-a", "expires-in": "2d" }],
    ["several mistakes", { registry: "", registries: "", "api-url": "not a url", permission: "all", nam: "x", "expires-in": "soon" }],
    ["a certificate that is not there", { registries: "team-a", "ca-file": "missing.pem" }],
    ["a wrong password", { registries: "team-a", password: "wrong-passw0rd" }],
  ])("nothing is minted: %s", async (_, inputs) => {
    const all = { ...rig.account, ...inputs };
    const main = await runner.main(all);
    expect(look(main)).toMatchSnapshot("main");
    expect([main.code, main.outputs, main.exported]).toEqual([1, {}, {}]);
    keepsSecrets(main, [all.password ?? ""]);
    const post = await runner.post(all, main);
    expect(look(post)).toMatchSnapshot("post");
    expect(post.code).toBe(0);
    expect(await tokensOf(rig.client)).toEqual([]);
    expect(rig.sandbox.control.requests({ method: "POST", path: "/v2/tokens$" }).filter(({ n }) => n > mark())).toEqual([]);
  });

  it.each<readonly [string, { readonly method: string; readonly path: string; readonly api?: string }, "redirect" | undefined]>([
    ["the list of registries is refused", { method: "GET", path: "/v1/registries" }, undefined],
    ["the mint is refused", { method: "POST", path: "/v2/tokens$" }, undefined],
    ["the look at the token is refused", { method: "GET", path: "/v2/tokens/" }, undefined],
    ["the trial at the host fails", { api: "selectel-registry", method: "PATCH", path: "/uploads/" }, "redirect"],
  ])("nothing is handed out, and nothing left: %s", async (_, request, kind) => {
    const fault: Injection["fault"] = kind ?? { kind: "status", status: 403, body: `no, ${rig.password}` };
    rig.sandbox.control.inject({ ...request, times: 100, fault });
    const { main, post, between } = await both({ registries: "team-a", login: "true" });
    expect(look(main)).toMatchSnapshot("main");
    expect([main.code, main.outputs, main.exported]).toEqual([1, {}, {}]);
    expect(between).toEqual([]);
    expect(look(post)).toMatchSnapshot("post");
  });

  it.each<readonly [string, Record<string, string>, boolean]>([
    ["no place for the login", { RUNNER_TEMP: "/nowhere" }, true],
    ["no place for outputs", { GITHUB_OUTPUT: "/nowhere/output" }, true],
    ["no place for the environment", { GITHUB_ENV: "/nowhere/env" }, true],
    ["no place for the state", { GITHUB_STATE: "/nowhere/state" }, false],
  ])("what was minted is taken back if it cannot be handed out: %s", async (_, env, minted) => {
    const { main, between, post } = await both({ registries: "team-a", login: "true" }, { env });
    expect(look(main)).toMatchSnapshot();
    expect([main.code, main.exported, Object.values(main.outputs).filter((value) => value !== "")]).toEqual([1, {}, []]);
    expect(between).toEqual([]);
    expect(post.code).toBe(0);
    expect(rig.sandbox.control.requests({ method: "POST", path: "/v2/tokens$" }).some(({ n }) => n > mark())).toBe(minted);
    const temp = path.join(runner.folder, "temp");
    expect(existsSync(temp) && existsSync(path.join(temp, `registry-token-${main.state.nonce}`))).toBe(false);
  });

  it("an answer to the mint that was lost is no other outcome", async () => {
    rig.sandbox.control.inject({ method: "POST", path: "/v2/tokens$", fault: "reset-after" });
    const { main, between, end } = await both({ registries: "team-a" });
    expect([main.code, between.map(({ id }) => id)]).toEqual([0, [main.outputs["token-id"]]]);
    expect(end).toEqual([]);
  });

  it("a mint whose fate nobody could find out is ended by post", async () => {
    rig.sandbox.control.inject({ method: "POST", path: "/v2/tokens$", fault: "reset-after" });
    rig.sandbox.control.inject({ method: "GET", path: "/v2/tokens$", skip: 1, times: 100, fault: { kind: "status", status: 403 } });
    const { main, post, between, end } = await both({ registries: "team-a" });
    expect([main.code, main.outputs]).toEqual([1, {}]);
    expect(look(main)).toMatchSnapshot("main");
    expect(between).toEqual([expect.objectContaining({ status: "active" })]);
    expect(look(post)).toMatchSnapshot("post");
    expect(end).toEqual([]);
  });

  it.each<readonly [string, () => void, Step["inputs"]]>([
    ["the token is gone", () => undefined, {}],
    ["skip-token-revoke", () => undefined, { "skip-token-revoke": "true" }],
    [
      "the registry refuses",
      () => rig.sandbox.control.inject({ path: "/v2/tokens", times: 100, fault: { kind: "status", status: 403, body: rig.password } }),
      {},
    ],
    ["the account's session ended meanwhile", () => rig.sandbox.selectel?.state.expireSessions(), {}],
  ])("post always succeeds: %s", async (what, meanwhile, inputs) => {
    const all = { ...rig.account, registries: "team-a", ...inputs };
    const main = await runner.main(all);
    if (what === "the token is gone") await rig.client.v2.tokens.delete({ id: main.outputs["token-id"] ?? "" });
    meanwhile();
    const post = await runner.post(all, main);
    rig.sandbox.control.clearFaults();
    expect(look(post)).toMatchSnapshot();
    expect(post.code).toBe(0);
    keepsSecrets(post, [rig.password]);
    expect(readable(post)).not.toContain(main.outputs.token);
    for (const { id } of await tokensOf(rig.client)) await rig.client.v2.tokens.delete({ id });
  });

  it.each([
    ["is another's", '{"stage":"minted","id":"1"}', "zz"],
    ["is no JSON", "{", "0011223344556677"],
  ])("post with a state that %s says so and succeeds", async (_, token, nonce) => {
    const post = await runner.post(rig.account, { state: { token, nonce }, exported: {} });
    expect(look(post)).toMatchSnapshot();
    expect(post.code).toBe(0);
  });

  it("post of a step that never ran does nothing", async () => {
    const post = await runner.post({ ...rig.account, registries: "" }, { state: {}, exported: {} });
    expect(look(post)).toMatchSnapshot();
  });

  it("post that comes after the end asks nobody", async () => {
    const receipt = { type: "selectel", registry: "r", id: "id-1", name: "deploy-1", expiresAt: "2020-01-01T00:00:00Z" };
    const state = { token: JSON.stringify({ stage: "minted", receipt }), nonce: "" };
    const post = await runner.post(rig.account, { state, exported: {} });
    expect(look(post)).toMatchSnapshot();
    expect(rig.sandbox.control.requests().filter(({ n }) => n > mark())).toEqual([]);
  });

  it("works with a Keystone token; one that has expired is a failure, then a warning", async () => {
    const rig = await startSelectel();
    const look = (done: Done) => shown(done, { ...rig.origins, host: rig.account.registry ?? "" });
    const { token = "" } = rig.sandbox.info.selectel ?? {};
    const { "account-id": _a, username: _u, password: _p, "project-id": _i, "auth-url": _h, ...rest } = rig.account;
    const inputs = { ...rest, token, registries: "team-a" };
    const main = await runner.main(inputs);
    expect(main.code).toBe(0);
    keepsSecrets(main, [token]);
    rig.sandbox.selectel?.state.expireSessions();
    const post = await runner.post(inputs, main);
    expect(look(post)).toMatchSnapshot();
    keepsSecrets(post, [token]);
    const again = await runner.main(inputs);
    expect([again.code, again.outputs]).toEqual([1, {}]);
    expect(look(again)).toMatchSnapshot();
    await rig.client.close();
    await rig.sandbox.close();
  });
});

describe("on a registry with a token server", () => {
  let started: { sandbox: Sandbox; account: Record<string, string> } | undefined;
  const start = async (options: Parameters<typeof startOci>[0] = {}) => {
    started = await startOci({ password: 'corre/ct horse"é', ...options });
    return started;
  };
  afterEach(async () => {
    await started?.sandbox.close();
    started = undefined;
  });
  const look = (done: Done) => shown(done, { host: started?.account.registry ?? "", folder: runner.folder });

  it.each(["jwt", "opaque"] as const)("a token is got and handed out, and dies by its expiry: %s", async (tokenFormat) => {
    const { account } = await start({ tokenFormat });
    const inputs = { ...account, repositories: "team/a", permission: "write", login: "true" };
    const main = await runner.main(inputs);
    expect(look(main)).toMatchSnapshot("main");
    keepsSecrets(main, [account.password ?? ""]);
    const file = path.join(main.outputs["docker-config-path"] ?? "", "config.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ auths: { [account.registry ?? ""]: { registrytoken: main.outputs.token } } });
    const post = await runner.post(inputs, main);
    expect(look(post)).toMatchSnapshot("post");
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ["less", { tokenGrant: "less" }],
    ["more", { tokenGrant: "more-actions" }],
    ["no token server", { auth: "basic" }],
    ["nothing to mint", { auth: "none" }],
  ] as const)("nothing is handed out: %s", async (_, options) => {
    const { account } = await start(options);
    const inputs = { ...account, repositories: "team/a", permission: "write", login: "true" };
    const main = await runner.main(inputs);
    expect(look(main)).toMatchSnapshot("main");
    expect([main.code, main.outputs, main.exported]).toEqual([1, {}, {}]);
    keepsSecrets(main, [account.password ?? ""]);
    expect(look(await runner.post(inputs, main))).toMatchSnapshot("post");
  });

  it("credentials of Docker's own configuration are hidden before they are used", async () => {
    const { account } = await start();
    const { registry = "", username = "", password = "" } = account;
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    const folder = path.join(runner.folder, "home", ".docker");
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "config.json"), JSON.stringify({ auths: { [registry]: { auth } } }));
    const main = await runner.main({ registry, repositories: "team/a" });
    expect(main.code).toBe(0);
    keepsSecrets(main, [password, auth]);
    rmSync(folder, { recursive: true });
    const without = await runner.main({ registry, repositories: "team/a" });
    expect([without.code, without.outputs]).toEqual([1, {}]);
    expect(look(without)).toMatchSnapshot();
  });

  it("after the login of an earlier step, another one says what it lacks", async () => {
    const { account } = await start();
    const first = await runner.main({ ...account, repositories: "team/a", login: "true" });
    const second = await runner.main({ registry: account.registry ?? "", repositories: "team/a" }, { env: first.exported });
    expect(look(second)).toMatchSnapshot();
    expect(readable(second)).not.toContain(first.outputs.token);
  });
});

describe("on registries whose API mints nothing", () => {
  it.each(["registryui", "harbor"])("the error names what works: %s", async (type) => {
    const inputs = { type, registry: "registry.example.com", username: "u", password: "pass-w0rd", repositories: "team/a" };
    const main = await runner.main(inputs);
    expect(shown(main, {})).toMatchSnapshot("main");
    keepsSecrets(main, ["pass-w0rd"]);
    expect(shown(await runner.post(inputs, main), {})).toMatchSnapshot("post");
  });
});
