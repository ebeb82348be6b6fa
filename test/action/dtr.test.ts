import { type Sandbox, standingClock, startSandbox } from "../sandbox";
import { image, index, push } from "../sandbox/images";
import { type Done, Runner } from "./process";
import { app } from "./registry";
import { TokenRunner } from "./token/rig";

jest.setTimeout(60_000);

let sandbox: Sandbox;
let connection: Record<string, string>;
const ci = { username: "ci", password: "password-of-ci-4711" };

const dtr = () => {
  if (!sandbox.dtr) throw new Error("the sandbox has no Docker Trusted Registry");
  return sandbox.dtr;
};

beforeAll(async () => {
  sandbox = await startSandbox({
    apis: ["dtr"],
    // Pushed long ago, whatever the builds say.
    clock: standingClock(new Date("2020-03-01T00:00:00Z")),
    dtr: { accounts: { ci }, organizations: { team: {} }, repositories: { "team/app": {} } },
  });
  const { url, username, password } = sandbox.info.dtr ?? { url: "", username: "", password: "" };
  connection = { type: "dtr", registry: url, username, password };
});
afterAll(() => sandbox.close());

const tags = () => [...(dtr().store.repository("team/app")?.tags.keys() ?? [])].sort();
const readable = ({ stdout, stderr, summary }: Done) => stdout.replace(/^::add-mask::.*$/gm, "") + stderr + summary;

describe("cleanup on Docker Trusted Registry", () => {
  let runner: Runner;
  beforeEach(() => {
    runner = new Runner();
    const platforms = [app(20, "amd64"), image({ layers: ["arm64"], platform: { os: "linux", architecture: "arm64" } })] as const;
    push(dtr().store, "team/app", "v1", index(platforms));
    push(dtr().store, "team/app", "pr-of-part", platforms[0]);
    for (const at of [1, 2]) push(dtr().store, "team/app", `pr-${at}`, app(at));
    sandbox.control.clearRequests();
  });
  afterEach(() => runner.remove());
  const run = (inputs: Readonly<Record<string, string>>): Promise<Done> => runner.run({ inputs: { ...connection, ...inputs } });
  const doomed = { "delete-tags": "pr-*", "older-than": "30d", "max-deletions-percent": "90", "dry-run": "false" };
  const jobs = () => sandbox.control.requests({ method: "POST", path: "/jobs$" });

  it("removes the names of what is old by its push, shows what the server's policies would do, and collects no garbage by itself", async () => {
    const rules = [{ field: "tag", operator: "sw", values: ["v"] }];
    const { username = "", password = "" } = connection;
    const answer = await fetch(`${connection.registry}/api/v0/repositories/team/app/pruningPolicies?initialEvaluation=false`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${username}:${password}`)}`, "content-type": "application/json" },
      body: JSON.stringify({ enabled: true, rules }),
    });
    expect(answer.status).toBe(201);
    const done = await run(doomed);
    expect([done.code, done.outputs]).toEqual([
      0,
      expect.objectContaining({ "deleted-count": "2", "untagged-count": "1", changed: "true" }),
    ]);
    expect(tags()).toEqual(["v1"]);
    expect(jobs()).toHaveLength(0);
    for (const text of [done.stdout, done.summary])
      expect(text).toContain("The server's own pruning policy would delete 1 tag here, which this plan keeps: v1.");
    expect(readable(done)).not.toContain(connection.password);
  });

  it("collects garbage by a job, once, at the end, for whoever asks", async () => {
    expect((await run({ ...doomed, "run-gc": "true" })).code).toBe(0);
    expect(jobs()).toHaveLength(1);
  });

  it("a user who may not delete gets one clear error, and nothing is half done", async () => {
    const before = tags();
    const done = await run({ ...doomed, repositories: "team/app", ...ci });
    expect(done.code).toBe(1);
    expect(done.stdout.match(/^::error.*$/gm)).toEqual([expect.stringMatching(/may not delete|not.*authorized|403/i)]);
    expect(tags()).toEqual(before);
  });

  it.each([
    [{ token: "an-access-token" }, "token: takes the place of password"],
    [{ username: "" }, "username: is missing, and password is there"],
    [{ registry: "" }, "registry: is missing"],
    [{ "account-id": "1" }, "account-id: is for type: selectel"],
  ])("refuses %j", async (inputs, text) => {
    const done = await run({ ...doomed, ...inputs });
    expect([done.code, done.stdout]).toEqual([1, expect.stringContaining(text)]);
    expect(sandbox.control.requests({ api: "dtr" })).toEqual([]);
  });
});

describe("tokens on Docker Trusted Registry", () => {
  let runner: TokenRunner;
  beforeEach(() => {
    runner = new TokenRunner();
  });
  afterEach(() => runner.remove());
  const wide = { "allow-wider-scope": "true", "allow-long-lived": "true" };
  const works = async (token: string) =>
    (await fetch(`${connection.registry}/api/v0/api_tokens?username=ci`, { headers: { authorization: `Basic ${btoa(`ci:${token}`)}` } }))
      .status;
  const known = () => [...dtr().state.world.apiTokens.values()].map(({ tokenLabel }) => tokenLabel);

  it("are made for the job and deleted after it", async () => {
    const inputs = { ...connection, ...ci, ...wide, login: "true" };
    const main = await runner.main(inputs);
    expect(main.code).toBe(0);
    const { token = "", username } = main.outputs;
    expect([username, await works(token)]).toEqual(["ci", 200]);
    expect(known()).toEqual([expect.stringMatching(/^gha\.octo\.app\.4711\.1\.build-[0-9a-f]{24} until \d{4}-\d\d-\d\dT/)]);
    expect(main.outputs["expires-at"]).toBe("9999-12-31T23:59:59Z");
    expect(main.stdout).toMatch(/whatever its user may, until it is deleted after the job/);
    const post = await runner.post(inputs, main);
    expect([post.code, known(), await works(token)]).toEqual([0, [], 401]);
    for (const done of [main, post]) for (const secret of [token, ci.password]) expect(readable(done)).not.toContain(secret);
  });

  it("are refused without the two words, with the better way; and are not left alive", async () => {
    const done = await runner.main({ ...connection, ...ci });
    expect(done.code).toBe(1);
    expect(done.stdout).toMatch(/allow-wider-scope: .*use type: oci with the same address/);
    expect(done.stdout).toMatch(/allow-long-lived: .*use type: oci with the same address/);
    const skip = await runner.main({ ...connection, ...ci, ...wide, "skip-token-revoke": "true" });
    expect([skip.code, skip.stdout]).toEqual([1, expect.stringContaining("skip-token-revoke: cannot be true with type: dtr")]);
    expect(known()).toEqual([]);
  });

  it("of single repositories come from the token server of the same host, with type: oci", async () => {
    dtr().state.addRepository("ci/app", { visibility: "private" });
    push(dtr().store, "ci/app", "v1", app(1));
    const inputs = { ...ci, type: "oci", registry: connection.registry ?? "", repositories: "ci/app" };
    const main = await runner.main(inputs);
    expect(main.code).toBe(0);
    const pull = async (repository: string) =>
      (await fetch(`${connection.registry}/v2/${repository}/tags/list`, { headers: { authorization: `Bearer ${main.outputs.token}` } }))
        .status;
    expect([await pull("ci/app"), await pull("team/app")]).toEqual([200, 401]);
  });
});
