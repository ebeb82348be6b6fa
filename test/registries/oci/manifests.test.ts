import {
  digestOf,
  emptyArtifact,
  type Manifest,
  mediaTypes,
  parseManifest,
  parseRepository,
  parseTag,
  pushArtifact,
} from "../../../provider/registries/oci";
import { ociError, type Reply, type Seen, scripted } from "./scripted";

const repository = parseRepository("team/app");
const tag = parseTag("v1");
const bytes = Buffer.from(`{"schemaVersion":2,"config":{"mediaType":"x/y","digest":"sha256:${"0".repeat(64)}","size":1},"layers":[]}`);
const digest = digestOf(bytes);

const stored = (headers: Record<string, string> = {}): Reply => ({
  body: bytes,
  headers: { "content-type": mediaTypes.ociManifest, "docker-content-digest": digest, "content-length": String(bytes.length), ...headers },
});
const without = (reply: Reply, name: string): Reply => ({
  ...reply,
  headers: Object.fromEntries(Object.entries(reply.headers ?? {}).filter(([key]) => key !== name)),
});
const byMethod = (replies: Readonly<Record<string, Reply>>) => scripted(({ method }: Seen) => replies[method] ?? { status: 500 });
const notAcceptable = ociError(404, "MANIFEST_UNKNOWN", "OCI manifest found, but accept header does not support OCI manifests");

describe("asking for a manifest", () => {
  it("always names every media type", async () => {
    const server = await byMethod({ GET: stored(), HEAD: stored() });
    await server.client().manifests.head(repository, tag);
    await server.client().manifests.get(repository, digest);
    for (const { headers } of server.seen) {
      expect(headers.accept?.split(", ")).toEqual(
        expect.arrayContaining([
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.list.v2+json",
          "application/vnd.docker.distribution.manifest.v2+json",
          "application/vnd.docker.distribution.manifest.v1+prettyjws",
          "application/vnd.docker.distribution.manifest.v1+json",
        ]),
      );
    }
    expect(server.lines()).toEqual(["HEAD /v2/team/app/manifests/v1", `GET /v2/team/app/manifests/${digest}`]);
  });

  it("by HEAD gives its type, digest and size in one request", async () => {
    const server = await byMethod({ HEAD: stored() });
    expect(await server.client().manifests.head(repository, tag)).toEqual({
      mediaType: mediaTypes.ociManifest,
      digest,
      size: bytes.length,
    });
  });

  it.each([
    ["no digest", without(stored(), "docker-content-digest")],
    ["no type", without(stored(), "content-type")],
    ["a generic type", stored({ "content-type": "application/json" })],
    ["405", { status: 405 }],
    ["404, though it exists", { status: 404 }],
  ])("by HEAD that says too little (%s) is done by GET", async (_, head) => {
    const server = await byMethod({ HEAD: head, GET: stored() });
    expect(await server.client().manifests.head(repository, tag)).toEqual({
      mediaType: mediaTypes.ociManifest,
      digest,
      size: bytes.length,
    });
    expect(server.seen.map(({ method }) => method)).toEqual(["HEAD", "GET"]);
  });

  it("hashes the bytes where the registry gives no digest", async () => {
    const server = await byMethod({ GET: without(stored(), "docker-content-digest") });
    expect(await server.client().manifests.get(repository, tag)).toEqual({
      mediaType: mediaTypes.ociManifest,
      digest,
      bytes,
      size: bytes.length,
    });
  });

  it("reads the type in the manifest where the registry gives a generic one", async () => {
    const index = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [] }));
    const server = await scripted(() => ({ body: index, headers: { "content-type": "application/json; charset=utf-8" } }));
    expect((await server.client().manifests.get(repository, tag))?.mediaType).toBe(mediaTypes.ociIndex);
  });

  it.each([
    ["the header", tag, stored({ "docker-content-digest": digestOf("else") })],
    ["what was asked for", digestOf("else"), stored()],
    ["a header that is no digest", tag, stored({ "docker-content-digest": "sha256:abc" })],
  ])("fails when the content is not that of %s", async (_, reference, reply) => {
    const server = await byMethod({ GET: reply });
    await expect(server.client().manifests.get(repository, reference)).rejects.toThrow(/does not match its digest|is no digest/);
  });

  it("by sha512 is verified, though the registry names it by sha256", async () => {
    const server = await byMethod({ GET: stored(), HEAD: stored() });
    const other = digestOf(bytes, "sha512");
    expect((await server.client().manifests.get(repository, other))?.digest).toBe(other);
    expect((await server.client().manifests.head(repository, other))?.digest).toBe(other);
  });

  it("by HEAD that is about another manifest fails", async () => {
    const server = await byMethod({ HEAD: stored() });
    await expect(server.client().manifests.head(repository, digestOf("else"))).rejects.toThrow(/about another manifest/);
  });

  it("of more than 8 MiB fails", async () => {
    const server = await scripted(() => ({
      body: Buffer.alloc(8 * 1024 * 1024 + 1, " "),
      headers: { "content-type": mediaTypes.ociManifest },
    }));
    await expect(server.client().manifests.get(repository, tag)).rejects.toThrow(/larger than 8388608 bytes/);
  });
});

