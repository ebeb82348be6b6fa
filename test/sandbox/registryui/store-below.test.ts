import { image, push } from "../images";
import { testStore } from "../store";
import { storeBelow } from "../store-below";
import { rig } from "./rig";

const app = image({ layers: ["app"] });

describe("RegistryUI's part of the store", () => {
  it("is what lies below registryui/, without that", async () => {
    const { store, whole, call } = rig();
    push(whole, "registryui/team/app", "v1", app);
    push(whole, "other", "v1", app);
    push(whole, "registryui", "v1", app);
    push(whole, "registryuis/app", "v1", app);
    push(store, "web", "v1", app);
    expect(store.repositories().map(({ name }) => name)).toEqual(["team/app", "web"]);
    expect(whole.repository("registryui/web")?.tags.get("v1")).toBe(app.digest);
    expect((await call("GET", "tags?repository=team/app")).json).toMatchObject({ total: 1, entries: [{ repositoryName: "team/app" }] });
  });

  it("is the whole store without a prefix", async () => {
    const { whole, call } = rig({ prefix: "" });
    push(whole, "other", "v1", app);
    expect((await call("GET", "repositories")).json).toMatchObject({ entries: [{ fullPath: "other" }] });
  });

  it("keeps deletions and garbage collections to itself", async () => {
    const { store, whole, call } = rig();
    push(whole, "other/app", "v1", app);
    const waiting = whole.putBlob("other/app", Buffer.from("an upload of another API"));
    push(store, "app", "v1", app);
    const own = store.putBlob("app", Buffer.from("of no image"));
    await call("DELETE", "folder?path=");
    await call("POST", "garbagecollection");
    expect(whole.repositories().map(({ name }) => name)).toEqual(["other/app"]);
    expect([whole.blob(waiting), whole.blob(own)]).toEqual([Buffer.from("an upload of another API"), undefined]);
  });

  it("passes everything on that a store can do", () => {
    const { store: whole } = testStore();
    const store = storeBelow(whole, "part");
    expect(store.createRepository("made").name).toBe("made");
    const subject = push(store, "app", ["v1", "v2"], app);
    const referrer = push(store, "app", undefined, image({ layers: ["x"] }));
    expect(store.referrers("app", subject.digest)).toEqual([]);
    expect(store.references(referrer).blobs).toHaveLength(2);
    expect([store.deleteTag("app", "v2"), store.deleteManifest("app", subject.digest)]).toEqual([true, true]);
    const blob = store.putBlob("app", Buffer.from("b"));
    expect([store.deleteBlob("app", blob), store.blob(blob)]).toEqual([true, undefined]);
    store.deleteRepository("app");
    expect(store.collectGarbage({ prefix: "ap", dryRun: true })).toBe(0);
    expect(store.collectGarbage({ prefix: "app" })).toBeGreaterThan(0);
    expect(whole.repositories().map(({ name }) => name)).toEqual(["part/made"]);
  });
});
