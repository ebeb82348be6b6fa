import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  digestOf,
  type ManifestCache,
  type ManifestCacheOptions,
  memoryCache,
  openManifestCache,
} from "../../../../provider/registries/oci";
import type { KnownManifest } from "../../../../provider/registries/oci/images/known";
import { artifact, image, index, push } from "../../../sandbox/images";
import { later } from "../scripted";
import { plain, type World, world } from "./world";

const repository = "team/app";
const one = image({ layers: ["one"], created: "2024-01-01T00:00:00Z" });
const two = image({ layers: ["two"], platform: { os: "linux", architecture: "arm64" } });
const multi = index([one, two]);
const referrer = artifact({
  artifactType: "application/x.y",
  subject: multi,
  annotations: { "org.opencontainers.image.created": "never" },
});
const day = 24 * 3600_000;

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "registry-as-code-cache-"));
  later(() => rm(path, { recursive: true, force: true }));
  return path;
}

let serial = 0;
const open = (path: string, options: Partial<ManifestCacheOptions> = {}) =>
  openManifestCache(path, { nonce: () => String(++serial), warn: (line) => expect(line).toBe("no warning"), ...options });
const file = (path: string) => join(path, "manifests.jsonl");

function fill({ store }: World): void {
  push(store, repository, ["multi", "latest"], multi);
  push(store, repository, "single", one);
  push(store, repository, "sbom", referrer);
}

/** A run of its own: inventory and all creation times. */
async function run(made: World, cache: ManifestCache, name = repository) {
  const registry = made.open({ cache });
  const inventory = await registry.inventory(name);
  const detailed = await registry.detail(inventory, { referrers: false, created: new Set(inventory.manifests.keys()) });
  await registry.close();
  return plain(detailed);
}

const known = (text: string, layers = 1): KnownManifest => ({
  digest: digestOf(text),
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  size: 10,
  index: false,
  kind: "image",
  entries: [],
  blobs: Array.from({ length: layers }, (_, n) => ({ digest: digestOf(`layer ${n}`), size: n })),
});