describe("a manifest is taken for absent", () => {
  it.each([
    ["the manifest is unknown", ociError(404, "MANIFEST_UNKNOWN")],
    ["the repository is unknown", ociError(404, "NAME_UNKNOWN")],
    ["the repository is unknown to zot", ociError(400, "NAME_UNKNOWN")],
    ["Harbor finds nothing", ociError(404, "NOT_FOUND")],
  ])("when the registry says that %s", async (_, reply) => {
    const server = await byMethod({ HEAD: { status: reply.status ?? 404 }, GET: reply });
    expect(await server.client().manifests.head(repository, tag)).toBeUndefined();
    expect(await server.client().manifests.get(repository, tag)).toBeUndefined();
  });

  it.each([
    ["it is there in another form", notAcceptable, "media type is none that this client knows"],
    ["there is no such route", { status: 404, body: "404 page not found\n", headers: { "content-type": "text/plain" } }, "No such route"],
    [
      "a proxy's page",
      { status: 404, body: "<html><title>Not Found</title></html>", headers: { "content-type": "text/html" } },
      "No such route",
    ],
    ["nothing is said", { status: 404 }, "not taken for absence"],
    ["another error", ociError(404, "SOMETHING"), "not taken for absence"],
    ["a bad request", ociError(400, "MANIFEST_INVALID"), "MANIFEST_INVALID"],
  ])("never when %s", async (_, reply, text) => {
    const server = await byMethod({ HEAD: { status: 404 }, GET: reply });
    await expect(server.client().manifests.head(repository, tag)).rejects.toThrow(text);
    await expect(server.client().manifests.get(repository, tag)).rejects.toThrow(text);
  });
});

describe("pushing a manifest", () => {
  it("sends its bytes and its type", async () => {
    const server = await byMethod({ PUT: { status: 201, headers: { "docker-content-digest": digest } } });
    expect(await server.client().manifests.put(repository, tag, { mediaType: mediaTypes.ociManifest, bytes })).toEqual({ digest });
    expect(server.seen[0]).toMatchObject({ path: "/v2/team/app/manifests/v1", body: bytes });
    expect(server.seen[0]?.headers["content-type"]).toBe(mediaTypes.ociManifest);
  });

  it("is repeated after a lost answer, for it has the same effect", async () => {
    let n = 0;
    const server = await scripted(() => (n++ === 0 ? { reset: true } : { status: 201 }));
    expect(await server.client().manifests.put(repository, tag, { mediaType: mediaTypes.ociManifest, bytes })).toEqual({ digest });
    expect(server.seen).toHaveLength(2);
  });

  it("that is stored as something else fails", async () => {
    const server = await byMethod({ PUT: { status: 201, headers: { "docker-content-digest": digestOf("else") } } });
    await expect(server.client().manifests.put(repository, tag, { mediaType: mediaTypes.ociManifest, bytes })).rejects.toThrow(
      /stored sha256:.* in place of/,
    );
  });

  it("under a digest that is not its own, or of more than 4 MiB, sends nothing", async () => {
    const server = await byMethod({});
    const { manifests } = server.client();
    await expect(manifests.put(repository, digestOf("else"), { mediaType: mediaTypes.ociManifest, bytes })).rejects.toThrow(
      /nothing was pushed/,
    );
    await expect(
      manifests.put(repository, tag, { mediaType: mediaTypes.ociManifest, bytes: Buffer.alloc(4 * 1024 * 1024 + 1) }),
    ).rejects.toThrow(/at most 4194304/);
    expect(server.seen).toEqual([]);
  });

  it("whose blobs are missing says so, once for each", async () => {
    const missing = {
      errors: [
        { code: "MANIFEST_BLOB_UNKNOWN", message: "blob unknown" },
        { code: "MANIFEST_BLOB_UNKNOWN", message: "blob unknown" },
      ],
    };
    const server = await byMethod({ PUT: { status: 400, json: missing } });
    await expect(server.client().manifests.put(repository, tag, { mediaType: mediaTypes.ociManifest, bytes })).rejects.toMatchObject({
      code: "MANIFEST_BLOB_UNKNOWN",
      serverErrors: [{ code: "MANIFEST_BLOB_UNKNOWN" }, { code: "MANIFEST_BLOB_UNKNOWN" }],
    });
  });
});

