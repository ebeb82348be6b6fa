import { connectSelectel, createRegistry, waitForRegistry } from "../../provider/registries/selectel";
import { type Sandbox, startSandbox } from "../sandbox";
import { push } from "../sandbox/images";
import { type Done, Runner } from "./process";
import { app, hostOf } from "./registry";

jest.setTimeout(60_000);

let sandbox: Sandbox;
let runner: Runner;
let account: Record<string, string>;

beforeAll(async () => {
  sandbox = await startSandbox({ apis: ["selectel"], selectel: { createPolls: 0, gcPolls: 0 } });
  const info = sandbox.info.selectel;
  if (!info) throw new Error("the sandbox has no Selectel");
  const { accountId, username, password, projectId, authUrl } = info;
  account = {
    type: "selectel",
    registry: hostOf(info.registryHost),
    "account-id": accountId,
    username,
    password,
    "project-id": projectId,
    "auth-url": authUrl,
    "api-url": info.v1,
    "min-age": "0",
  };
  const client = connectSelectel({
    auth: { accountId, username, password, projectId, authUrl },
    apiUrl: info.v1,
    registryUrl: info.registryHost,
    env: {},
  });
  const { id } = await createRegistry(client, "team");
  await waitForRegistry(client, id, { until: "ACTIVE", deadline: 10_000 });
  await client.close();
});
beforeEach(() => {
  runner = new Runner();
  for (const at of [1, 2, 3]) push(sandbox.store, "team/app", `pr-${at}`, app(at));
  push(sandbox.store, "team/app", "v1", app(4));
  sandbox.control.clearRequests();
});
afterEach(() => runner.remove());
afterAll(() => sandbox.close());

const run = (inputs: Readonly<Record<string, string>>): Promise<Done> => runner.run({ inputs: { ...account, ...inputs } });
const collections = () => sandbox.control.requests({ method: "POST", path: "garbage-collection" });
const tags = () => [...(sandbox.store.repository("team/app")?.tags.keys() ?? [])].sort();

describe("on Selectel", () => {
  it("a run deletes by batches, collects the garbage once, and says so", async () => {
    const done = await run({ "delete-tags": "pr-*", "max-deletions-percent": "90", "dry-run": "false" });
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining("Garbage collection of team")]);
    expect(done.outputs).toMatchObject({ "deleted-count": "3", changed: "true" });
    expect(tags()).toEqual(["v1"]);
    expect(collections()).toHaveLength(1);
  });

  it("a dry run, and a run without garbage collection, collect none", async () => {
    expect((await run({ "delete-tags": "pr-*", "max-deletions-percent": "90" })).code).toBe(0);
    expect((await run({ "delete-tags": "pr-1", "dry-run": "false", "run-gc": "false" })).outputs).toMatchObject({ "deleted-count": "1" });
    expect(collections()).toHaveLength(0);
  });

  it("garbage can be collected alone, once somebody says that it is no dry run", async () => {
    const { "min-age": _, ...connection } = account;
    const only = (inputs: Readonly<Record<string, string>>) => runner.run({ inputs: { ...connection, "run-gc": "only", ...inputs } });
    const dry = await only({});
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining("No garbage was collected; set dry-run: false.")]);
    expect(collections()).toHaveLength(0);
    const done = await only({ "dry-run": "false" });
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining("team: garbage collected")]);
    expect(done.summary).toContain("## Garbage of 1 registry was collected");
    expect(collections()).toHaveLength(1);
    expect(Object.keys(done.outputs)).toHaveLength(11);
  });
});
