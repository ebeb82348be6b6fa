import type { CreationTime } from "../../image-registry";
import { type Digest, isDigest, parseDigest } from "../../oci/digest";
import type { KnownBlob, KnownEntry, KnownManifest } from "../../oci/images/known";
import { parseTime } from "../../oci/images/times";
import { isIndexType } from "../../oci/manifest";
import { mediaTypes } from "../../oci/media-types";
import type { Layers } from "../layers";
import type { Image, Layer } from "../schemas";

/** An image as the API lists it. */
export interface Listed {
  /** As far as the list tells: neither its own size, nor its config, nor a subject. */
  readonly manifest: KnownManifest;
  /** Whether the list tells what kind of thing it is. An artifact, which may have a subject, has no platform. */
  readonly settled: boolean;
  readonly platform: KnownEntry["platform"];
  readonly tags: readonly string[];
}

/** Older than artifacts, subjects and platforms. */
const schema1Types: ReadonlySet<string> = new Set([mediaTypes.schema1, mediaTypes.schema1Signed]);
const plainTypes: ReadonlySet<string> = new Set([mediaTypes.ociManifest, mediaTypes.dockerManifest, ...schema1Types]);

/** `helm_chart` is the one type of repositories that the vendor's description names. */
const helmType = "helm_chart";

/** Layers that were met already: thousands of images share theirs. */
export type KnownLayers = Map<string, KnownBlob>;

/** Reads an entry of `/images`. `type` is that of its repository. Throws InvalidName for a digest that is none. */
export function listedManifest(image: Image, type: string | undefined, known: KnownLayers = new Map()): Listed {
  const { mediaType = "", layers } = image;
  const platform = platformOf(image);
  // Answers of older services had neither media types nor platforms; then only layers tell an image from an index.
  const plain = plainTypes.has(mediaType) || (mediaType === "" && layers.length > 0);
  const silent = image.os === undefined && image.architecture === undefined;
  const helm = plain && type === helmType;
  const settled = plain && (helm || silent || platform !== "none" || schema1Types.has(mediaType));
  const created = createdOf(image);
  return {
    manifest: {
      digest: parseDigest(image.digest),
      mediaType,
      size: 0,
      index: isIndexType(mediaType),
      kind: helm ? "helm" : settled ? "image" : "other",
      entries: none,
      blobs: layers.map((layer) => blobOf(layer, known)),
      ...(created && { created }),
    },
    settled,
    platform,
    tags: image.tags,
  };
}

/**
 * The manifest that "List layers" describes, if it says enough: what it is, its digest, and children of which each is known from the list of
 * images. Undefined if anything is left open.
 */
export function describedManifest(
  { image, digest, references, layers }: Layers,
  reference: string,
  listed: ReadonlyMap<Digest, Listed>,
  type: string | undefined,
): KnownManifest | undefined {
  if (!image?.mediaType || !isDigest(image.digest) || image.digest !== digest) return undefined;
  if (isDigest(reference) && reference !== digest) return undefined;
  if (!isIndexType(image.mediaType)) {
    const found = listedManifest(image, type);
    return found.settled ? found.manifest : undefined;
  }
  const entries: KnownEntry[] = [];
  for (const child of new Set([...references, ...layers.map((layer) => layer.digest)])) {
    const known = isDigest(child) ? listed.get(child) : undefined;
    if (!known || known.manifest.index || known.manifest.mediaType === "") return undefined;
    entries.push({ digest: known.manifest.digest, size: 0, is: "manifest", platform: known.platform });
  }
  if (entries.length === 0) return undefined;
  return { digest: image.digest, mediaType: image.mediaType, size: 0, index: true, kind: undefined, entries, blobs: [] };
}

/** The registry's date, where it has one, stands above what the manifest says. */
export function withDate(manifest: KnownManifest, listed: ReadonlyMap<Digest, Listed>): KnownManifest {
  const created = listed.get(manifest.digest)?.manifest.created;
  return created ? { ...manifest, created } : manifest;
}

/** The build time, which the service takes from the image's config. */
function createdOf({ createdAt }: Image): CreationTime | undefined {
  if (createdAt === undefined || createdAt === "") return undefined;
  return { time: parseTime(createdAt), source: "registry" };
}

const none: readonly KnownEntry[] = [];

function blobOf({ digest, size = 0 }: Layer, known: KnownLayers): KnownBlob {
  const met = known.get(digest);
  if (met?.size === size) return met;
  const blob = { digest: parseDigest(digest), size };
  known.set(digest, blob);
  return blob;
}

function platformOf({ os = "", architecture = "" }: Image): KnownEntry["platform"] {
  if (os === "unknown" && architecture === "unknown") return "unknown";
  return os !== "" || architecture !== "" ? "real" : "none";
}
