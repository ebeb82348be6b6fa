import { type Sandbox, standingClock, startSandbox } from "../sandbox";
import { image, index, push } from "../sandbox/images";
import { type Done, Runner } from "./process";
import { app } from "./registry";

jest.setTimeout(60_000);

let sandbox: Sandbox;
let runner: Runner;
let connection: Record<string, string>;

const ui = () => {
  if (!sandbox.registryui) throw new Error("the sandbox has no RegistryUI");
  return sandbox.registryui;
};

beforeAll(async () => {
  sandbox = await startSandbox({
    apis: ["registryui"],
    // Pushed long ago, whatever the builds say.
    clock: standingClock(new Date("2020-03-01T00:00:00Z")),
    registryui: { users: { ci: { token: "token-of-ci-4711", update: ["team/*"] } }, projects: { "team/app": {} } },
  });
  const { url, username, token } = sandbox.info.registryui ?? { url: "", username: "", token: "" };
  connection = { type: "registryui", registry: url, username, token };
});
beforeEach(() => {
  runner = new Runner();
  const platforms = [app(20, "amd64"), image({ layers: ["arm64"], platform: { os: "linux", architecture: "arm64" } })] as const;
  push(ui().store, "team/app", "v1", index(platforms));
  push(ui().store, "team/app", "pr-of-part", platforms[0]);
  for (const at of [1, 2]) push(ui().store, "team/app", `pr-${at}`, app(at));
  sandbox.control.clearRequests();
});
afterEach(() => runner.remove());
afterAll(() => sandbox.close());

const run = (inputs: Readonly<Record<string, string>>): Promise<Done> => runner.run({ inputs: { ...connection, ...inputs } });
const doomed = { "delete-tags": "pr-*", "older-than": "30d", "max-deletions-percent": "90", "dry-run": "false" };
const tags = () => [...(ui().store.repository("team/app")?.tags.keys() ?? [])].sort();
const collections = () => sandbox.control.requests({ method: "POST", path: "garbagecollection" });

describe("on RegistryUI", () => {
  it("a run deletes what is old by its push and no part of what stays, and collects no garbage by itself", async () => {
    const done = await run(doomed);
    expect([done.code, done.outputs]).toEqual([0, expect.objectContaining({ "deleted-count": "2", changed: "true" })]);
    expect(tags()).toEqual(["pr-of-part", "v1"]);
    expect(collections()).toHaveLength(0);
    expect(done.stdout.replace(/^::add-mask::.*$/gm, "") + done.stderr + done.summary).not.toContain(connection.token);
  });

  it("garbage is collected once, at the end, for whoever asks", async () => {
    expect((await run({ ...doomed, "run-gc": "true" })).code).toBe(0);
    expect(collections()).toHaveLength(1);
  });

  it("a user who may not delete gets one clear error, and nothing is half done", async () => {
    const before = tags();
    const done = await run({ ...doomed, repositories: "team/app", username: "ci", token: "token-of-ci-4711" });
    expect(done.code).toBe(1);
    expect(done.stdout.match(/^::error.*$/gm)).toEqual([
      expect.stringMatching(/user ci is not authorized.*needs a user with administrator rights/),
    ]);
    expect(tags()).toEqual(before);
  });
});
