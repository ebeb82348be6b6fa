import { gunzipSync } from "node:zlib";
import type { OciStore, StoredManifest } from "./contract";
import { digestOf } from "./digest";
import { DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from "./oci/media-types";
import { layerArchive } from "./tar";

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly [key: string]: unknown;
}

/** A manifest with everything that it needs, as bytes. */
export interface Fixture {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Buffer;
  /** Config first, then the layers. */
  readonly blobs: readonly { readonly digest: string; readonly bytes: Buffer }[];
  readonly children: readonly Fixture[];
  /** How an index or a `subject` names it. */
  readonly descriptor: Descriptor;
}

export interface ImageOptions {
  /** One layer for each: text becomes a file in a tar archive, bytes are taken as they are. Default: `["layer"]`. */
  readonly layers?: readonly (string | Buffer)[];
  /** Date in the config; null leaves it out. Default: 2026-01-01T00:00:00Z. */
  readonly created?: string | Date | null;
  /** Default: linux/amd64. */
  readonly platform?: Platform;
  readonly labels?: Readonly<Record<string, string>>;
  /** Of the manifest; OCI only. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Default: `oci`. */
  readonly format?: "oci" | "docker";
}

/** An image: the same options give the same bytes. */
export function image(options: ImageOptions = {}): Fixture {
  const {
    layers = ["layer"],
    created = "2026-01-01T00:00:00Z",
    platform = { os: "linux", architecture: "amd64" },
    format = "oci",
  } = options;
  const docker = format === "docker";
  const archives = layers.map((layer, at) => (typeof layer === "string" ? layerArchive(`layer-${at}`, layer) : layer));
  const unpacked = archives.map((bytes, at) => (typeof layers[at] === "string" ? gunzipSync(bytes) : bytes));
  const config = json({
    ...(created !== null && { created: typeof created === "string" ? created : created.toISOString() }),
    ...platform,
    config: options.labels ? { Labels: options.labels } : {},
    rootfs: { type: "layers", diff_ids: unpacked.map((bytes) => digestOf(bytes)) },
  });
  const configType = docker ? "application/vnd.docker.container.image.v1+json" : "application/vnd.oci.image.config.v1+json";
  const layerType = docker ? "application/vnd.docker.image.rootfs.diff.tar.gzip" : "application/vnd.oci.image.layer.v1.tar+gzip";
  const document = {
    config: describe(configType, config),
    layers: archives.map((bytes) => describe(layerType, bytes)),
    ...(options.annotations && { annotations: options.annotations }),
  };
  const made = fixture(docker ? DOCKER_MANIFEST : OCI_MANIFEST, document, [config, ...archives]);
  return { ...made, descriptor: { ...made.descriptor, platform } };
}

/** An index (or Docker manifest list) of images and indexes. */
export function index(
  children: readonly Fixture[],
  options: { readonly format?: "oci" | "docker"; readonly annotations?: Readonly<Record<string, string>>; readonly subject?: Fixture } = {},
): Fixture {
  const document = {
    manifests: children.map((child) => child.descriptor),
    ...(options.subject && { subject: plain(options.subject) }),
    ...(options.annotations && { annotations: options.annotations }),
  };
  return fixture(options.format === "docker" ? DOCKER_LIST : OCI_INDEX, document, [], children);
}

/** An artifact (signature, SBOM, …): an OCI manifest with an empty config, attached to `subject` when there is one. */
export function artifact(options: {
  readonly artifactType: string;
  readonly subject?: Fixture | Descriptor;
  readonly content?: string | Buffer;
  readonly annotations?: Readonly<Record<string, string>>;
}): Fixture {
  const { artifactType, subject, content = "{}", annotations } = options;
  const empty = Buffer.from("{}");
  const bytes = Buffer.from(content);
  const document = {
    artifactType,
    config: describe("application/vnd.oci.empty.v1+json", empty),
    layers: [describe(artifactType, bytes)],
    ...(subject && { subject: isFixture(subject) ? plain(subject) : subject }),
    ...(annotations && { annotations }),
  };
  return fixture(OCI_MANIFEST, document, [empty, bytes]);
}

/** Stores a fixture with its blobs and children; `tag` (or each of several) points to it. Gives the stored manifest. */
export function push(store: OciStore, repository: string, tag: string | readonly string[] | undefined, given: Fixture): StoredManifest {
  for (const child of given.children) push(store, repository, undefined, child);
  for (const { bytes, digest } of given.blobs) store.putBlob(repository, bytes, digest);
  let stored = store.putManifest(repository, given.mediaType, given.bytes);
  const tags = typeof tag === "string" ? [tag] : (tag ?? []);
  for (const one of tags) stored = store.putManifest(repository, given.mediaType, given.bytes, one);
  return stored;
}

function fixture(mediaType: string, document: object, blobs: readonly Buffer[], children: readonly Fixture[] = []): Fixture {
  const bytes = json({ schemaVersion: 2, mediaType, ...document });
  const descriptor = describe(mediaType, bytes);
  return {
    mediaType,
    digest: descriptor.digest,
    bytes,
    blobs: blobs.map((blob) => ({ digest: digestOf(blob), bytes: blob })),
    children,
    descriptor,
  };
}

function isFixture(subject: Fixture | Descriptor): subject is Fixture {
  return Buffer.isBuffer(subject.bytes);
}

/** A descriptor without the platform, as `subject` wants it. */
function plain({ descriptor: { mediaType, digest, size } }: Fixture): Descriptor {
  return { mediaType, digest, size };
}

function describe(mediaType: string, bytes: Buffer): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
