import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { digestOf } from "../digest";
import type { Descriptor, Platform } from "../images";
import { layerArchive } from "../tar";
import { OCI_INDEX, OCI_MANIFEST } from "./media-types";

/** A manifest as it is pushed; `digest` is the one that it is pushed by. */
export interface DraftManifest {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Buffer;
  readonly document: {
    readonly schemaVersion: number;
    readonly mediaType: string;
    readonly config?: Descriptor;
    readonly artifactType?: string;
    readonly subject?: Descriptor;
    readonly annotations?: Annotations;
  };
}

export type Annotations = Readonly<Record<string, string>>;

export interface Traits {
  /** Default: `sha256`. */
  readonly algorithm?: "sha256" | "sha512";
  /** Descriptors carry their content in `data`. */
  readonly inline?: boolean;
  /** Configs, manifests and indexes have a field that no specification knows. */
  readonly unknownFields?: boolean;
}

/** What an image is made of, where it is not the usual: two packed layers and a config. */
export interface ImageTraits {
  readonly tag?: string;
  readonly layers?: readonly Descriptor[];
  readonly config?: Descriptor;
  readonly platform?: Platform;
  readonly artifactType?: string;
  readonly subject?: Descriptor;
  readonly annotations?: Annotations;
}

const CONFIG = "application/vnd.oci.image.config.v1+json";
const EMPTY = "application/vnd.oci.empty.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar";
export const AMD64 = { os: "linux", architecture: "amd64" };
export const ARM64 = { os: "linux", architecture: "arm64" };

/** Bytes that look random and are the same at every run. */
export function bytesOf(seed: string, length: number): Buffer {
  return createHash("shake256", { outputLength: length }).update(seed).digest();
}

/** Content that belongs together: drawn up in the order in which it can be pushed. */
export class DataSet {
  readonly blobs = new Map<string, Buffer>();
  readonly manifests: DraftManifest[] = [];
  readonly tags = new Map<string, string>();

  constructor(
    readonly name: string,
    private readonly traits: Traits = {},
  ) {}

  blob(mediaType: string, bytes: Buffer): Descriptor {
    const descriptor = this.describe(mediaType, bytes);
    this.blobs.set(descriptor.digest, bytes);
    return descriptor;
  }

  layer({ packed = true } = {}): Descriptor {
    const archive = layerArchive("file.txt", `${this.name}, blob ${this.blobs.size}`);
    return packed ? this.blob(`${LAYER}+gzip`, archive) : this.blob(LAYER, gunzipSync(archive));
  }

  image({ tag, layers = [this.layer(), this.layer()], platform = AMD64, config, ...rest }: ImageTraits = {}): Descriptor {
    const rootfs = { type: "layers", diff_ids: layers.map(({ digest }) => digest) };
    const own = config ?? this.blob(CONFIG, this.json({ ...platform, rootfs }));
    return { ...this.manifest(OCI_MANIFEST, { config: own, layers, ...rest }, tag), platform };
  }

  /** An image manifest with the empty config, as artifacts are packed. */
  artifact({
    layers = [this.blob("application/vnd.example.v1", bytesOf(`${this.name} ${this.blobs.size}`, 2_048))],
    ...rest
  }: ImageTraits) {
    return this.image({ ...rest, layers, config: this.blob(EMPTY, Buffer.from("{}")) });
  }

  index(manifests: readonly Descriptor[], { tag, ...rest }: Omit<ImageTraits, "layers" | "config" | "platform"> = {}): Descriptor {
    return this.manifest(OCI_INDEX, { manifests, ...rest }, tag);
  }

  private manifest(mediaType: string, fields: object, tag?: string): Descriptor {
    const document: DraftManifest["document"] = { schemaVersion: 2, mediaType, ...fields };
    const bytes = this.json(document);
    const descriptor = this.describe(mediaType, bytes);
    this.manifests.push({ mediaType, digest: descriptor.digest, bytes, document });
    if (tag !== undefined) this.tags.set(tag, descriptor.digest);
    return descriptor;
  }

  private describe(mediaType: string, bytes: Buffer): Descriptor {
    const digest = digestOf(bytes, `${this.traits.algorithm ?? "sha256"}:`);
    return { mediaType, digest, size: bytes.length, ...(this.traits.inline && { data: bytes.toString("base64") }) };
  }

  private json(value: object): Buffer {
    return Buffer.from(JSON.stringify({ ...value, ...(this.traits.unknownFields && { "org.example.unknown": this.name }) }));
  }
}
