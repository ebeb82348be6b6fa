import { importRegistry } from "../../provider/import";
import { startWorld, type World } from "../resources/dtr/world";
import { plain } from "../resources/engine";

let world: World;
beforeEach(async () => {
  world = await startWorld({ accounts: { joe: { password: "joes-password" } } });
  const { id } = await world.api<{ id: string }>("POST", "/api/v0/content_caches", { name: "eu", host: "https://cache.example.com" });
  await world.api("PATCH", "/api/v0/accounts/joe/settings", { contentCacheUUID: id });
  await world.api("POST", "/api/v0/meta/settings", { createRepositoryOnPush: true, jobHistoryToKeep: 7 });
});
afterEach(() => world.close());

/** Of these the server always has one, so an import makes nothing and its end unmakes nothing. */
const kinds = ["Settings", "UserSettings", "WorkerCapacity"];

describe.each(kinds)("an imported dtr.%s", (kind) => {
  it("is as declared, and leaves everything as the import found it when it is destroyed", async () => {
    const { username, password } = world.sandbox.info.dtr ?? { username: "", password: "" };
    const { importFile, resources } = await importRegistry({
      type: "dtr",
      connection: { type: "dtr", registry: world.url, username, password },
      kinds: [kind],
    });
    expect(resources.map(({ type }) => type)).toEqual([`pulumi-nodejs:dynamic/dtr:${kind}`]);
    const [entry] = (importFile as { resources: { id: string; inputs: object; outputs: object }[] }).resources;
    if (!entry) throw new Error("there is an entry");
    const { __provider, ...inputs } = opened(entry.inputs);
    const state = { id: entry.id, inputs, outputs: opened(entry.outputs) };
    const resource = world.one(`dtr:${kind}`);
    world.forget();
    expect((await resource.up(inputs, state)).step).toBe("same");
    expect(await resource.refresh(state)).toMatchObject({ inputs });
    await resource.destroy(state);
    expect(world.writes()).toEqual([]);
    expect(resource.lines).toEqual([]);
  });
});

/** The file's secrets, as the engine hands them to a provider. */
function opened(values: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null && "plaintext" in value ? JSON.parse(value.plaintext) : plain(value),
    ]),
  );
}
