import { type Sandbox, startSandbox } from "..";
import { digestOf } from "../digest";
import { artifact, type Fixture, image, index } from "../images";

/** The specification's workflows as a client walks through them, over HTTP: what the conformance suite checks, also where it is not at hand. */

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ apis: ["oci"], oci: { auth: "none" } });
});
afterAll(() => sandbox.close());

const OCI_TYPES = { accept: "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json" };

interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

async function send(method: string, target: string, options: { body?: Buffer; headers?: Record<string, string> } = {}): Promise<Sent> {
  const url = new URL(target, sandbox.info.oci?.url);
  const { body, headers } = options;
  const response = await fetch(url, { method, ...(headers && { headers }), ...(body && { body: new Uint8Array(body) }) });
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

function withDigest(location: string | null, digest: string): string {
  const url = new URL(location ?? "");
  url.searchParams.set("digest", digest);
  return url.href;
}

type Upload = (repository: string, bytes: Buffer, digest: string) => Promise<Sent>;

const start = (repository: string) => send("POST", `/v2/${repository}/blobs/uploads/`, { body: Buffer.alloc(0) });

function chunked(lastByPut: boolean, outOfOrder: boolean): Upload {
  return async (repository, bytes, digest) => {
    const size = 1_024;
    let { headers } = await start(repository);
    for (let first = 0; first < bytes.length; first += size) {
      const last = Math.min(first + size, bytes.length) - 1;
      const chunk = { body: bytes.subarray(first, last + 1), headers: { "content-range": `${first}-${last}` } };
      if (outOfOrder && first > 0) {
        const wrong = { body: bytes.subarray(0, size), headers: { "content-range": `0-${size - 1}` } };
        expect((await send("PATCH", headers.get("location") ?? "", wrong)).status).toBe(416);
        const status = await send("GET", headers.get("location") ?? "");
        expect([status.status, status.headers.get("range")]).toEqual([204, `0-${first - 1}`]);
        headers = status.headers;
      }
      if (lastByPut && last === bytes.length - 1) return send("PUT", withDigest(headers.get("location"), digest), chunk);
      const patched = await send("PATCH", headers.get("location") ?? "", chunk);
      expect([patched.status, patched.headers.get("range")]).toEqual([202, `0-${last}`]);
      headers = patched.headers;
    }
    return send("PUT", withDigest(headers.get("location"), digest));
  };
}

const uploads: Readonly<Record<string, Upload>> = {
  "POST alone": (repository, body, digest) => send("POST", `/v2/${repository}/blobs/uploads/?digest=${digest}`, { body }),
  "POST and PUT": async (repository, body, digest) =>
    send("PUT", withDigest((await start(repository)).headers.get("location"), digest), { body }),
  streamed: async (repository, body, digest) => {
    const patched = await send("PATCH", (await start(repository)).headers.get("location") ?? "", { body });
    return send("PUT", withDigest(patched.headers.get("location"), digest));
  },
  chunked: chunked(false, false),
  "chunked, last by PUT": chunked(true, false),
  "chunked, out of order": chunked(false, true),
  mounted: async (_, body, digest) => {
    await send("POST", `/v2/flow/source/blobs/uploads/?digest=${digest}`, { body });
    return send("POST", `/v2/flow/blobs/blobs/uploads/?mount=${digest}&from=flow/source`);
  },
  "mounted from anywhere": async (_, body, digest) => {
    await send("POST", `/v2/flow/source/blobs/uploads/?digest=${digest}`, { body });
    return send("POST", `/v2/flow/blobs/blobs/uploads/?mount=${digest}`);
  },
};

describe.each(["sha256", "sha512"])("a blob of %s", (algorithm) => {
  const contents = { empty: Buffer.alloc(0), "empty JSON": Buffer.from("{}"), "three chunks": Buffer.alloc(3_000, "x") };
  const cases = Object.entries(uploads).flatMap(([way, upload]) =>
    Object.entries(contents).map(([content, bytes]) => ({ way, upload, content, bytes })),
  );

  it.each(cases)("$way: $content can be pushed, seen, pulled and deleted", async ({ upload, bytes }) => {
    const digest = digestOf(bytes, `${algorithm}:`);
    const path = `/v2/flow/blobs/blobs/${digest}`;
    const pushed = await upload("flow/blobs", bytes, digest);
    expect([pushed.status, pushed.headers.get("docker-content-digest")]).toEqual([201, digest]);
    const head = await send("HEAD", path);
    expect([head.status, head.headers.get("content-length"), head.headers.get("docker-content-digest")]).toEqual([
      200,
      String(bytes.length),
      digest,
    ]);
    for (const location of [path, pushed.headers.get("location") ?? ""])
      expect(await send("GET", location)).toMatchObject({ status: 200, body: bytes });
    expect((await send("DELETE", path)).status).toBe(202);
    expect((await send("HEAD", path)).status).toBe(404);
  });

  it.each(Object.entries(uploads).filter(([way]) => !way.startsWith("mounted")))("%s: is refused when it is another", async (_, upload) => {
    const digest = digestOf(Buffer.from("another"), `${algorithm}:`);
    expect((await upload("flow/blobs", Buffer.alloc(3_000, "x"), digest)).status).toBe(400);
    expect((await send("HEAD", `/v2/flow/blobs/blobs/${digest}`)).status).toBe(404);
  });
});

describe("a manifest", () => {
  const amd64 = image({ layers: ["a"] });
  const arm64 = image({ layers: ["b"], platform: { os: "linux", architecture: "arm64" } });
  const missing = { mediaType: amd64.mediaType, digest: digestOf(Buffer.from("missing content")), size: 123 };
  const signature = artifact({ artifactType: "application/vnd.example.v1", subject: amd64, annotations: { a: "b" } });
  const kinds: readonly (readonly [string, Fixture])[] = [
    ["an image", amd64],
    [
      "a large manifest",
      image({ annotations: Object.fromEntries(Array.from({ length: 390 }, (_, at) => [`a${at}`, "A".repeat(10_000)])) }),
    ],
    ["an index", index([amd64, arm64])],
    ["a nested index", index([index([amd64]), index([arm64])])],
    ["an empty index", index([])],
    ["an image without layers", image({ layers: [] })],
    ["an artifact", artifact({ artifactType: "application/vnd.example.v1" })],
    ["an artifact with a subject", signature],
    ["an index with a subject", index([signature], { subject: amd64 })],
    ["an artifact whose subject is missing", artifact({ artifactType: "application/vnd.example.v2", subject: missing })],
  ];

  async function push(repository: string, fixture: Fixture, reference: string, digest: string): Promise<void> {
    for (const child of fixture.children) await push(repository, child, child.digest, child.digest);
    for (const blob of fixture.blobs) await send("POST", `/v2/${repository}/blobs/uploads/?digest=${blob.digest}`, { body: blob.bytes });
    const headers = { "content-type": fixture.mediaType };
    const answer = await send("PUT", `/v2/${repository}/manifests/${reference}`, { body: fixture.bytes, headers });
    expect([answer.status, answer.headers.get("docker-content-digest")]).toEqual([201, digest]);
    const { subject } = JSON.parse(fixture.bytes.toString("utf8"));
    expect(answer.headers.get("oci-subject")).toBe(subject?.digest ?? null);
    const pulled = await send("GET", answer.headers.get("location") ?? "", { headers: OCI_TYPES });
    // Not by toEqual, which takes seconds over the large manifest.
    expect([pulled.status, pulled.body.equals(fixture.bytes)]).toEqual([200, true]);
  }

  async function isThere(path: string, fixture: Fixture, digest: string): Promise<void> {
    for (const method of ["GET", "HEAD"]) {
      const answer = await send(method, path, { headers: OCI_TYPES });
      expect([
        answer.status,
        answer.headers.get("content-type"),
        answer.headers.get("content-length"),
        answer.headers.get("docker-content-digest"),
      ]).toEqual([200, fixture.mediaType, String(fixture.bytes.length), digest]);
      expect(answer.body.equals(method === "HEAD" ? Buffer.alloc(0) : fixture.bytes)).toBe(true);
    }
  }

  it.each(kinds)("%s can be pushed, listed, pulled, found by its subject, and deleted", async (name, fixture) => {
    const repository = `flow/${name.replaceAll(" ", "-")}`;
    const { digest } = fixture;
    await push(repository, fixture, digest, digest);
    await push(repository, fixture, "tagged", digest);
    expect(JSON.parse((await send("GET", `/v2/${repository}/tags/list`)).body.toString())).toEqual({ name: repository, tags: ["tagged"] });
    for (const reference of ["tagged", digest]) await isThere(`/v2/${repository}/manifests/${reference}`, fixture, digest);

    const { subject } = JSON.parse(fixture.bytes.toString("utf8"));
    if (subject) {
      const { status, headers, body } = await send("GET", `/v2/${repository}/referrers/${subject.digest}`);
      expect([status, headers.get("content-type")]).toEqual([200, "application/vnd.oci.image.index.v1+json"]);
      expect(JSON.parse(body.toString()).manifests).toContainEqual(
        expect.objectContaining({ digest, size: fixture.bytes.length, mediaType: fixture.mediaType }),
      );
    }

    for (const reference of ["tagged", digest]) {
      expect((await send("DELETE", `/v2/${repository}/manifests/${reference}`)).status).toBe(202);
      expect((await send("HEAD", `/v2/${repository}/manifests/${reference}`, { headers: OCI_TYPES })).status).toBe(404);
    }
  });

  it.each(["sha256", "sha512"])("can be pushed by %s with tags in the query", async (algorithm) => {
    const digest = digestOf(amd64.bytes, `${algorithm}:`);
    const repository = `flow/${algorithm}`;
    await push(repository, amd64, `${digest}?tag=one&tag=two`, digest);
    for (const reference of ["one", "two", digest]) await isThere(`/v2/${repository}/manifests/${reference}`, amd64, digest);
  });
});
