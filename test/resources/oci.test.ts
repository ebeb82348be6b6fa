import { type Sandbox, standingClock, startSandbox } from "../sandbox";
import { image, push } from "../sandbox/images";
import { OneResource } from "./engine";

let sandbox: Sandbox;
const open: OneResource[] = [];
const one = (type: string, identity?: string) => {
  const { url, username, password } = sandbox.info.oci ?? { url: "", username: "", password: "" };
  const resource = new OneResource(type, { "oci:url": url, "oci:username": username, "oci:password": password }, sandbox.clock, identity);
  open.push(resource);
  return resource;
};
const start = async (oci: NonNullable<Parameters<typeof startSandbox>[0]>["oci"] = {}) => {
  sandbox = await startSandbox({ apis: ["oci"], clock: standingClock(new Date("2026-03-01T12:00:00Z")), oci });
};
const writes = () => sandbox.control.requests({ api: "oci" }).filter(({ method }) => method !== "GET" && method !== "HEAD");

afterEach(async () => {
  for (const resource of open.splice(0)) resource.close();
  await sandbox.close();
});

describe("oci.Repository", () => {
  beforeEach(() => start());

  it("comes into being with a minimal artifact, stays without a write, and goes without a trace in its content", async () => {
    const repository = one("oci:Repository");
    const { state } = await repository.up({ name: "team/app" });
    expect(state.id).toBe("team/app");
    expect(state.outputs).toMatchObject({
      name: "team/app",
      tagCount: 0,
      reference: `${new URL(sandbox.info.oci?.url ?? "").host}/team/app`,
      schemaVersion: 1,
    });
    expect([...(sandbox.store.repository("team/app")?.tags.keys() ?? [])]).toEqual(["registry-as-code-init"]);
    sandbox.control.clearRequests();
    expect((await repository.up({ name: "team/app" }, state)).step).toBe("same");
    expect(sandbox.control.requests({ api: "oci" })).toEqual([]);
    await repository.refresh(state);
    expect(writes()).toEqual([]);
    await repository.destroy(state);
    expect(sandbox.store.repository("team/app")?.manifests.size ?? 0).toBe(0);
    await repository.destroy(state);
  });

  it("pushes nothing with initialize: false", async () => {
    const repository = one("oci:Repository");
    const { state } = await repository.up({ name: "team/app", initialize: false });
    expect(sandbox.store.repository("team/app")).toBeUndefined();
    expect(await repository.refresh(state)).toMatchObject({ outputs: { tagCount: 0 } });
    await repository.destroy(state);
  });

  it("is not destroyed while it holds an image, and then nothing of it is touched", async () => {
    const repository = one("oci:Repository");
    const { state } = await repository.up({ name: "team/app" });
    push(sandbox.store, "team/app", "v1", image({}));
    const refused = "repository team/app holds 1 tag (v1) and is not destroyed. Set forceDelete: true";
    await expect(repository.destroy(state)).rejects.toThrow(refused);
    // The old one of a replacement keeps its inputs for ever: what the program says does not reach it.
    const moved = repository.up({ name: "team/web", forceDelete: true }, state);
    await expect(moved).rejects.toThrow(
      `${refused} and run \`pulumi up\` before destroying it with all its images, or keep it with retainOnDelete. If a replacement left it over, neither reaches it any more: delete that by hand`,
    );
    expect([...(sandbox.store.repository("team/app")?.tags.keys() ?? [])].sort()).toEqual(["registry-as-code-init", "v1"]);
  });

  it("is destroyed with all it holds, and nothing beside it, with forceDelete; setting it sends nothing", async () => {
    const repository = one("oci:Repository");
    const { state } = await repository.up({ name: "team/app" });
    push(sandbox.store, "team/app", "v1", image({}));
    push(sandbox.store, "team/app-two", "v1", image({}));
    sandbox.control.clearRequests();
    const forced = await repository.up({ name: "team/app", forceDelete: true }, state);
    expect(forced.step).toBe("update");
    expect(sandbox.control.requests({ api: "oci" })).toEqual([]);
    await repository.destroy(forced.state);
    expect(sandbox.store.repository("team/app")?.manifests.size ?? 0).toBe(0);
    expect(sandbox.store.repository("team/app-two")?.tags.size).toBe(1);
  });

  it("fails on one that exists, adopts it when told so, and counts its tags", async () => {
    push(sandbox.store, "team/app", "v1", image({}));
    await expect(one("oci:Repository").up({ name: "team/app" })).rejects.toThrow("already exists (id team/app). Set adopt: true");
    expect(writes()).toEqual([]);
    const { state } = await one("oci:Repository").up({ name: "team/app", adopt: true });
    expect(state.outputs).toMatchObject({ tagCount: 1 });
    expect(writes()).toEqual([]);
  });

  it("is gone when everything in it was deleted elsewhere, and comes back at the next `up`", async () => {
    const repository = one("oci:Repository");
    const { state } = await repository.up({ name: "team/app" });
    sandbox.store.deleteRepository("team/app");
    expect(await repository.refresh(state)).toBeUndefined();
    await repository.up({ name: "team/app" });
    expect(sandbox.store.repository("team/app")?.tags.size).toBe(1);
  });

  it("is replaced when its name changes", async () => {
    const repository = one("oci:Repository");
    const { state } = await repository.up({ name: "team/app" });
    expect(await repository.up({ name: "team/other" }, state)).toMatchObject({ step: "replace", replaces: ["name"] });
    expect(sandbox.store.repository("team/app")?.manifests.size ?? 0).toBe(0);
    expect(sandbox.store.repository("team/other")?.tags.size).toBe(1);
  });

  it("is read by its name with .get", async () => {
    push(sandbox.store, "team/app", "v1", image({}));
    expect(await one("oci:Repository").get("team/app")).toMatchObject({ name: "team/app", tagCount: 1 });
    await expect(one("oci:Repository").get("team/none")).rejects.toThrow("oci:Repository team/none does not exist");
  });

  it.each([
    ["an upper-case name", { name: "Team/App" }, "name"],
    ["a name with an empty segment", { name: "team//app" }, "name"],
    ["a name that leaves the repository", { name: "../other" }, "name"],
    ["no name", {}, "name is missing"],
  ])("refuses %s before anything is sent", async (_case, inputs, message) => {
    await expect(one("oci:Repository").up(inputs)).rejects.toThrow(message);
    expect(sandbox.control.requests({ api: "oci" })).toEqual([]);
  });
});

