import type { ArtifactKind, CreationTime } from "../../image-registry";
import type { Digest } from "../digest";
import { type Descriptor, InvalidManifest, isIndexType, type Manifest, type ManifestContent, parseManifest } from "../manifest";
import { acceptManifests, isManifestType, mediaTypes } from "../media-types";
import type { Repository } from "../path-names";
import { annotatedTime, schema1Time } from "./times";

/** A blob that a manifest refers to. */
export interface KnownBlob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/** An entry of an index that is a manifest, or may be one. */
export interface KnownEntry extends KnownBlob {
  /** `manifest`: its media type says so. `unclear`: an unknown media type; it is a manifest if the registry has one of that digest, else a blob. */
  readonly is: "manifest" | "unclear";
  /** `real`: for an operating system and architecture. `unknown`: an attestation of BuildKit, which says `unknown/unknown`. */
  readonly platform: "real" | "unknown" | "none";
}

/** What cleanup needs of a manifest's content: the same for ever, wherever a manifest of this digest lies. Was read and verified once. */
export interface KnownManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  readonly index: boolean;
  /** Of an index its children decide. */
  readonly kind: ArtifactKind | undefined;
  readonly entries: readonly KnownEntry[];
  /** Config and layers; entries of an index that are surely blobs. */
  readonly blobs: readonly KnownBlob[];
  /** The image config, which holds a date. */
  readonly config?: KnownBlob;
  readonly subject?: Digest;
  readonly artifactType?: string;
  /** As far as the manifest itself says it. */
  readonly created?: CreationTime;
}

const helmConfig = "application/vnd.cncf.helm.config.v1+json";
const imageConfigs: ReadonlySet<string> = new Set([mediaTypes.ociConfig, mediaTypes.dockerConfig]);
const knownTypes: ReadonlySet<string> = new Set(acceptManifests.split(", "));
/** Layers and configs of Docker, OCI and BuildKit. Everything else that is no known manifest is looked up before it is taken for a blob. */
const blobTypes = /^application\/vnd\.(?:oci\.image\.(?:layer|config)|oci\.empty|docker\.(?:image\.rootfs|container\.image)|buildkit\.)/;

/**
 * Reads what cleanup needs. Throws for what no media type calls a manifest, for a manifest of a known type that cannot be read, since it may have children that nobody sees then,
 * and for one of an unknown type that seems to have some; other content of unknown types refers to nothing.
 */
export function knownManifest(manifest: Manifest, repository: Repository, reference: string): KnownManifest {
  const { digest, mediaType, size } = manifest;
  const named = reference === digest ? digest : `${reference} (${digest})`;
  if (!isManifestType(mediaType)) {
    throw new Error(`What ${repository} has at ${named} is no manifest: its type is ${JSON.stringify(mediaType.slice(0, 100))}.`);
  }
  let content: ManifestContent;
  try {
    content = parseManifest(manifest);
  } catch (error) {
    if (!(error instanceof InvalidManifest)) throw error;
    if (!knownTypes.has(mediaType) && !seemsIndex(manifest.bytes)) {
      return { digest, mediaType, size, index: false, kind: "other", entries: [], blobs: [] };
    }
    throw new Error(`The manifest ${named} of ${repository} cannot be read: ${error.reason}. What hangs on it is not known.`, {
      cause: error,
    });
  }
  const { config, layers, manifests, subject, artifactType } = content;
  const index = isIndexType(mediaType) || (content.kind === "unknown" && manifests.length > 0);
  const created = annotatedTime(content.annotations) ?? (content.kind === "schema1" ? schema1Time(manifest.bytes) : undefined);
  return {
    digest,
    mediaType,
    size,
    index,
    kind: index ? undefined : kindOf(content),
    entries: manifests.filter(({ mediaType: type }) => !blobTypes.test(type)).map(entryOf),
    blobs: [...(config ? [config] : []), ...layers, ...manifests.filter(({ mediaType: type }) => blobTypes.test(type))].map(blobOf),
    ...(config && imageConfigs.has(config.mediaType) && { config: blobOf(config) }),
    ...(subject && { subject: subject.digest }),
    ...(artifactType && { artifactType }),
    ...(created && { created }),
  };
}

/** Manifests that this one leads to: children, and the subject. */
export function leadsOf({ entries, subject }: KnownManifest): readonly Digest[] {
  const children = entries.map(({ digest }) => digest);
  return subject === undefined ? children : [...children, subject];
}

function kindOf({ kind, config }: ManifestContent): ArtifactKind {
  if (kind === "schema1") return "image";
  if (kind !== "image" || config === undefined) return "other";
  if (imageConfigs.has(config.mediaType)) return "image";
  return config.mediaType === helmConfig ? "helm" : "other";
}

function entryOf({ digest, size, mediaType, platform }: Descriptor): KnownEntry {
  const named = platform !== undefined && (platform.os !== "" || platform.architecture !== "");
  const unknown = named && platform.os === "unknown" && platform.architecture === "unknown";
  return { digest, size, is: knownTypes.has(mediaType) ? "manifest" : "unclear", platform: unknown ? "unknown" : named ? "real" : "none" };
}

const blobOf = ({ digest, size }: Descriptor): KnownBlob => ({ digest, size });

function seemsIndex(bytes: Uint8Array): boolean {
  try {
    const json: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return typeof json === "object" && json !== null && "manifests" in json;
  } catch {
    return false;
  }
}
