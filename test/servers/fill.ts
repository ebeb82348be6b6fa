/**
 * Fills a real registry server through its API, as fast as it takes it: thousands of images, multi-arch indexes with attestations, an index
 * inside an index, signatures and referrers. Knows nothing of this package's own client: what it pushed is told apart from what that reads.
 */
import { createHash } from "node:crypto";
import { Pool } from "undici";

export interface FillRepository {
  readonly name: string;
  /** Single-arch images, two tags each. */
  readonly images: number;
  /** Multi-arch indexes, a tag each. */
  readonly indexes: number;
}

export interface FillOptions {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly repositories: readonly FillRepository[];
  /** Milliseconds since 1970: the newest image is a day and a half older. */
  readonly now: number;
  /** Of the images of a repository, newest first. Default a quarter of a day. */
  readonly apart?: number;
  /** Connections, and pushes at a time. Default 16. */
  readonly parallel?: number;
}

/** What was pushed and can be pulled by a tag. */
export interface FilledImage {
  readonly repository: string;
  readonly digest: string;
  readonly tags: readonly string[];
  /** Milliseconds since 1970; of an index that of its children. */
  readonly created: number;
  readonly what: "image" | "index" | "nested index" | "signature" | "referrers";
  /** Manifests that are no roots and go when it goes: platforms, attestations, inner indexes, referrers. */
  readonly followers: readonly string[];
  /** Of a signature or a list of referrers: what it belongs to. */
  readonly subject?: string;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

interface Child extends Descriptor {
  readonly platform: { readonly architecture: string; readonly os: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

const IMAGE = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
const CONFIG = "application/vnd.oci.image.config.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
const HOUR = 3_600_000;
/** So many images share one small layer, as those that were built of the same sources: every blob costs the server ten files. */
const ALIKE = 50;
const ARCHITECTURES = ["amd64", "arm64", "riscv64"] as const;

/** Pushes it all and gives back what it pushed. Throws at the first answer that a push does not expect. */
export async function fill({ url, repositories, now, apart = 6 * HOUR, parallel = 16 }: FillOptions): Promise<FilledImage[]> {
  const pool = new Pool(url, { connections: parallel });
  const filled: FilledImage[] = [];
  try {
    for (const { name, images, indexes } of repositories) {
      const push = pusher(pool, name);
      const base = await push.blob(LAYER, Buffer.alloc(4_096, name));
      const layers = await Promise.all(
        Array.from({ length: Math.ceil(images / ALIKE) + 1 }, (_, n) => push.blob(LAYER, Buffer.from(`${name} sources ${n}`))),
      );
      const built = (n: number) => [base, layers[Math.floor(n / ALIKE)] ?? base];
      const created = (n: number) => now - 36 * HOUR - n * apart;
      await inParallel(parallel, images, async (n) => {
        const tags = tagsOf(n, images);
        const { digest } = await push.image(`${name} ${n}`, created(n), ARCHITECTURES[0], built(n), tags);
        filled.push({ repository: name, digest, tags, created: created(n), what: "image", followers: [] });
      });
      await inParallel(parallel, indexes, async (n) => {
        filled.push(...(await multiArch(push, name, n, created(n * Math.ceil(images / Math.max(indexes, 1))) - HOUR, built(images))));
      });
    }
    return filled;
  } finally {
    await pool.close();
  }
}

/** A number and a commit for each image; every tenth is a release, every other tenth somebody's own. */
function tagsOf(n: number, images: number): string[] {
  const build = `build-${images - n}`;
  if (n % 10 === 3) return [build, `v1.${Math.floor((images - n) / 10)}.0`];
  if (n % 10 === 7) return [build, `customer-${images - n}`];
  return [build, `sha-${sha256(`commit ${images - n}`).slice(7, 14)}`];
}

/** Two or three platforms; every third with attestations, every fifth signed, every seventh with a referrer, every eighth inside another index. */
async function multiArch(push: Pusher, name: string, n: number, created: number, layers: readonly Descriptor[]): Promise<FilledImage[]> {
  const children: Child[] = [];
  for (const architecture of ARCHITECTURES.slice(0, 2 + (n % 2))) {
    const image = await push.image(`${name} multi ${n} ${architecture}`, created, architecture, layers, []);
    children.push({ ...image, platform: { architecture, os: "linux" } });
  }
  if (n % 3 === 0) children.push(...(await Promise.all(children.map((child) => attestation(push, child)))));
  const followers = children.map(({ digest }) => digest);
  const tag = `multi-${n}`;
  const nested = n % 8 === 1;
  const rest = { repository: name, created };
  let index = await push.manifest(INDEX, { schemaVersion: 2, mediaType: INDEX, manifests: children }, nested ? [] : [tag]);
  if (nested) {
    followers.push(index.digest);
    index = await push.manifest(INDEX, { schemaVersion: 2, mediaType: INDEX, manifests: [index] }, [tag]);
  }
  const filled: FilledImage[] = [{ ...rest, digest: index.digest, tags: [tag], what: nested ? "nested index" : "index", followers }];
  const first = children[0];
  if (n % 5 === 0 && first) {
    // One on the index and one on a child: the scheme of cosign, which needs nothing of the server.
    for (const subject of [index.digest, first.digest]) {
      const signature = [`${subject.replace(":", "-")}.sig`];
      const { digest } = await push.image(`signature of ${subject}`, 0, "", layers, signature);
      filled.push({ ...rest, digest, tags: signature, what: "signature", followers: [], subject });
    }
  }
  if (n % 7 === 0) {
    const subject = { mediaType: INDEX, digest: index.digest, size: index.size };
    const referrer = await push.artifact(`list of parts of ${tag}`, subject);
    const list = [index.digest.replace(":", "-")];
    const entry = { ...referrer, artifactType: "application/spdx+json" };
    const { digest } = await push.manifest(INDEX, { schemaVersion: 2, mediaType: INDEX, manifests: [entry] }, list);
    filled.push({ ...rest, digest, tags: list, what: "referrers", followers: [referrer.digest], subject: index.digest });
  }
  return filled;
}

/** As BuildKit stores provenance: an image for no platform that names in an annotation what it is about. */
async function attestation(push: Pusher, child: Child): Promise<Child> {
  const statement = await push.blob("application/vnd.in-toto+json", Buffer.from(JSON.stringify({ about: child.digest })));
  const config = await push.blob(CONFIG, Buffer.from(JSON.stringify({ os: "unknown", architecture: "unknown", about: child.digest })));
  const manifest = await push.manifest(IMAGE, { schemaVersion: 2, mediaType: IMAGE, config, layers: [statement] }, []);
  return {
    ...manifest,
    platform: { architecture: "unknown", os: "unknown" },
    annotations: { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": child.digest },
  };
}

type Pusher = ReturnType<typeof pusher>;

function pusher(pool: Pool, repository: string) {
  const blob = async (mediaType: string, content: Buffer): Promise<Descriptor> => {
    const digest = sha256(content);
    const begun = await expecting(202, pool, { method: "POST", path: `/v2/${repository}/blobs/uploads/` });
    const location = new URL(String(begun.headers.location), "http://127.0.0.1");
    location.searchParams.set("digest", digest);
    const headers = { "content-type": "application/octet-stream" };
    await expecting(201, pool, { method: "PUT", path: location.pathname + location.search, headers, body: content });
    return { mediaType, digest, size: content.length };
  };
  /** Without a tag it is pushed by its digest. */
  const manifest = async (mediaType: string, content: object, tags: readonly string[]): Promise<Descriptor> => {
    const body = Buffer.from(JSON.stringify(content));
    const digest = sha256(body);
    for (const reference of tags.length > 0 ? tags : [digest]) {
      const path = `/v2/${repository}/manifests/${reference}`;
      await expecting(201, pool, { method: "PUT", path, headers: { "content-type": mediaType }, body });
    }
    return { mediaType, digest, size: body.length };
  };
  const image = async (title: string, created: number, architecture: string, layers: readonly Descriptor[], tags: readonly string[]) => {
    const rootfs = { type: "layers", diff_ids: layers.map(({ digest }) => digest) };
    const labels = { "org.opencontainers.image.title": title };
    const content = {
      architecture,
      os: "linux",
      created: new Date(created).toISOString(),
      config: { Labels: labels },
      rootfs,
      history: [],
    };
    const config = await blob(CONFIG, Buffer.from(JSON.stringify(content)));
    return manifest(IMAGE, { schemaVersion: 2, mediaType: IMAGE, config, layers }, tags);
  };
  const artifact = async (text: string, subject: Descriptor) => {
    const empty = await blob("application/vnd.oci.empty.v1+json", Buffer.from("{}"));
    const layer = await blob("application/spdx+json", Buffer.from(JSON.stringify({ text })));
    const content = { schemaVersion: 2, mediaType: IMAGE, artifactType: "application/spdx+json", config: empty, layers: [layer], subject };
    return manifest(IMAGE, content, []);
  };
  return { blob, manifest, image, artifact };
}

async function expecting(status: number, pool: Pool, request: Parameters<Pool["request"]>[0] & object) {
  const answer = await pool.request(request);
  const text = await answer.body.text();
  if (answer.statusCode !== status) throw new Error(`${request.method} ${request.path} was answered ${answer.statusCode}: ${text}`);
  return answer;
}

async function inParallel(lanes: number, count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

function sha256(content: Buffer | string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
