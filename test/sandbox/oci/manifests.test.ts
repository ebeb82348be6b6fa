import { digestOf } from "../digest";
import { artifact, type Fixture, image, index, push } from "../images";
import { testStore } from "../store";
import { createOciApi, type OciSwitches } from ".";
import { ask, codesOf } from "./ask";

const ZEROS = `sha256:${"0".repeat(64)}`;

function registry(switches: OciSwitches = {}) {
  const { store, clock } = testStore();
  return { store, api: createOciApi({ store, clock, ...switches }) };
}

/** Pushes blobs into the store and the manifest through the API. */
async function put({ store, api }: ReturnType<typeof registry>, reference: string, fixture: Fixture, mediaType = fixture.mediaType) {
  for (const { bytes, digest } of fixture.blobs) store.putBlob("app", bytes, digest);
  for (const child of fixture.children) push(store, "app", undefined, child);
  return ask(api, "PUT", `/v2/app/manifests/${reference}`, { headers: { "content-type": mediaType }, body: fixture.bytes });
}

describe("GET and HEAD of a manifest", () => {
  const kinds: readonly (readonly [string, Fixture])[] = [
    ["OCI image", image()],
    ["Docker image", image({ format: "docker" })],
    ["OCI index", index([image()])],
    ["Docker manifest list", index([image({ format: "docker" })], { format: "docker" })],
    ["artifact", artifact({ artifactType: "application/vnd.example.sbom" })],
  ];

  it.each(kinds)("gives the very bytes of an %s, by tag and by digest", async (_, fixture) => {
    const { store, api } = registry();
    push(store, "app", "v1", fixture);
    for (const method of ["GET", "HEAD"]) {
      for (const reference of ["v1", fixture.digest]) {
        const answer = await ask(api, method, `/v2/app/manifests/${reference}`);
        expect(answer.status).toBe(200);
        expect(answer.body).toEqual(fixture.bytes);
        expect(answer.headers).toMatchObject({
          "content-type": fixture.mediaType,
          "docker-content-digest": fixture.digest,
          etag: `"${fixture.digest}"`,
        });
      }
    }
  });

  it("answers 304 to a client that has it", async () => {
    const { store, api } = registry();
    const { digest } = push(store, "app", "v1", image());
    const answer = await ask(api, "GET", "/v2/app/manifests/v1", { headers: { "if-none-match": `"${digest}"` } });
    expect([answer.status, answer.body]).toEqual([304, undefined]);
  });

  it.each([
    { reference: "none", status: 404, code: "MANIFEST_UNKNOWN" },
    { reference: ZEROS, status: 404, code: "MANIFEST_UNKNOWN" },
    { reference: "sha256:abc", status: 400, code: "DIGEST_INVALID" },
    { reference: "md5:abc", status: 400, code: "DIGEST_INVALID" },
  ])("answers $code for $reference", async ({ reference, status, code }) => {
    const { store, api } = registry();
    push(store, "app", "v1", image());
    const answer = await ask(api, "GET", `/v2/app/manifests/${reference}`);
    expect([answer.status, codesOf(answer)]).toEqual([status, [code]]);
  });

  it("does not serve a manifest of another repository", async () => {
    const { store, api } = registry();
    const { digest } = push(store, "app", "v1", image());
    expect((await ask(api, "GET", `/v2/other/manifests/${digest}`)).status).toBe(404);
  });

  describe("as distribution 2.8", () => {
    const old = () => registry({ accept: "distribution-2.8" });

    it.each([
      { accept: "application/vnd.oci.image.manifest.v1+json", status: 200 },
      { accept: "text/html, application/vnd.oci.image.manifest.v1+json;q=0.5", status: 200 },
      { accept: "*/*", status: 404 },
      { accept: "application/vnd.docker.distribution.manifest.v2+json", status: 404 },
    ])("an OCI manifest for Accept: $accept is $status", async ({ accept, status }) => {
      const { store, api } = old();
      push(store, "app", "v1", image());
      expect((await ask(api, "GET", "/v2/app/manifests/v1", { headers: { accept } })).status).toBe(status);
    });

    it("a manifest list by tag turns into its linux/amd64 child", async () => {
      const { store, api } = old();
      const amd64 = image({ format: "docker" });
      const arm64 = image({ format: "docker", platform: { os: "linux", architecture: "arm64" } });
      const list = push(store, "app", "v1", index([arm64, amd64], { format: "docker" }));
      const read = async (reference: string, accept: string) =>
        (await ask(api, "GET", `/v2/app/manifests/${reference}`, { headers: { accept } })).headers["docker-content-digest"];
      expect(await read("v1", amd64.mediaType)).toBe(amd64.digest);
      expect(await read("v1", `${amd64.mediaType}, ${list.mediaType}`)).toBe(list.digest);
      expect(await read(list.digest, amd64.mediaType)).toBe(list.digest);
    });
  });
});