describe("deleting a manifest", () => {
  const remove = async (reply: Reply) => {
    const server = await scripted(({ method }) => (method === "DELETE" ? reply : stored()));
    return server.client().manifests.delete(repository, digest);
  };

  it.each([[200], [202], [204]])("is done with %i", async (status) => {
    expect(await remove({ status })).toBe("deleted");
  });

  it.each([
    ["unknown manifest", ociError(404, "MANIFEST_UNKNOWN")],
    ["unknown repository", ociError(404, "NAME_UNKNOWN")],
    ["unknown repository of zot", ociError(400, "NAME_UNKNOWN")],
  ])("is done already with %s", async (_, reply) => {
    expect(await remove(reply)).toBe("absent");
  });

  it.each([
    ["disabled", ociError(405, "UNSUPPORTED", "The operation is unsupported."), /UNSUPPORTED.*storage\.delete\.enabled/],
    ["refused", ociError(400, "DIGEST_INVALID"), /DIGEST_INVALID/],
    ["no route", { status: 404, body: "404 page not found", headers: { "content-type": "text/plain" } }, /No such route/],
    ["a silent 404", { status: 404 }, /404/],
    ["forbidden", ociError(403, "DENIED"), /DENIED/],
  ])("that is %s fails", async (_, reply, text) => {
    await expect(remove(reply)).rejects.toThrow(text);
  });

  it("counts as done when its answer was lost and the second one finds nothing", async () => {
    let n = 0;
    const server = await scripted(({ method }) =>
      method !== "DELETE" ? stored() : n++ === 0 ? { reset: true } : ociError(404, "MANIFEST_UNKNOWN"),
    );
    expect(await server.client().manifests.delete(repository, digest)).toBe("absent");
    expect(n).toBe(2);
  });
});

