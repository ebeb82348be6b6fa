import fc from "fast-check";
import { digestOf } from "./digest";
import { artifact, image, index, push } from "./images";
import { MemoryStore, testStore } from "./store";

const bytes = (text: string) => Buffer.from(text);

describe("blobs belong to repositories", () => {
  it("links a blob to the repository that it was pushed to, and to no other", () => {
    const { store } = testStore();
    const digest = store.putBlob("team/app", bytes("a"));
    expect(store.repository("team/app")?.blobs.has(digest)).toBe(true);
    expect(store.repository("team/other")).toBeUndefined();
    expect(store.blob(digest)).toEqual(bytes("a"));
  });

  it("keeps the bytes until the last link is gone", () => {
    const { store } = testStore();
    const digest = store.putBlob("one", bytes("a"));
    store.putBlob("two", bytes("a"));
    expect(store.deleteBlob("one", digest)).toBe(true);
    expect(store.blob(digest)).toEqual(bytes("a"));
    expect(store.deleteBlob("two", digest)).toBe(true);
    expect(store.blob(digest)).toBeUndefined();
    expect(store.deleteBlob("two", digest)).toBe(false);
  });

  it.each(["sha256", "sha512"])("names bytes by %s when asked, and refuses a digest that is not theirs", (algorithm) => {
    const { store } = testStore();
    const digest = digestOf(bytes("a"), `${algorithm}:`);
    expect(store.putBlob("one", bytes("a"), digest)).toBe(digest);
    expect(store.blob(digest)).toEqual(bytes("a"));
    expect(() => store.putBlob("one", bytes("b"), digest)).toThrow(digest);
  });
});

describe("manifests and tags", () => {
  it("points a tag to the manifest pushed last, and leaves the older one untagged", () => {
    const { store, clock } = testStore();
    const first = push(store, "app", "v1", image({ layers: ["1"] }));
    clock.advance(60_000);
    const second = push(store, "app", "v1", image({ layers: ["2"] }));
    const repository = store.repository("app");
    expect(repository?.tags.get("v1")).toBe(second.digest);
    expect([...(repository?.manifests.keys() ?? [])]).toEqual([first.digest, second.digest]);
    expect(repository?.createdAt.toISOString()).toBe("2026-01-01T00:00:00.000Z");
    expect(repository?.updatedAt.toISOString()).toBe("2026-01-01T00:01:00.000Z");
    expect(second.pushedAt.toISOString()).toBe("2026-01-01T00:01:00.000Z");
  });

  it("counts the pushes of a tag, also of the same manifest again, until the tag is gone", () => {
    const { store, clock } = testStore();
    const one = image({ layers: ["1"] });
    push(store, "app", ["v1", "latest"], one);
    clock.advance(60_000);
    push(store, "app", "v1", one);
    push(store, "app", "v1", image({ layers: ["2"] }));
    const pushes = () => Object.fromEntries(store.repository("app")?.tagPushes ?? []);
    const [start, later] = [new Date("2026-01-01T00:00:00Z"), new Date("2026-01-01T00:01:00Z")];
    expect(pushes()).toEqual({ v1: { count: 3, lastAt: later }, latest: { count: 1, lastAt: start } });
    store.deleteTag("app", "v1");
    expect(pushes()).toEqual({ latest: { count: 1, lastAt: start } });
    store.deleteManifest("app", one.digest);
    expect(pushes()).toEqual({});
  });

  it("removes every tag of a deleted manifest, but of a deleted tag nothing else", () => {
    const { store } = testStore();
    const { digest } = push(store, "app", ["v1", "latest"], image());
    expect(store.deleteTag("app", "latest")).toBe(true);
    expect(store.repository("app")?.manifests.has(digest)).toBe(true);
    expect(store.deleteManifest("app", digest)).toBe(true);
    expect(store.repository("app")?.tags.size).toBe(0);
    expect(store.deleteManifest("app", digest)).toBe(false);
    expect(store.deleteTag("app", "v1")).toBe(false);
  });

  it("lists repositories by name, and tags as they were first pushed", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1 }), (names) => {
        const { store } = testStore();
        for (const name of names) push(store, name, undefined, image());
        for (const name of names) push(store, "zzzzzzzzz", name, image());
        expect(store.repositories().map(({ name }) => name)).toEqual([...names, "zzzzzzzzz"].sort());
        expect([...(store.repository("zzzzzzzzz")?.tags.keys() ?? [])]).toEqual(names);
      }),
      { numRuns: 30 },
    );
  });

  it("finds referrers by subject, also before the subject exists", () => {
    const { store } = testStore();
    const subject = image();
    const signature = push(store, "app", undefined, artifact({ artifactType: "application/vnd.example.sig", subject }));
    expect(store.referrers("app", subject.digest)).toEqual([signature]);
    expect(store.referrers("other", subject.digest)).toEqual([]);
  });

  it("reads what any kind of manifest names", () => {
    const { store } = testStore();
    const child = image({ layers: ["a", "b"] });
    const multi = push(store, "app", "multi", index([child], { subject: image() }));
    expect(store.references(multi)).toEqual({
      blobs: [],
      manifests: [{ digest: child.digest, size: child.bytes.length, foreign: false }],
      subject: image().digest,
    });
    const single = store.repository("app")?.manifests.get(child.digest);
    expect(single && store.references(single).blobs.map(({ digest }) => digest)).toEqual(child.blobs.map(({ digest }) => digest));
    const schema1 = store.putManifest(
      "app",
      "application/vnd.docker.distribution.manifest.v1+json",
      bytes('{"fsLayers":[{"blobSum":"sha256:x"}]}'),
    );
    expect(store.references(schema1).blobs).toEqual([{ digest: "sha256:x", size: 0, foreign: false }]);
    expect(store.references(store.putManifest("app", "x", bytes("no json")))).toEqual({ blobs: [], manifests: [] });
  });
});

