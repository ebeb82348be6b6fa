import { type Sandbox, startSandbox } from "..";
import { digestOf } from "../digest";
import { KINDS, SPARSE_IMAGE, TAGGED_BY_QUERY } from "./data-set-kinds";
import type { Annotations, DataSet, DraftManifest } from "./data-sets";
import { OCI_INDEX, OCI_MANIFEST } from "./media-types";
import { UPLOADS } from "./upload-ways";
import { type Answer, type Send, wireClient } from "./wire";

/**
 * The specification's workflows as its conformance suite walks through them, over HTTP, with content of all its kinds: checked also where the
 * suite is not at hand. Blobs by themselves: `distribution-blobs.test.ts`.
 */

/** Two lines, as Go's clients send them. */
const ACCEPT = { accept: [OCI_INDEX, OCI_MANIFEST] };

describe.each([
  { sparse: "index" as const, kinds: KINDS },
  { sparse: "all" as const, kinds: [SPARSE_IMAGE] },
])("a registry that takes what is sparse: $sparse", ({ sparse, kinds }) => {
  let sandbox: Sandbox;
  let client: ReturnType<typeof wireClient>;
  const send: Send = (...message) => client.send(...message);
  beforeAll(async () => {
    sandbox = await startSandbox({ apis: ["oci"], oci: { auth: "none", sparse } });
    client = wireClient(sandbox.info.oci?.url ?? "");
  });
  afterAll(() => {
    client.close();
    return sandbox.close();
  });

  let repository: string;
  beforeEach(() => {
    repository = `suite/run-${sandbox.store.repositories().length}`;
  });

  it.each(kinds.map((set) => ({ kind: set.name, set })))("$kind can be pushed, listed, pulled, found and deleted", async ({ set }) => {
    await pushBlobs(set);
    for (const manifest of set.manifests) await push(manifest, manifest.digest);
    for (const [tag, digest] of set.tags) await push(manifestOf(set, digest), tag);
    await walkThrough(set);
  });

  it.each(TAGGED_BY_QUERY.map((set) => ({ kind: set.name, set })))("$kind can be tagged by the query of its push", async ({ set }) => {
    await pushBlobs(set);
    for (const manifest of set.manifests) {
      const tags = [...set.tags].filter(([, digest]) => digest === manifest.digest).map(([tag]) => tag);
      expect(tags.length).toBeGreaterThan(0);
      const answer = await push(manifest, `${manifest.digest}?${tags.map((tag) => `tag=${tag}`).join("&")}`);
      expect([...answer.headers("oci-tag")].sort()).toEqual(tags.sort());
    }
    await walkThrough(set);
  });

  it("refuses bytes of another digest, and a digest that is none", async () => {
    const [set] = kinds;
    if (!set) throw new Error("no kind of content at all");
    await pushBlobs(set);
    const [manifest] = set.manifests;
    if (!manifest) throw new Error(`no manifest in ${set.name}`);
    const message = { headers: { "content-type": manifest.mediaType }, body: Buffer.concat([manifest.bytes, Buffer.from("  ")]) };
    for (const digest of [manifest.digest, "sha256:baddigeststring"]) {
      const { status, body } = await send("PUT", `/v2/${repository}/manifests/${digest}`, { ...message, streamed: true });
      expect([status, JSON.parse(body.toString()).errors[0].code]).toEqual([400, "DIGEST_INVALID"]);
      expect([404, 400]).toContain((await send("GET", `/v2/${repository}/manifests/${digest}`, { headers: ACCEPT })).status);
    }
    expect((await send("HEAD", `/v2/${repository}/manifests/${manifest.digest}`, { headers: ACCEPT })).status).toBe(404);
    for (const digest of set.blobs.keys()) await gone(`/v2/${repository}/blobs/${digest}`);
  });

  it.each(["HEAD", "GET"])("answers 404 to %s of what was never pushed", async (method) => {
    for (const reference of [digestOf(Buffer.from("never pushed")), "never-pushed"])
      expect((await send(method, `/v2/${repository}/manifests/${reference}`, { headers: ACCEPT })).status).toBe(404);
    expect((await send(method, `/v2/${repository}/blobs/${digestOf(Buffer.from("never pushed"))}`)).status).toBe(404);
  });

  it("knows no tags and no referrers of a repository that nobody used", async () => {
    expect((await send("GET", "/v2/")).status).toBe(200);
    expect((await send("GET", "/v2/suite/untouched/tags/list")).status).toBe(404);
    expect(await referrers("suite/untouched", digestOf(Buffer.from("never pushed")))).toEqual([]);
  });

  /** Each blob in another way, so that all ways meet all kinds of content. */
  async function pushBlobs(set: DataSet): Promise<void> {
    const ways = Object.values(UPLOADS);
    for (const [at, [digest, bytes]] of [...set.blobs].entries()) {
      const pushed = await ways[at % ways.length]?.(send, repository, bytes, digest);
      expect([pushed?.status, pushed?.header("docker-content-digest")]).toEqual([201, digest]);
    }
  }

  async function push(manifest: DraftManifest, reference: string): Promise<Answer> {
    const { mediaType, bytes, digest, document } = manifest;
    const headers = { "content-type": mediaType };
    const answer = await send("PUT", `/v2/${repository}/manifests/${reference}`, { body: bytes, headers, streamed: true });
    expect([answer.status, answer.header("docker-content-digest")]).toEqual([201, digest]);
    expect(answer.header("oci-subject")).toBe(document.subject?.digest);
    await isManifest("GET", answer.header("location") ?? "", manifest);
    return answer;
  }

  async function walkThrough(set: DataSet): Promise<void> {
    await isListed([...set.tags.keys()]);
    for (const method of ["HEAD", "GET"]) {
      for (const [tag, digest] of set.tags) await isManifest(method, `/v2/${repository}/manifests/${tag}`, manifestOf(set, digest));
      for (const manifest of set.manifests) await isManifest(method, `/v2/${repository}/manifests/${manifest.digest}`, manifest);
      for (const [digest, bytes] of set.blobs) {
        const { status, header, body } = await send(method, `/v2/${repository}/blobs/${digest}`);
        expect([status, header("content-length"), header("docker-content-digest")]).toEqual([200, String(bytes.length), digest]);
        expect(body).toEqual(method === "GET" ? bytes : Buffer.alloc(0));
      }
    }
    await areFoundBySubject(set);
    for (const tag of set.tags.keys()) await gone(`/v2/${repository}/manifests/${tag}`);
    for (const { digest } of set.manifests.toReversed()) await gone(`/v2/${repository}/manifests/${digest}`);
    for (const digest of set.blobs.keys()) await gone(`/v2/${repository}/blobs/${digest}`);
    const left = sandbox.store.repository(repository);
    expect([left?.tags.size, left?.manifests.size, left?.blobs.size]).toEqual([0, 0, 0]);
  }

  async function isManifest(method: string, target: string, { mediaType, bytes, digest }: DraftManifest): Promise<void> {
    const { status, header, body } = await send(method, target, { headers: ACCEPT });
    const seen = [status, header("content-type"), header("content-length"), header("docker-content-digest")];
    expect(seen).toEqual([200, mediaType, String(bytes.length), digest]);
    // Not by toEqual, which takes seconds over the large manifest.
    expect(body.equals(method === "HEAD" ? Buffer.alloc(0) : bytes)).toBe(true);
  }

  async function isListed(tags: readonly string[]): Promise<void> {
    const list = async (query: string): Promise<unknown> => {
      const { status, body } = await send("GET", `/v2/${repository}/tags/list${query}`);
      expect(status).toBe(200);
      return JSON.parse(body.toString());
    };
    const all = [...tags].sort();
    const half = Math.floor(all.length / 2);
    expect(await list("")).toEqual({ name: repository, tags: all });
    if (half === 0) return;
    expect(await list(`?last=${all[half - 1]}`)).toEqual({ name: repository, tags: all.slice(half) });
    expect(await list(`?n=${half}`)).toEqual({ name: repository, tags: all.slice(0, half) });
  }

  async function areFoundBySubject(set: DataSet): Promise<void> {
    for (const subject of new Set(set.manifests.flatMap(({ document }) => document.subject?.digest ?? []))) {
      const expected = set.manifests.filter(({ document }) => document.subject?.digest === subject).map(entryOf);
      expect(sorted(await referrers(repository, subject))).toEqual(sorted(expected));
      for (const artifactType of new Set(expected.flatMap((entry) => entry.artifactType ?? [])))
        expect(sorted(await referrers(repository, subject, artifactType))).toEqual(
          sorted(expected.filter((entry) => entry.artifactType === artifactType)),
        );
    }
  }

  /** The entries of the index that the registry gives, with all that must be true of the answer. */
  async function referrers(name: string, subject: string, artifactType?: string): Promise<readonly Entry[]> {
    const query = artifactType === undefined ? "" : `?${new URLSearchParams({ artifactType })}`;
    const { status, header, body } = await send("GET", `/v2/${name}/referrers/${subject}${query}`);
    expect([status, header("content-type")]).toEqual([200, OCI_INDEX]);
    expect(header("oci-filters-applied")).toBe(artifactType === undefined ? undefined : "artifactType");
    const { manifests, ...rest } = JSON.parse(body.toString());
    expect(rest).toEqual({ schemaVersion: 2, mediaType: OCI_INDEX });
    return manifests;
  }

  /** Deleted at once, and not twice. */
  async function gone(path: string): Promise<void> {
    expect((await send("DELETE", path)).status).toBe(202);
    expect((await send("HEAD", path, { headers: ACCEPT })).status).toBe(404);
    expect((await send("DELETE", path)).status).toBe(404);
  }
});

interface Entry {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Annotations;
}

/** How the referrers API describes a manifest: the type of an image is its config's when it has none of its own; an index has only its own. */
function entryOf({ mediaType, digest, bytes, document }: DraftManifest): Entry {
  const { config, annotations, artifactType = config?.mediaType } = document;
  return {
    mediaType,
    digest,
    size: bytes.length,
    ...(artifactType !== undefined && { artifactType }),
    ...(annotations && { annotations }),
  };
}

function manifestOf(set: DataSet, digest: string): DraftManifest {
  const found = set.manifests.find((manifest) => manifest.digest === digest);
  if (!found) throw new Error(`${set.name} has a tag that points to ${digest}, which it does not hold`);
  return found;
}

function sorted(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort((a, b) => (a.digest < b.digest ? -1 : 1));
}
