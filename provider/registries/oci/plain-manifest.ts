import { isDigest } from "./digest";
import type { Descriptor, Platform } from "./manifest";

/** A manifest's members, as `manifestShape` of manifest.ts gives them. */
export interface PlainManifest {
  readonly config?: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly blobs: readonly Descriptor[];
  readonly manifests: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The members of a manifest in which everything is as the specification has it: almost all are, and there are very many. Undefined for every
 * other one: `manifestShape` then tells whether it can be lived with (null for an empty list, no media type) and, if not, what is wrong.
 */
export function plainManifest(json: object): PlainManifest | undefined {
  const manifest = json as Json;
  const { config, subject } = manifest;
  const layers = listOf(manifest.layers);
  const blobs = listOf(manifest.blobs);
  const manifests = listOf(manifest.manifests);
  if (!layers || !blobs || !manifests || !isAbsentOr(isDescriptor, config) || !isAbsentOr(isDescriptor, subject)) return undefined;
  if (Object.hasOwn(manifest, "__proto__") || !isAbsentOr(Number.isFinite, manifest.schemaVersion)) return undefined;
  const { mediaType, artifactType, annotations } = manifest;
  if (!isAbsentOr(isString, mediaType) || !isAbsentOr(isString, artifactType) || !isAbsentOr(isTexts, annotations)) return undefined;
  return {
    ...(config && { config }),
    layers,
    blobs,
    manifests,
    ...(subject && { subject }),
    ...(artifactType !== undefined && { artifactType }),
    ...(annotations && { annotations }),
  };
}

const none: readonly Descriptor[] = [];

function listOf(value: unknown): readonly Descriptor[] | undefined {
  if (value === undefined) return none;
  return Array.isArray(value) && value.every(isDescriptor) ? value : undefined;
}

function isDescriptor(value: unknown): value is Descriptor {
  if (!isObject(value) || Object.hasOwn(value, "__proto__")) return false;
  const { mediaType, digest, size, annotations, artifactType, platform, urls, data } = value;
  if (!isString(mediaType) || !isString(digest) || !isDigest(digest) || !Number.isSafeInteger(size) || Number(size) < 0) return false;
  if (!isAbsentOr(isTexts, annotations) || !isAbsentOr(isString, artifactType) || !isAbsentOr(isPlatform, platform)) return false;
  return isAbsentOr(isStrings, urls) && isAbsentOr(isString, data);
}

function isPlatform(value: unknown): value is Platform {
  if (!isObject(value) || Object.hasOwn(value, "__proto__") || !isString(value.architecture) || !isString(value.os)) return false;
  return isAbsentOr(isString, value.variant) && isAbsentOr(isString, value["os.version"]) && isAbsentOr(isStrings, value["os.features"]);
}

function isAbsentOr<T>(is: (value: unknown) => value is T, value: unknown): value is T | undefined;
function isAbsentOr(is: (value: unknown) => boolean, value: unknown): boolean;
function isAbsentOr(is: (value: unknown) => boolean, value: unknown): boolean {
  return value === undefined || is(value);
}

const isString = (value: unknown): value is string => typeof value === "string";
const isStrings = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isString);

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && !Object.hasOwn(value, "__proto__") && Object.values(value).every(isString);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
