import type { Inventory } from "../../../../provider/registries/image-registry";
import { digestOf, mediaTypes } from "../../../../provider/registries/oci";
import type { Fault } from "../../../sandbox";
import { artifact, type Fixture, image, index, push } from "../../../sandbox/images";
import { forget, plain, type World, world } from "./world";

const repository = "team/app";
const time = (text: string) => Date.parse(text);
const at = (created: string | null, more: Parameters<typeof image>[0] = {}) => image({ created, layers: [created ?? "none"], ...more });
const annotated = (created: string) => ({ "org.opencontainers.image.created": created });
const all = { referrers: true, created: new Set<string>() };
const dates = (inventory: Inventory, ...digests: string[]) => ({
  referrers: false,
  created: new Set(digests.length > 0 ? digests : inventory.manifests.keys()),
});

async function dated({ registry }: World, fixture: Fixture) {
  const inventory = await registry.inventory(repository);
  const detailed = await registry.detail(inventory, dates(inventory, fixture.digest));
  return detailed.manifests.get(fixture.digest)?.created;
}

describe("A creation time comes from", () => {
  const old = at("2020-01-01T00:00:00Z");
  const young = at("2025-05-05T00:00:00Z", { platform: { os: "linux", architecture: "arm64" } });
  const undated = at(null);
  const attestation: Fixture = { ...at("2030-01-01T00:00:00Z"), children: [] };
  const unknown: Fixture = {
    ...attestation,
    descriptor: { ...attestation.descriptor, platform: { os: "unknown", architecture: "unknown" } },
  };
  it.each([
    ["the config", old, { time: time("2020-01-01T00:00:00Z"), source: "config" }],
    [
      "the annotation before the config",
      at("2020-01-01T00:00:00Z", { annotations: annotated("2024-01-01T00:00:00Z") }),
      { time: time("2024-01-01T00:00:00Z"), source: "annotation" },
    ],
    [
      "the config if the annotation cannot be read",
      at("2020-01-01T00:00:00Z", { annotations: annotated("$DATE") }),
      { time: time("2020-01-01T00:00:00Z"), source: "config" },
    ],
    ["nowhere readable", at("never"), { time: Number.NaN, source: "config" }],
    ["nowhere", undated, undefined],
    [
      "an artifact's annotation",
      artifact({ artifactType: "application/x.y", annotations: annotated("2024-01-01T00:00:00Z") }),
      { time: time("2024-01-01T00:00:00Z"), source: "annotation" },
    ],
    ["nowhere in an artifact", artifact({ artifactType: "application/x.y" }), undefined],
    ["the newest child", index([old, young]), { time: time("2025-05-05T00:00:00Z"), source: "children" }],
    [
      "the index's annotation before the children",
      index([old], { annotations: annotated("2024-01-01T00:00:00Z") }),
      { time: time("2024-01-01T00:00:00Z"), source: "annotation" },
    ],
    ["children of children", index([index([old]), index([young])]), { time: time("2025-05-05T00:00:00Z"), source: "children" }],
    ["no attestation", index([old, unknown]), { time: time("2020-01-01T00:00:00Z"), source: "children" }],
    ["nowhere if a child has none: that one may be the newest", index([old, undated]), undefined],
    ["nowhere readable if a child's is not", index([old, at("never")]), { time: Number.NaN, source: "children" }],
    ["nowhere in an empty index", index([]), undefined],
  ])("%s", async (_, fixture, expected) => {
    const made = await world();
    push(made.store, repository, "v1", fixture);
    expect(await dated(made, fixture)).toEqual(expected);
  });

  it("the children that exist", async () => {
    const made = await world({ sparse: "all" });
    const multi = index([old, young]);
    push(made.store, repository, undefined, old);
    made.store.putManifest(repository, multi.mediaType, multi.bytes, "v1");
    expect(await dated(made, multi)).toEqual({ time: time("2020-01-01T00:00:00Z"), source: "children" });
  });

  it("schema1 itself, without a request", async () => {
    const { store, registry } = await world();
    const bytes = Buffer.from(
      JSON.stringify({ schemaVersion: 1, fsLayers: [], history: [{ v1Compatibility: '{"created":"2020-01-01T00:00:00Z"}' }] }),
    );
    store.putManifest(repository, mediaTypes.schema1, bytes, "v1");
    expect((await registry.inventory(repository)).manifests.get(digestOf(bytes))?.created).toEqual({
      time: time("2020-01-01T00:00:00Z"),
      source: "history",
    });
  });

  it.each([
    ["is not there", (made: World, config: string) => void made.store.deleteBlob(repository, config)],
    ["is no JSON", () => undefined],
  ])("nowhere if the config %s", async (name, spoil) => {
    const made = await world({ sparse: "all" });
    const fixture = at("2020-01-01T00:00:00Z");
    const config = Buffer.from("{");
    const bytes = Buffer.from(fixture.bytes.toString().replace(fixture.blobs[0]?.digest ?? "", digestOf(config)));
    const used =
      name === "is no JSON"
        ? { ...fixture, bytes, digest: digestOf(bytes), blobs: [{ digest: digestOf(config), bytes: config }] }
        : fixture;
    push(made.store, repository, "v1", used);
    spoil(made, fixture.blobs[0]?.digest ?? "");
    expect(await dated(made, used)).toBeUndefined();
  });
});

