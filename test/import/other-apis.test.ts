import type { Connection } from "../../provider/cleanup/connection";
import { importRegistry } from "../../provider/import";
import { changes, configuration, everything, succeeded, writes } from "../e2e/world";
import { OneResource, type State } from "../resources/engine";
import { type Sandbox, startSandbox } from "../sandbox";
import { image, push } from "../sandbox/images";
import { type Imported, roundTrip } from "./round-trip";

jest.setTimeout(300_000);

let sandbox: Sandbox;
const made: OneResource[] = [];
beforeEach(async () => {
  sandbox = await startSandbox({ selectel: { createPolls: 1, deletePolls: 1, gcPolls: 1 } });
});
afterEach(async () => {
  for (const resource of made.splice(0)) resource.close();
  await sandbox.close();
});

/** Makes an object that no stack manages. */
async function make(type: string, inputs: object): Promise<State> {
  const config = Object.entries(configuration(sandbox)).map(([key, value]) => [key, typeof value === "string" ? value : value.secret]);
  const resource = new OneResource(type, Object.fromEntries(config), sandbox.clock);
  made.push(resource);
  return (await resource.up(inputs)).state;
}

/** Import, an empty preview, an `up` that sends nothing. */
async function unchanged({ stack, result, import: imported }: Imported): Promise<void> {
  succeeded(imported);
  expect(imported.changes.import).toBe(result.resources.length);
  expect(changes(succeeded(await stack.preview()))).toEqual([]);
  expect(changes(succeeded(await stack.refresh()))).toEqual([]);
  expect(changes(succeeded(await stack.up()))).toEqual([]);
  expect(writes(sandbox)).toEqual([]);
}

const names = (result: { resources: readonly { type: string; name: string }[] }): string[] =>
  result.resources.map(({ type, name }) => `${type.replace("pulumi-nodejs:dynamic/", "")} ${name}`);

describe("the import of a plain registry", () => {
  const connection = (): Connection => {
    const { oci } = sandbox.info;
    if (!oci) throw new Error("the sandbox has no plain registry");
    return { type: "oci", registry: oci.url, username: oci.username, password: oci.password };
  };

  it("is followed by an empty preview, and destroy removes what was imported and nothing else", async () => {
    push(sandbox.store, "team/kept", "v1", image({ labels: { of: "kept" } }));
    await make("oci:Repository", { name: "other/app" });
    const before = await everything(sandbox);
    await make("oci:Repository", { name: "team/app" });
    push(sandbox.store, "team/app", "v1", image({ labels: { of: "app" } }));
    await make("oci:Repository", { name: "team/Empty".toLowerCase() });
    sandbox.control.clearRequests();
    const result = await roundTrip(
      sandbox,
      { type: "oci", connection: connection(), include: ["team/*", "!team/kept"], kinds: ["Repository", "Tag"] },
      async (imported) => {
        await unchanged(imported);
        succeeded(await imported.stack.destroy());
        const after = (await everything(sandbox)) as { repositories: { name: string }[] };
        expect({ ...after, repositories: after.repositories.filter(({ name }) => name !== "team/app") }).toEqual(before);
        // A tag goes, the image stays: that is what oci.Tag says.
        expect(after.repositories.find(({ name }) => name === "team/app")).toMatchObject({ tags: {} });
      },
    );
    expect(names(result)).toEqual(["oci:Repository team/app", "oci:Tag team/app/v1", "oci:Repository team/empty"]);
  });

  it("leaves tags alone unless they are asked for, and says what it leaves out", async () => {
    push(sandbox.store, "team/app", "v1", image({ labels: { of: "app" } }));
    sandbox.store.createRepository("team/nothing");
    const result = await importRegistry({ type: "oci", connection: connection() });
    expect(names(result)).toEqual(["oci:Repository team/app"]);
    expect(result.skipped).toEqual([{ what: "Repository team/nothing", why: "it is empty, or was deleted meanwhile" }]);
  });

  it("asks for no catalog where the repositories are named", async () => {
    push(sandbox.store, "team/app", "v1", image({ labels: { of: "app" } }));
    const result = await importRegistry({ type: "oci", connection: connection(), include: ["team/app"] });
    expect(names(result)).toEqual(["oci:Repository team/app"]);
    expect(sandbox.control.requests().map(({ path }) => path)).not.toContain("/v2/_catalog");
  });
});

describe("the import of Selectel's registries", () => {
  it("is followed by an empty preview, and destroy removes what was imported and nothing else", async () => {
    const { selectel } = sandbox.info;
    if (!selectel) throw new Error("the sandbox has no Selectel");
    await make("selectel:Registry", { name: "kept" });
    await make("selectel:Token", { name: "kept", allRegistries: true, expiresAt: "never" });
    const before = await everything(sandbox);
    const main = await make("selectel:Registry", { name: "main" });
    await make("selectel:Repository", { registryId: main.id, name: "team/app" });
    const token = await make("selectel:Token", { name: "ci", mode: "write", registries: [main.id], expiresIn: "90d" });
    const { accountId, username, password, projectId, authUrl, v1, registryHost } = selectel;
    sandbox.control.clearRequests();
    const result = await roundTrip(
      sandbox,
      {
        type: "selectel",
        connection: { type: "selectel", registry: registryHost, apiUrl: v1, accountId, username, password, projectId, authUrl },
        include: ["!kept"],
      },
      async (imported) => {
        await unchanged(imported);
        succeeded(await imported.stack.destroy());
        expect(await everything(sandbox)).toEqual(before);
      },
    );
    expect(names(result)).toEqual(["selectel:Registry main", "selectel:Repository main/team/app", "selectel:Token ci"]);
    expect(result.program).toContain("registries: [mainRegistry.id]");
    expect(token.outputs.token).toBeDefined();
    const file = JSON.stringify(result);
    for (const secret of [password, selectel.token]) expect(file).not.toContain(secret);
  });
});

describe("the import of a RegistryUI", () => {
  it("is followed by an empty preview, and destroy removes what was imported and nothing else", async () => {
    const { registryui } = sandbox.info;
    if (!registryui) throw new Error("the sandbox has no RegistryUI");
    for (const [repository, isPublic] of [
      ["team/app", true],
      ["team/web", false],
      ["other/kept", false],
    ])
      await make("registryui:Project", { repository, isPublic, title: `Title of "${repository}"` });
    sandbox.control.clearRequests();
    const { url, username, token } = registryui;
    const result = await roundTrip(
      sandbox,
      { type: "registryui", connection: { type: "registryui", registry: url, username, token }, include: ["team/*"] },
      async (imported) => {
        await unchanged(imported);
        succeeded(await imported.stack.destroy());
        expect([...(sandbox.registryui?.state.projects.keys() ?? [])]).toEqual(["other/kept"]);
      },
    );
    expect(names(result)).toEqual(["registryui:Project team/app", "registryui:Project team/web"]);
    expect(JSON.stringify(result)).not.toContain(token);
  });
});