describe("what a manifest refers to", () => {
  const read = (mediaType: string, content: unknown) => {
    const raw = Buffer.from(typeof content === "string" ? content : JSON.stringify(content));
    const manifest: Manifest = { mediaType, bytes: raw, digest: digestOf(raw), size: raw.length };
    return parseManifest(manifest);
  };
  const part = (text: string, mediaType = "a/b") => ({ mediaType, digest: digestOf(text), size: text.length });

  it("is config, layers and subject of an image, and its kind of artifact", () => {
    const content = { schemaVersion: 2, config: part("c"), layers: [part("l1"), part("l2")], subject: part("s"), annotations: { k: "v" } };
    expect(read(mediaTypes.ociManifest, content)).toEqual({
      kind: "image",
      config: part("c"),
      layers: [part("l1"), part("l2")],
      manifests: [],
      subject: part("s"),
      artifactType: "a/b",
      annotations: { k: "v" },
    });
    expect(read(mediaTypes.ociManifest, { ...content, artifactType: "x/y" }).artifactType).toBe("x/y");
    expect(read(mediaTypes.dockerManifest, content).kind).toBe("image");
  });

  it("is the children of an index, with their platforms and whatever else is said about them", () => {
    const child = { ...part("m"), platform: { os: "linux", architecture: "arm64", variant: "v8" }, "org.example.more": 1 };
    expect(read(mediaTypes.ociIndex, { manifests: [child], subject: part("s") })).toMatchObject({
      kind: "index",
      manifests: [child],
      subject: part("s"),
    });
    expect(read(mediaTypes.dockerList, { manifests: [child] }).kind).toBe("index");
  });

  it.each([
    ["an image", mediaTypes.ociManifest, { config: part("c"), layers: null, annotations: null }],
    ["an index", mediaTypes.ociIndex, { manifests: null, subject: null }],
  ])("may be null, as Go programs write empty lists: %s", (_, type, content) => {
    expect(read(type, content)).toMatchObject({ layers: [], manifests: [], annotations: {} });
  });

  it("is the layers of a schema1 manifest, of unknown size", () => {
    const content = { schemaVersion: 1, fsLayers: [{ blobSum: digestOf("l") }], signatures: [{}] };
    expect(read(mediaTypes.schema1Signed, content)).toMatchObject({ kind: "schema1", layers: [{ digest: digestOf("l"), size: 0 }] });
  });

  it("is the blobs of OCI's former artifact manifest", () => {
    expect(read(mediaTypes.ociArtifact, { artifactType: "x/y", blobs: [part("b")], subject: part("s") })).toMatchObject({
      kind: "unknown",
      artifactType: "x/y",
      layers: [part("b")],
      subject: part("s"),
    });
  });

  it.each([
    ["is no JSON", "not json", /no JSON/],
    ["is a list", [], /no JSON object/],
    ["has a broken digest", { config: { ...part("c"), digest: "sha256:../.." } }, /no valid digest/],
    ["has a negative size", { config: { ...part("c"), size: -1 } }, /size/],
    ["has no config", { layers: [] }, /without config/],
    ["is an index and an image at once", { config: part("c"), layers: [], manifests: [] }, /both/],
  ])("cannot be read where the manifest %s", (_, content, text) => {
    expect(() => read(mediaTypes.ociManifest, content)).toThrow(text);
  });

  it("of a signed schema1 manifest is verified without the signatures", async () => {
    const payload = '{\n   "schemaVersion": 1,\n   "name": "team/app"\n}';
    const header = Buffer.from(
      JSON.stringify({ formatLength: payload.length - 2, formatTail: Buffer.from("\n}").toString("base64url") }),
    ).toString("base64url");
    const signed = `${payload.slice(0, -2)},\n   "signatures": [{"protected": "${header}"}]\n}`;
    const reply = { body: signed, headers: { "content-type": mediaTypes.schema1Signed, "docker-content-digest": digestOf(payload) } };
    const server = await scripted(() => reply);
    expect((await server.client().manifests.get(repository, tag))?.digest).toBe(digestOf(payload));
    expect((await server.client().manifests.get(repository, digestOf(payload)))?.bytes.toString()).toBe(signed);
    const forged = await scripted(() => ({ ...reply, body: signed.replace("team/app", "evil/app") }));
    await expect(forged.client().manifests.get(repository, tag)).rejects.toThrow(/does not match its digest/);
  });
});

describe("the smallest artifact", () => {
  it("is the same, byte for byte, however its annotations are ordered", () => {
    const first = emptyArtifact({ artifactType: "application/vnd.x", annotations: { b: "2", a: "1" } });
    const second = emptyArtifact({ artifactType: "application/vnd.x", annotations: { a: "1", b: "2" } });
    expect(first.bytes.toString()).toBe(
      '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/vnd.x",' +
        '"config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},' +
        '"layers":[{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2}],' +
        '"annotations":{"a":"1","b":"2"}}',
    );
    expect(second.digest).toBe(first.digest);
  });

  it("is pushed blobs first, and blobs that are there are not sent again", async () => {
    const server = await scripted(({ method }) => (method === "HEAD" ? { headers: { "content-length": "2" } } : { status: 201 }));
    const artifact = emptyArtifact({ artifactType: "application/vnd.x" });
    expect(await pushArtifact(server.client(), repository, tag, artifact)).toBe(artifact.digest);
    expect(server.lines()).toEqual([`HEAD /v2/team/app/blobs/${artifact.blobs[0]?.digest}`, "PUT /v2/team/app/manifests/v1"]);
  });
});
