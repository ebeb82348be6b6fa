import { z } from "zod";
import { type Digest, digestSchema } from "./digest";
import { mediaTypes } from "./media-types";
import { plainManifest } from "./plain-manifest";
import { schema1Layers } from "./schema1";

/** What one piece of content is, as manifests and lists of referrers describe it (OCI image-spec, "Content Descriptors"). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  readonly platform?: Platform;
  readonly urls?: readonly string[];
  /** The content itself, in base64. */
  readonly data?: string;
}

export interface Platform {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly "os.version"?: string;
  readonly "os.features"?: readonly string[];
}

/** A manifest as it was pushed. The bytes were verified against the digest. */
export interface Manifest {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Raw, never re-encoded: another encoding would have another digest. */
  readonly bytes: Buffer;
  readonly size: number;
}

export type ManifestKind = "image" | "index" | "schema1" | "unknown";

/** What a manifest refers to. */
export interface ManifestContent {
  /** `image` includes artifacts, which are manifests with a config and layers too. */
  readonly kind: ManifestKind;
  readonly config?: Descriptor;
  /** Of schema1 manifests with size 0, because they do not tell. */
  readonly layers: readonly Descriptor[];
  /** Children of an index. */
  readonly manifests: readonly Descriptor[];
  readonly subject?: Descriptor;
  /** The manifest's own or, where that is absent, its config's media type (OCI distribution-spec, "Listing Referrers"). Only of images. */
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A manifest that is no JSON, or whose fields are not what its media type promises. */
export class InvalidManifest extends Error {
  constructor(
    readonly digest: Digest,
    readonly reason: string,
  ) {
    super(`The manifest ${digest} cannot be read: ${reason}.`);
    this.name = "InvalidManifest";
  }
}

const annotations = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? undefined);

// Loose: members that other clients wrote must survive when an index of referrers is written back.
export const descriptorSchema: z.ZodType<Descriptor> = z.looseObject({
  mediaType: z.string().default(""),
  digest: digestSchema,
  size: z.int().nonnegative(),
  annotations: annotations.optional(),
  artifactType: z.string().optional(),
  platform: z
    .looseObject({
      architecture: z.string().default(""),
      os: z.string().default(""),
      variant: z.string().optional(),
      "os.version": z.string().optional(),
      "os.features": z.array(z.string()).optional(),
    })
    .optional(),
  urls: z.array(z.string()).optional(),
  data: z.string().optional(),
});

// Lists may be null: Go programs write an empty slice so.
const descriptors = z
  .array(descriptorSchema)
  .nullish()
  .transform((list) => list ?? []);

const manifestShape = z.looseObject({
  schemaVersion: z.number().optional(),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  config: descriptorSchema.nullish(),
  layers: descriptors,
  /** Of the artifact manifest of OCI 1.1's release candidates. */
  blobs: descriptors,
  manifests: descriptors,
  subject: descriptorSchema.nullish(),
  annotations,
});

/** Reads what a manifest refers to. Throws InvalidManifest. */
export function parseManifest(manifest: Pick<Manifest, "mediaType" | "digest" | "bytes">): ManifestContent {
  const fail = (reason: string) => new InvalidManifest(manifest.digest, reason);
  const json = parseObject(manifest.bytes, fail);
  const kind = kindOf(manifest.mediaType, json);
  if (kind === "schema1") return { kind, layers: schema1Layers(json, fail), manifests: [], annotations: {} };
  // A document that two kinds of readers understand differently is an attack (GHSA-77vh-xpmg-72qh): nobody may guess which one is meant.
  if ("manifests" in json && ("layers" in json || "config" in json)) {
    throw fail("it has both the children of an index and the config or layers of an image");
  }
  // `null` is an empty list, as Go writes it; without the member it is some other document.
  if (kind === "index" && !("manifests" in json)) throw fail("it is an index without a list of its children");
  const { config, layers, blobs, manifests, subject, artifactType, annotations } = plainManifest(json) ?? shaped(json, fail);
  if (kind === "image" && !config) throw fail("it is an image without config");
  const type = artifactType || (kind === "image" ? config?.mediaType : undefined);
  return {
    kind,
    ...(config && { config }),
    layers: blobs.length === 0 ? layers : [...layers, ...blobs],
    manifests,
    ...(subject && { subject }),
    ...(type && { artifactType: type }),
    annotations: annotations ?? {},
  };
}

/** Every manifest that can be lived with. Exported for the test that holds the shorter way against it. */
export function shaped(json: object, fail: (reason: string) => Error): z.infer<typeof manifestShape> {
  const parsed = manifestShape.safeParse(json);
  if (!parsed.success) throw fail(z.prettifyError(parsed.error).replace(/^✖ /, "").replace(/\s+/g, " "));
  return parsed.data;
}

/** The media type that a manifest names in itself, for servers that answer with a generic one. */
export function embeddedMediaType(bytes: Uint8Array): string | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    if (typeof json !== "object" || json === null) return undefined;
    if ("mediaType" in json && typeof json.mediaType === "string" && json.mediaType !== "") return json.mediaType;
    if ("schemaVersion" in json && json.schemaVersion === 1) return "signatures" in json ? mediaTypes.schema1Signed : mediaTypes.schema1;
    // OCI allows to leave mediaType out.
    if ("manifests" in json) return mediaTypes.ociIndex;
    return "layers" in json ? mediaTypes.ociManifest : undefined;
  } catch {
    return undefined;
  }
}

export function isIndexType(mediaType: string): boolean {
  return mediaType === mediaTypes.ociIndex || mediaType === mediaTypes.dockerList;
}

function kindOf(mediaType: string, json: object): ManifestKind {
  if (isIndexType(mediaType)) return "index";
  if (mediaType === mediaTypes.ociManifest || mediaType === mediaTypes.dockerManifest) return "image";
  if (mediaType === mediaTypes.schema1 || mediaType === mediaTypes.schema1Signed) return "schema1";
  return "schemaVersion" in json && json.schemaVersion === 1 && "fsLayers" in json ? "schema1" : "unknown";
}

function parseObject(bytes: Uint8Array, fail: (reason: string) => Error): object {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    throw fail("it is no JSON");
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw fail("it is no JSON object");
  return json;
}