describe("PUT of a manifest", () => {
  it.each([image(), image({ format: "docker" }), index([image()]), index([]), image({ layers: [] })])(
    "stores it under its digest and the tag",
    async (fixture) => {
      const sandbox = registry();
      const answer = await put(sandbox, "v1", fixture);
      expect(answer).toMatchObject({
        status: 201,
        headers: { location: `http://registry.example/v2/app/manifests/${fixture.digest}`, "docker-content-digest": fixture.digest },
      });
      const stored = sandbox.store.repository("app");
      expect(stored?.tags.get("v1")).toBe(fixture.digest);
      expect(stored?.manifests.get(fixture.digest)?.bytes).toEqual(fixture.bytes);
    },
  );

  it.each(["sha256", "sha512"])("stores it by a digest of %s, with the tags of the query", async (algorithm) => {
    const sandbox = registry();
    const digest = digestOf(image().bytes, `${algorithm}:`);
    const answer = await put(sandbox, `${digest}?tag=a&tag=b`, image());
    expect(answer).toMatchObject({ status: 201, headers: { "docker-content-digest": digest, "oci-tag": ["a", "b"] } });
    expect(Object.fromEntries(sandbox.store.repository("app")?.tags ?? [])).toEqual({ a: digest, b: digest });
  });

  it("names the subject that it understood, whether that exists or not", async () => {
    const sandbox = registry();
    const subject = { mediaType: image().mediaType, digest: ZEROS, size: 7 };
    const answer = await put(sandbox, "sig", artifact({ artifactType: "a/b", subject }));
    expect(answer).toMatchObject({ status: 201, headers: { "oci-subject": ZEROS } });
    const without = await put(registry({ referrersApi: false }), "sig", artifact({ artifactType: "a/b", subject }));
    expect([without.status, without.headers["oci-subject"]]).toEqual([201, undefined]);
  });

  it("takes a manifest whose layers lie elsewhere", async () => {
    const { store, api } = registry();
    const config = image().blobs[0];
    if (!config) throw new Error("the fixture has no config");
    store.putBlob("app", config.bytes);
    const layer = {
      mediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar",
      digest: ZEROS,
      size: 5,
      urls: ["https://store.example/x"],
    };
    const manifest = {
      schemaVersion: 2,
      mediaType: image().mediaType,
      config: { mediaType: "x", digest: config.digest, size: 1 },
      layers: [layer],
    };
    const answer = await ask(api, "PUT", "/v2/app/manifests/v1", {
      headers: { "content-type": image().mediaType },
      body: JSON.stringify(manifest),
    });
    expect(answer.status).toBe(201);
  });

  describe("what a manifest names must be there", () => {
    const child = image();
    const blobs = child.blobs.map(({ digest }) => digest);
    it.each([
      { sparse: "index", fixture: child, missing: blobs },
      { sparse: "all", fixture: child, missing: [] },
      { sparse: "none", fixture: child, missing: blobs },
      { sparse: "index", fixture: index([child]), missing: [] },
      { sparse: "none", fixture: index([child]), missing: [child.digest] },
    ] as const)("sparse: $sparse, $fixture.mediaType", async ({ sparse, fixture, missing }) => {
      const { store, api } = registry({ sparse });
      const answer = await ask(api, "PUT", "/v2/app/manifests/v1", { headers: { "content-type": fixture.mediaType }, body: fixture.bytes });
      if (missing.length === 0) return expect(answer.status).toBe(201);
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ errors: missing.map((digest) => ({ code: "MANIFEST_BLOB_UNKNOWN", detail: { digest } })) });
      return expect(store.repository("app")?.manifests.size ?? 0).toBe(0);
    });
  });

  const oci = image().mediaType;
  it.each([
    { why: "another digest", reference: ZEROS, type: oci, body: image().bytes, status: 400, code: "DIGEST_INVALID" },
    {
      why: "a digest that is none",
      reference: "sha256:baddigeststring",
      type: oci,
      body: image().bytes,
      status: 400,
      code: "DIGEST_INVALID",
    },
    {
      why: "another media type in the document",
      reference: "v1",
      type: index([]).mediaType,
      body: image().bytes,
      status: 400,
      code: "MANIFEST_INVALID",
    },
    { why: "an unknown media type", reference: "v1", type: "application/json", body: "{}", status: 400, code: "MANIFEST_INVALID" },
    { why: "no JSON", reference: "v1", type: oci, body: "nonsense", status: 400, code: "MANIFEST_INVALID" },
    { why: "no layers", reference: "v1", type: oci, body: '{"schemaVersion":2,"config":{}}', status: 400, code: "MANIFEST_INVALID" },
    { why: "no schemaVersion", reference: "v1", type: oci, body: '{"config":{},"layers":[]}', status: 400, code: "MANIFEST_INVALID" },
    {
      why: "a wrong tag in the query",
      reference: `${image().digest}?tag=-x`,
      type: oci,
      body: image().bytes,
      status: 400,
      code: "MANIFEST_INVALID",
    },
    {
      why: "more than 4 MiB",
      reference: "v1",
      type: oci,
      body: Buffer.alloc(4 * 1024 * 1024 + 1, " "),
      status: 413,
      code: "MANIFEST_INVALID",
    },
  ])("refuses $why, and stores nothing", async ({ reference, type, body, status, code }) => {
    const { store, api } = registry();
    for (const blob of image().blobs) store.putBlob("app", blob.bytes);
    const answer = await ask(api, "PUT", `/v2/app/manifests/${reference}`, { headers: { "content-type": type }, body });
    expect([answer.status, codesOf(answer)]).toEqual([status, [code]]);
    expect(store.repository("app")?.manifests.size).toBe(0);
  });

  it("can be refused by what lies over the registry", async () => {
    const { store, clock } = testStore();
    const api = createOciApi({ store, clock, beforeWrite: (repository) => (repository === "app" ? { status: 409 } : undefined) });
    expect((await put({ store, api }, "v1", image())).status).toBe(409);
    expect((await ask(api, "DELETE", "/v2/app/manifests/v1")).status).toBe(409);
    expect((await ask(api, "GET", "/v2/app/tags/list")).status).toBe(200);
  });
});

