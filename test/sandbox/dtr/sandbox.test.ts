import { type Sandbox, type SandboxOptions, standingClock, startSandbox } from "..";
import { image, push } from "../images";
import { basic } from "./rig";

const opened: Sandbox[] = [];
afterEach(() => Promise.all(opened.splice(0).map((sandbox) => sandbox.close())));

async function start(dtr: SandboxOptions["dtr"] = {}) {
  const sandbox = await startSandbox({ clock: standingClock(), apis: ["dtr"], dtr: { repositories: { "admin/app": {} }, ...dtr } });
  opened.push(sandbox);
  const { info } = sandbox;
  if (!info.dtr || !sandbox.dtr) throw new Error("no DTR was started");
  const { url, username, password } = info.dtr;
  const headers = { authorization: basic(username, password) };
  const call = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, { headers, ...init });
  return { sandbox, dtr: sandbox.dtr, url, call };
}

describe("startSandbox({ dtr })", () => {
  it("serves everything on one origin, which its start line names", async () => {
    const { sandbox, call, url } = await start({ username: "root", password: "root-password", version: "2.7", repositories: {} });
    expect(sandbox.info).toEqual({ control: expect.anything(), dtr: { url, username: "root", password: "root-password" } });
    expect((await call("/api/v0/docs.json")).status).toBe(200);
    expect((await call("/enzi/v0/accounts")).status).toBe(200);
    expect((await call("/health")).status).toBe(200);
    const challenge = (await fetch(`${url}/v2/`)).headers.get("www-authenticate");
    expect(challenge).toContain(`realm="${url}/auth/token"`);
  });

  it("stands on the sandbox's store, below dtr/", async () => {
    const { sandbox, dtr, call } = await start();
    push(dtr.store, "admin/app", "v1", image());
    expect(await (await call("/api/v0/repositories/admin/app/tags")).json()).toMatchObject([{ name: "v1" }]);
    expect(sandbox.store.repositories().map(({ name }) => name)).toEqual(["dtr/admin/app"]);
  });

  it("shows its requests in the log without secrets, and plays faults", async () => {
    const { sandbox, call } = await start();
    sandbox.control.inject({ api: "dtr", path: "/repositories$", fault: "expired-session" });
    expect((await call("/api/v0/repositories")).status).toBe(401);
    expect((await call("/api/v0/repositories")).status).toBe(200);
    sandbox.control.inject({ api: "dtr", fault: { kind: "status", status: 503 } });
    expect((await call("/api/v0/repositories")).status).toBe(503);
    expect(sandbox.control.requests({ api: "dtr" }).map(({ status }) => status)).toEqual([401, 200, 503]);
    expect(JSON.stringify(sandbox.control.requests())).not.toContain(basic("admin", "sandbox-dtr-password").slice(6));
  });
});
