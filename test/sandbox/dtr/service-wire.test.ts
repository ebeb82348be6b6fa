import type { SandboxResponse } from "../contract";
import { image, push } from "../images";
import { type Sandbox, standingClock, startSandbox } from "../index";
import { receiver } from "./receiver";
import { basic, fields, items } from "./rig";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({
    apis: ["dtr"],
    clock: standingClock(),
    dtr: { password: "admin-password", version: "2.7", organizations: { team: {} }, repositories: { "team/app": {}, "team/mirror": {} } },
  });
});
afterEach(() => sandbox.close());

/** One request as any client sends it. */
async function ask(method: string, path: string, body?: object, password = "admin-password"): Promise<Response> {
  const headers = { authorization: basic("admin", password), ...(body && { "content-type": "application/json" }) };
  return fetch(`${sandbox.info.dtr?.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

/** The same, with its answer as in the sandbox's own process. */
async function answer(...request: Parameters<typeof ask>): Promise<SandboxResponse> {
  const response = await ask(...request);
  return { status: response.status, json: await response.json() };
}

const dtr = () => {
  if (!sandbox.dtr) throw new Error("the sandbox has no DTR");
  return sandbox.dtr;
};

describe("over the wire", () => {
  it("an access token logs in at the API and at the token server", async () => {
    const { token, hashedToken } = fields(await answer("POST", "/api/v0/api_tokens", { tokenLabel: "wire" }));
    expect((await ask("GET", "/api/v0/meta/settings", undefined, String(token))).status).toBe(200);
    expect((await ask("GET", "/auth/token", undefined, String(token))).status).toBe(200);
    expect((await ask("DELETE", `/api/v0/api_tokens/${hashedToken}`, undefined, String(token))).status).toBe(200);
    expect((await ask("GET", "/auth/token", undefined, String(token))).status).toBe(401);
  });

  it("a webhook of 2.7 is created with 201, delivered, and deleted with 204 and no body", async () => {
    const hook = await receiver();
    const created = await answer("POST", "/api/v0/webhooks", { endpoint: hook.url, type: "TAG_DELETE", key: "team/app" });
    const { id } = fields(created);
    push(dtr().store, "team/app", "v1", image());
    await ask("DELETE", "/api/v0/repositories/team/app/tags/v1");
    await dtr().state.settled();
    await hook.close();
    expect([created.status, hook.received.map(({ type }) => type)]).toEqual([201, ["TAG_DELETE"]]);
    const deleted = await ask("DELETE", `/api/v0/webhooks/${id}`);
    expect([deleted.status, await deleted.text()]).toEqual([204, ""]);
  });

  it("a job mirrors from one repository to another, and its log says so", async () => {
    push(dtr().store, "team/app", "v1", image());
    const { url, username, password } = sandbox.info.dtr ?? {};
    const remote = { remoteHost: url, remoteRepository: "team/app", remoteCA: "", skipTLSVerification: true, username, password };
    const policies = "/api/v0/repositories/team/mirror/pollMirroringPolicies";
    expect((await ask("POST", `${policies}?initialEvaluation=false`, { ...remote, enabled: true })).status).toBe(201);
    const { id } = fields(await answer("POST", "/api/v0/jobs", { action: "poll_mirror" }));
    const statuses = [];
    for (let look = 0; look < 2; look += 1) statuses.push(fields(await answer("GET", `/api/v0/jobs/${id}`)).status);
    expect(statuses).toEqual(["running", "done"]);
    expect(await (await ask("GET", `/api/v0/jobs/${id}/logs`)).text()).toContain("team/app:v1 into team/mirror");
    expect(items(await answer("GET", "/api/v0/repositories/team/mirror/tags"))).toHaveLength(1);
  });

  it("lists play the faults of a stale list, a short page and a page that leads to itself", async () => {
    const list = async () => items(await answer("GET", "/api/v0/content_caches"));
    await list();
    await ask("POST", "/api/v0/content_caches", { name: "eu", host: "https://cache" });
    sandbox.control.inject({ fault: { kind: "stale-list" } });
    expect([(await list()).length, (await list()).length]).toEqual([0, 1]);
    for (let at = 0; at < 4; at += 1) await ask("POST", "/api/v0/jobs", { action: "sleep" });
    const jobs = async (query = "") => items(await answer("GET", `/api/v0/jobs${query}`), "jobs").length;
    sandbox.control.inject({ fault: { kind: "short-page" } });
    expect([await jobs(), await jobs()]).toEqual([2, 4]);
    sandbox.control.inject({ fault: { kind: "looped-link" } });
    expect([await jobs("?start=4"), await jobs("?start=4")]).toEqual([4, 0]);
  });
});