describe("DELETE of a manifest", () => {
  it("by digest takes every tag with it, but no child", async () => {
    const { store, api } = registry();
    const child = image();
    const { digest } = push(store, "app", ["v1", "latest"], index([child]));
    expect((await ask(api, "DELETE", `/v2/app/manifests/${digest}`)).status).toBe(202);
    expect(store.repository("app")?.tags.size).toBe(0);
    expect((await ask(api, "GET", `/v2/app/manifests/${child.digest}`)).status).toBe(200);
    const again = await ask(api, "DELETE", `/v2/app/manifests/${digest}`);
    expect([again.status, codesOf(again)]).toEqual([404, ["MANIFEST_UNKNOWN"]]);
  });

  it("by tag takes the tag alone", async () => {
    const { store, api } = registry();
    const { digest } = push(store, "app", ["v1", "latest"], image());
    expect((await ask(api, "DELETE", "/v2/app/manifests/v1")).status).toBe(202);
    expect(Object.fromEntries(store.repository("app")?.tags ?? [])).toEqual({ latest: digest });
    const again = await ask(api, "DELETE", "/v2/app/manifests/v1");
    expect([again.status, codesOf(again)]).toEqual([404, ["MANIFEST_UNKNOWN"]]);
  });

  it.each([
    { switches: { tagDelete: "unsupported" }, reference: "v1", status: 400, code: "DIGEST_INVALID" },
    { switches: { tagDelete: "unsupported" }, reference: "none", status: 400, code: "DIGEST_INVALID" },
    { switches: { delete: "disabled" }, reference: "v1", status: 405, code: "UNSUPPORTED" },
    { switches: { delete: "disabled" }, reference: image().digest, status: 405, code: "UNSUPPORTED" },
    { switches: {}, reference: "sha256:abc", status: 400, code: "DIGEST_INVALID" },
    { switches: {}, reference: ZEROS, status: 404, code: "MANIFEST_UNKNOWN" },
  ] as const)("with $switches, $reference is $status $code and stays", async ({ switches, reference, status, code }) => {
    const { store, api } = registry(switches);
    const { digest } = push(store, "app", "v1", image());
    const answer = await ask(api, "DELETE", `/v2/app/manifests/${reference}`);
    expect([answer.status, codesOf(answer)]).toEqual([status, [code]]);
    expect(store.repository("app")?.tags.get("v1")).toBe(digest);
  });

  it("by digest works where tags cannot be deleted", async () => {
    const { store, api } = registry({ tagDelete: "unsupported" });
    const { digest } = push(store, "app", "v1", image());
    expect((await ask(api, "DELETE", `/v2/app/manifests/${digest}`)).status).toBe(202);
  });

  it("is not for POST", async () => {
    expect((await ask(registry().api, "POST", "/v2/app/manifests/v1")).status).toBe(405);
  });
});