describe("garbage collection", () => {
  it("frees what no manifest names, and nothing that one does", () => {
    const { store } = testStore();
    const kept = image({ layers: ["kept"] });
    push(store, "app", "v1", kept);
    store.putBlob("app", bytes("orphan"));
    expect(store.collectGarbage()).toBe(6);
    expect(store.blob(digestOf(bytes("orphan")))).toBeUndefined();
    for (const { digest } of kept.blobs) expect(store.blob(digest)).toBeDefined();
    expect(store.collectGarbage()).toBe(0);
  });

  it("only counts on a dry run", () => {
    const { store } = testStore();
    const digest = store.putBlob("app", bytes("orphan"));
    expect(store.collectGarbage({ dryRun: true })).toBe(6);
    expect(store.blob(digest)).toBeDefined();
  });

  it("keeps the blobs of a deleted repository until then, also when pushed again meanwhile", () => {
    const { store } = testStore();
    const digest = store.putBlob("team/app", bytes("orphan"));
    store.deleteRepository("team/app");
    expect(store.repositories()).toEqual([]);
    expect(store.blob(digest)).toBeDefined();
    expect(store.collectGarbage({ prefix: "team" })).toBe(6);
    expect(store.blob(digest)).toBeUndefined();

    push(store, "team/app", "v1", image());
    store.deleteRepository("team/app");
    push(store, "team/app", "v1", image());
    expect(store.collectGarbage()).toBe(0);
    for (const blob of image().blobs) expect(store.blob(blob.digest)).toBeDefined();
  });

  it("stays below the prefix, which ends at a slash", () => {
    const { store } = testStore();
    store.putBlob("team/app", bytes("inside"));
    const outside = store.putBlob("teams/app", bytes("outside"));
    expect(store.collectGarbage({ prefix: "team" })).toBe(6);
    expect(store.blob(outside)).toBeDefined();
  });

  it("removes untagged manifests when asked, but no children of tagged indexes and no referrers of kept ones", () => {
    const { store } = testStore();
    const child = image({ layers: ["child"] });
    const multi = push(store, "app", "multi", index([child]));
    const signature = push(store, "app", undefined, artifact({ artifactType: "a/b", subject: child }));
    const loose = image({ layers: ["loose"] });
    push(store, "app", undefined, loose);
    const looseSignature = artifact({ artifactType: "a/b", subject: loose });
    push(store, "app", undefined, looseSignature);
    const manifests = () => [...(store.repository("app")?.manifests.keys() ?? [])];

    expect(store.collectGarbage()).toBe(0);
    expect(manifests()).toHaveLength(5);
    const looseBytes = [loose.bytes, looseSignature.bytes, ...loose.blobs.map((blob) => blob.bytes)];
    expect(store.collectGarbage({ untagged: true })).toBe(looseBytes.reduce((sum, { length }) => sum + length, 0));
    expect(manifests()).toEqual([child.digest, multi.digest, signature.digest]);
  });

  it("never breaks a tag, whatever is stored", () => {
    const layer = fc.constantFrom("a", "b", "c", "d");
    const repository = fc.constantFrom("x", "x/y", "z");
    const tag = fc.option(fc.constantFrom("v1", "v2"), { nil: undefined });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(repository, tag, fc.array(layer, { minLength: 1, maxLength: 3 }), fc.boolean())),
        fc.boolean(),
        (pushes, untagged) => {
          const store = new MemoryStore();
          for (const [name, to, layers, multi] of pushes) push(store, name, to, multi ? index([image({ layers })]) : image({ layers }));
          store.collectGarbage({ prefix: "x", untagged });
          for (const { manifests, tags, blobs } of store.repositories()) {
            for (const digest of tags.values()) {
              const manifest = manifests.get(digest);
              if (!manifest) throw new Error("a tag points nowhere");
              const references = store.references(manifest);
              for (const child of references.manifests) expect(manifests.has(child.digest)).toBe(true);
              for (const blob of references.blobs) expect(blobs.has(blob.digest) && store.blob(blob.digest)).toBeTruthy();
            }
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