describe("Requests for creation times", () => {
  it("are one for each distinct config, only for what is wanted, and none the second time", async () => {
    const { store, registry, lines } = await world();
    const [first, second] = ["a", "b"].map((note) => image({ layers: ["same"], annotations: { note } }));
    const wanted = at("2024-01-01T00:00:00Z");
    if (!first || !second) throw new Error("there are two");
    push(store, repository, "a", first);
    push(store, repository, "b", second);
    push(store, repository, "c", wanted);
    push(store, repository, "d", at("2023-01-01T00:00:00Z"));
    push(store, repository, "said", at("2022-01-01T00:00:00Z", { annotations: annotated("2022-01-01T00:00:00Z") }));
    const inventory = await registry.inventory(repository);
    lines();
    const options = dates(inventory, first.digest, second.digest, wanted.digest, index([]).digest);
    const detailed = await registry.detail(inventory, options);
    expect(lines().sort()).toEqual([first, wanted].map(({ blobs }) => `GET team/app blobs ${blobs[0]?.digest}`).sort());
    await registry.detail(inventory, options);
    expect(plain(await registry.detail(detailed, options))).toEqual(plain(detailed));
    expect(lines()).toEqual([]);
    const saidBy = [...detailed.manifests.values()].flatMap(({ created }) => created?.source ?? []);
    expect(saidBy.sort()).toEqual(["annotation", "config", "config", "config"]);
  });

  it("are as many for an inventory that somebody copied", async () => {
    const { store, registry, lines } = await world({ sparse: "all" });
    const multi = index([at("2024-01-01T00:00:00Z"), at("2023-01-01T00:00:00Z")]);
    push(store, repository, "v1", multi);
    store.deleteManifest(repository, at("2023-01-01T00:00:00Z").digest);
    const inventory = await registry.inventory(repository);
    lines();
    const copied = await registry.detail({ ...inventory }, dates(inventory));
    expect(lines()).toHaveLength(1);
    expect(plain(copied)).toEqual(plain(await registry.detail(inventory, dates(inventory))));
  });
});

describe("Referrers that only the registry's list shows", () => {
  const subject = image({ layers: ["subject"] });
  const multi = index([subject]);
  const signature = artifact({ artifactType: "application/x.signature", subject: multi });
  const ofChild = artifact({ artifactType: "application/x.sbom", subject });
  const ofSignature = artifact({ artifactType: "application/x.signature", subject: signature });
  const referringIndex = index([image({ layers: ["inside"] })], { subject });
  const fill = ({ store }: World) => {
    push(store, repository, "v1", multi);
    push(store, repository, "v2", image({ layers: ["other"] }));
    for (const referrer of [signature, ofChild, ofSignature, referringIndex]) push(store, repository, undefined, referrer);
  };

  it("are found with all that hangs on them, to the end", async () => {
    const made = await world({ referrersPage: 1 });
    fill(made);
    const inventory = await made.registry.inventory(repository);
    expect(inventory.manifests.size).toBe(3);
    const { manifests } = await made.registry.detail(inventory, all);
    expect(manifests.size).toBe(8);
    expect([signature, ofChild, ofSignature, referringIndex].map(({ digest }) => manifests.get(digest)?.subject)).toEqual(
      [multi, subject, signature, subject].map(({ digest }) => digest),
    );
    // The subject is given by all of them in their own content.
    expect(manifests.get(referringIndex.digest)).toMatchObject({ kind: "image", children: [image({ layers: ["inside"] }).digest] });
  });

  it("are asked for once a manifest", async () => {
    const made = await world();
    fill(made);
    const inventory = await made.registry.inventory(repository);
    made.lines();
    const { manifests } = await made.registry.detail(inventory, all);
    const asked = made.lines().filter((line) => line.includes("referrers"));
    expect(asked.sort()).toEqual([...manifests.keys()].map((digest) => `GET team/app referrers ${digest}`).sort());
  });

  it("are not asked for again where the registry keeps no lists", async () => {
    const made = await world({ referrersApi: false });
    fill(made);
    const inventory = await made.registry.inventory(repository);
    made.lines();
    expect(plain(await made.registry.detail(inventory, all))).toEqual(plain(inventory));
    expect(made.lines().filter((line) => line.includes("referrers"))).toHaveLength(1);
  });

  it("that were removed a moment ago are left out", async () => {
    const made = await world();
    fill(made);
    const inventory = await made.registry.inventory(repository);
    const unknown = JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN" }] });
    made.sandbox.control.inject({ api: "oci", path: `manifests/${ofChild.digest}`, fault: { kind: "status", status: 404, body: unknown } });
    const { manifests, missing } = await made.registry.detail(inventory, all);
    expect([manifests.has(ofChild.digest), missing.size, manifests.size]).toEqual([false, 0, 7]);
  });

  it("are an error where the registry knows the lists of some manifests and not of others", async () => {
    const made = await world();
    fill(made);
    const inventory = await made.registry.inventory(repository);
    made.sandbox.control.inject({ api: "oci", path: "referrers", skip: 2, fault: { kind: "status", status: 404 } });
    await expect(made.registry.detail(inventory, all)).rejects.toThrow(
      /listed the referrers of other manifests of team\/app, but not those of sha256:/,
    );
  });

  it("of an empty repository are none", async () => {
    const made = await world();
    made.store.createRepository(repository);
    const inventory = await made.registry.inventory(repository);
    expect((await made.registry.detail(inventory, all)).manifests.size).toBe(0);
  });
});