describe.each(["supported", "unsupported"] as const)("oci.Tag on a server where deleting a tag alone is %s", (tagDelete) => {
  beforeEach(() => start({ tagDelete }));
  const digests = () =>
    ["v1", "v2"].map((tag, index) => push(sandbox.store, "team/app", tag, image({ labels: { n: String(index) } })).digest);

  it("points to a digest, moves with it, is repaired after drift, and leaves the image when it goes", async () => {
    const [first = "", second = ""] = digests();
    const tag = one("oci:Tag");
    const { state } = await tag.up({ repository: "team/app", tag: "production", digest: first });
    expect(sandbox.store.repository("team/app")?.tags.get("production")).toBe(first);
    expect(state).toMatchObject({
      id: "team/app:production",
      outputs: { digest: first, reference: expect.stringMatching(new RegExp(`/team/app@${first}$`)) },
    });
    expect((await tag.up({ repository: "team/app", tag: "production", digest: first }, state)).step).toBe("same");

    const moved = await tag.up({ repository: "team/app", tag: "production", digest: second }, state);
    expect(moved.step).toBe("update");
    expect(sandbox.store.repository("team/app")?.tags.get("production")).toBe(second);

    const manifest = sandbox.store.repository("team/app")?.manifests.get(first);
    sandbox.store.putManifest("team/app", manifest?.mediaType ?? "", manifest?.bytes ?? Buffer.alloc(0), "production");
    const drifted = await tag.refresh(moved.state);
    expect(drifted).toMatchObject({ inputs: { digest: first }, outputs: { digest: first } });
    const repaired = await tag.up({ repository: "team/app", tag: "production", digest: second }, drifted);
    expect(repaired.step).toBe("update");

    await tag.destroy(repaired.state);
    const repository = sandbox.store.repository("team/app");
    expect([...(repository?.tags.keys() ?? [])].sort()).toEqual(["v1", "v2"]);
    expect(repository?.manifests.has(second)).toBe(true);
    await tag.destroy(repaired.state);
  });

  it("does not remove a tag that somebody moved meanwhile", async () => {
    const [first = "", second = ""] = digests();
    const tag = one("oci:Tag");
    const { state } = await tag.up({ repository: "team/app", tag: "production", digest: first });
    const manifest = sandbox.store.repository("team/app")?.manifests.get(second);
    sandbox.store.putManifest("team/app", manifest?.mediaType ?? "", manifest?.bytes ?? Buffer.alloc(0), "production");
    await expect(tag.destroy(state)).rejects.toThrow(/production.*no longer points to/);
    expect(sandbox.store.repository("team/app")?.tags.get("production")).toBe(second);
  });

  it("whose creation was cut off is taken up again if it is as declared, and is somebody else's if it is not", async () => {
    const [first = "", second = ""] = digests();
    const inputs = { repository: "team/app", tag: "production", digest: first };
    for (const [meanwhile, ours] of [
      [first, true],
      [second, false],
    ] as const) {
      const tag = one("oci:Tag");
      sandbox.control.inject({ api: "oci", method: "PUT", times: 50, fault: { kind: "reset-before" } });
      await expect(tag.up(inputs)).rejects.toThrow("production");
      sandbox.control.clearFaults();
      const manifest = sandbox.store.repository("team/app")?.manifests.get(meanwhile);
      sandbox.store.putManifest("team/app", manifest?.mediaType ?? "", manifest?.bytes ?? Buffer.alloc(0), "production");
      tag.start();
      if (ours) await tag.destroy((await tag.up(inputs)).state);
      else await expect(tag.up(inputs)).rejects.toThrow("Set adopt: true");
    }
    expect(sandbox.store.repository("team/app")?.tags.get("production")).toBe(second);
  });

  it("says what to do when the digest is not there", async () => {
    await expect(one("oci:Tag").up({ repository: "team/app", tag: "production", digest: `sha256:${"0".repeat(64)}` })).rejects.toThrow(
      "push the image before a tag can point to it",
    );
  });

  it("fails on a tag that exists, whatever it points to, and adopts it when told so", async () => {
    const [first = "", second = ""] = digests();
    await expect(one("oci:Tag").up({ repository: "team/app", tag: "v1", digest: first })).rejects.toThrow("Set adopt: true");
    const { state } = await one("oci:Tag").up({ repository: "team/app", tag: "v1", digest: second, adopt: true });
    expect(state.outputs).toMatchObject({ digest: second });
    expect(sandbox.store.repository("team/app")?.tags.get("v1")).toBe(second);
  });

  it("is replaced when it gets another name or repository", async () => {
    const [first = ""] = digests();
    const tag = one("oci:Tag");
    const { state } = await tag.up({ repository: "team/app", tag: "production", digest: first });
    expect(await tag.up({ repository: "team/app", tag: "live", digest: first }, state)).toMatchObject({
      step: "replace",
      replaces: ["tag"],
    });
    expect([...(sandbox.store.repository("team/app")?.tags.keys() ?? [])].sort()).toEqual(["live", "v1", "v2"]);
  });

  it("is read by its id with .get", async () => {
    const [first = ""] = digests();
    expect(await one("oci:Tag").get("team/app:v1")).toMatchObject({ repository: "team/app", tag: "v1", digest: first });
  });
});