describe("A cache on disk", () => {
  it("saves the next run every manifest and config that it knows, and gives the same", async () => {
    const made = await world();
    fill(made);
    const path = await directory();
    const first = await run(made, await open(path));
    made.lines();
    expect(await run(made, await open(path))).toEqual(first);
    expect(made.lines().sort()).toEqual(
      ["GET team/app tags list", ...["latest", "multi", "sbom", "single"].map((tag) => `HEAD team/app manifests ${tag}`)].sort(),
    );
  });

  it("holds no tags, no names and nothing of a registry's address", async () => {
    const made = await world();
    fill(made);
    const path = await directory();
    await run(made, await open(path));
    expect(await readdir(path)).toEqual(["manifests.jsonl"]);
    const text = await readFile(file(path), "utf8");
    expect(text).toContain(multi.digest);
    expect(text).not.toMatch(/team|app"|latest|127\.0\.0\.1/);
  });

  it("does not believe for ever that what it saw is still there", async () => {
    const made = await world();
    fill(made);
    const path = await directory();
    await run(made, await open(path));
    made.store.deleteManifest(repository, two.digest);
    const missing = async (age: number) => {
      const registry = made.open({ cache: await open(path), now: () => Date.now() + age });
      return (await registry.inventory(repository)).missing;
    };
    expect([...(await missing(6 * day))]).toEqual([]);
    expect([...(await missing(8 * day))]).toEqual([two.digest]);
    // Nor what somebody with a wrong clock wrote.
    expect([...(await missing(-day))]).toEqual([two.digest]);
  });

  it("says nothing of other repositories and registries", async () => {
    const made = await world({ sparse: "all" });
    fill(made);
    made.store.putManifest("team/other", multi.mediaType, multi.bytes, "v1");
    const path = await directory();
    await run(made, await open(path));
    expect((await run(made, await open(path), "team/other")).missing).toEqual([one.digest, two.digest].sort());
    const elsewhere = await world({ sparse: "all" });
    elsewhere.store.putManifest(repository, multi.mediaType, multi.bytes, "v1");
    expect((await run(elsewhere, await open(path))).missing).toEqual([one.digest, two.digest].sort());
  });

  it.each([
    ["a line that breaks off", (text: string) => text.slice(0, -40)],
    ["a line of another kind", (text: string) => `${text}{"is":"else"}\n[]\nnull\n\n`],
    ["bytes that are no text", (text: string) => `${text}\u0000\uffff\n`],
    ["a digest that is none", (text: string) => text.replaceAll(two.digest, "sha256:x")],
    ["an image without a kind", (text: string) => text.replaceAll('"kind":"image",', "")],
    ["a size that is none", (text: string) => text.replaceAll('"size":', '"size":-')],
    ["another version", (text: string) => text.replace(/\d/, "2")],
    ["nothing at all", () => ""],
    ["somebody else's content", () => "hello\n"],
  ])("with %s is still good for the rest", async (_, damage) => {
    const made = await world();
    fill(made);
    const path = await directory();
    const first = await run(made, await open(path));
    await writeFile(file(path), damage(await readFile(file(path), "utf8")));
    expect(await run(made, await open(path))).toEqual(first);
    // And is whole again after it.
    made.lines();
    expect(await run(made, await open(path))).toEqual(first);
    expect(made.lines()).toHaveLength(5);
  });

  it("is shared by jobs that run side by side, also one that was killed while it wrote", async () => {
    const path = await directory();
    const jobs = await Promise.all(Array.from({ length: 4 }, () => open(path)));
    await Promise.all(
      jobs.map(async (cache, job) => {
        for (let n = 0; n < 300; n++) {
          cache.addManifest(known(`${job} ${n}`));
          if (n % 50 === 0) await cache.flush();
        }
        await cache.flush();
      }),
    );
    await appendFile(file(path), '{"is":"manifest","mani');
    const late = await open(path);
    late.addManifest(known("late"));
    await late.flush();
    const all = await open(path);
    expect(all.manifest(digestOf("late"))).toEqual(known("late"));
    for (let job = 0; job < 4; job++) for (let n = 0; n < 300; n++) expect(all.manifest(digestOf(`${job} ${n}`))).toBeDefined();
  });

  it("that has become too large keeps what came last", async () => {
    const path = await directory();
    const cache = await open(path);
    for (let n = 0; n < 200; n++) cache.addManifest(known(`${n}`));
    cache.addTime(digestOf("config"), { time: Number.NaN, source: "config" });
    cache.addVisited("0".repeat(24));
    await cache.flush();
    const large = (await readFile(file(path))).length;
    await open(path, { fileBytes: large / 2 });
    expect((await readFile(file(path))).length).toBeLessThan(large / 3);
    const after = await open(path);
    expect([after.manifest(digestOf("0")), after.visited("0".repeat(24))]).toEqual([undefined, true]);
    expect(after.manifest(digestOf("199"))).toEqual(known("199"));
    expect(after.time(digestOf("config"))).toEqual({ time: Number.NaN, source: "config" });
    await open(path, { fileBytes: 10 });
    expect((await readFile(file(path), "utf8")).split("\n")).toHaveLength(2);
  });

  it.each(["mkdir", "readFile", "append"] as const)("that cannot be used (%s) is none, with one warning", async (broken) => {
    const made = await world();
    fill(made);
    const path = await directory();
    await run(made, await open(path));
    const warnings: string[] = [];
    const fail = () => Promise.reject(Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" }));
    const { mkdir, stat, readFile, writeFile, rename, appendFile: append } = await import("node:fs/promises");
    const fs = { mkdir, stat, readFile: (name: string) => readFile(name), writeFile, rename, append, [broken]: fail };
    const cache = await open(path, { fs, warn: (line) => warnings.push(line) });
    push(made.store, repository, "new", image({ layers: ["new"] }));
    expect(Object.keys((await run(made, cache)).manifests)).toHaveLength(5);
    expect(warnings).toEqual([expect.stringMatching(/cannot be (read|written) and is not used: EACCES/)]);
  });
});

describe("A cache in memory", () => {
  it("forgets what was not used for longest", () => {
    const cache = memoryCache({ bytes: 1700 });
    for (const text of ["a", "b", "c"]) cache.addManifest(known(text));
    cache.manifest(digestOf("a"));
    cache.addManifest(known("d"));
    const left = ["a", "b", "c", "d"].filter((text) => cache.manifest(digestOf(text)));
    expect(left).toEqual(["a", "c", "d"]);
  });

  it("may hold nothing at all, and the inventory is the same", async () => {
    const made = await world();
    fill(made);
    const expected = await run(made, memoryCache());
    expect(await run(made, memoryCache({ bytes: 0 }))).toEqual(expected);
  });

  it("has shared layers once", () => {
    const cache = memoryCache();
    cache.addManifest(known("a", 3));
    cache.addManifest(known("b", 3));
    const [a, b] = ["a", "b"].map((text) => cache.manifest(digestOf(text))?.blobs);
    expect(a?.[2]).toBe(b?.[2]);
  });
});