describe("A detail that cannot be read completely is an error", () => {
  const subject = at("2024-01-01T00:00:00Z");
  const referrer = artifact({ artifactType: "application/x.y", subject });
  const places = {
    "a config": `blobs/${subject.blobs[0]?.digest}`,
    "a list of referrers": `referrers/${subject.digest}`,
    "a referrer": `manifests/${referrer.digest}`,
  };
  const faults: [string, Fault][] = [
    ["403", { kind: "status", status: 403 }],
    ["500", { kind: "status", status: 500 }],
    ["a reset", { kind: "reset-before" }],
    ["an answer that breaks off", { kind: "truncated" }],
  ];
  it.each(Object.entries(places).flatMap(([place, path]) => faults.map(([name, fault]) => [place, name, path, fault] as const)))(
    "in %s: %s",
    async (_place, _name, path, fault) => {
      const { store, registry, sandbox } = await world();
      push(store, repository, "v1", subject);
      push(store, repository, undefined, referrer);
      const inventory = await registry.inventory(repository);
      sandbox.control.inject({ api: "oci", path, times: 2, fault });
      const wanted = { referrers: true, created: new Set([subject.digest]) };
      await expect(registry.detail(inventory, wanted)).rejects.toThrow(path);
      sandbox.control.clearFaults();
      const detailed = await registry.detail(inventory, wanted);
      expect([detailed.manifests.size, detailed.manifests.get(subject.digest)?.created?.source]).toEqual([2, "config"]);
    },
  );

  it("also where a config's bytes are not its digest's", async () => {
    const { store, registry, sandbox } = await world();
    push(store, repository, "v1", subject);
    const inventory = await registry.inventory(repository);
    sandbox.control.inject({
      api: "oci",
      path: "blobs",
      fault: { kind: "status", status: 200, body: '{"created":"2000-01-01T00:00:00Z"}' },
    });
    await expect(registry.detail(inventory, dates(inventory))).rejects.toThrow(subject.blobs[0]?.digest);
  });
});

it("A tag that is lost between inventory and detail does no harm", async () => {
  const { store, registry } = await world();
  push(store, repository, "v1", at("2024-01-01T00:00:00Z"));
  const inventory = await registry.inventory(repository);
  forget(store, repository, at("2024-01-01T00:00:00Z"));
  expect((await registry.detail(inventory, dates(inventory))).manifests.size).toBe(1);
});

describe("Manifests that are asked for by digest", () => {
  it("are in the inventory with all that they consist of, if the repository has them", async () => {
    const child = at("2025-05-05T00:00:00Z");
    const moved = index([child]);
    const { store, registry } = await world();
    push(store, repository, "latest", at("2026-01-01T00:00:00Z"));
    push(store, repository, undefined, moved);
    const inventory = await registry.inventory(repository);
    expect(inventory.manifests.has(moved.digest)).toBe(false);
    const nowhere = digestOf("nowhere");
    const detailed = await registry.detail(inventory, { ...all, referrers: false, digests: new Set([moved.digest, nowhere]) });
    expect(detailed.manifests.get(moved.digest)).toMatchObject({ children: [child.digest] });
    expect([...detailed.manifests.keys()]).toContain(child.digest);
    expect(detailed.manifests.has(nowhere)).toBe(false);
    expect(detailed.tags).toEqual(inventory.tags);
  });
});
