import type { HttpAnswer } from "../../http";
import { Image, type Layer } from "./schemas";

/** What the API says about one reference of a repository. */
export interface Layers {
  /** Digest of the manifest. Absent where the answer gives none, in body or header. */
  readonly digest?: string;
  /** Empty for an index, and where the service does not say. */
  readonly layers: readonly Layer[];
  /** Manifests that the answer names without their layers: the children of an index. */
  readonly references: readonly string[];
  /** The whole image, where the answer is one. */
  readonly image?: Image;
}

/**
 * Reads the answer of "List layers", of which sources disagree: the vendor's description shows an image with `layers`, `selectel/craas-go`
 * expects a bare array of layers, `fussraider/selectel-craas-ui` meets objects, arrays of digests, nested objects, `[]`, and the digest now and
 * then in the header `Docker-Content-Digest` only. JSON of yet another shape gives no layers; what is no JSON is an error.
 */
export function readLayers(answer: HttpAnswer, json: () => unknown): Layers {
  const header = answer.headers.get("docker-content-digest");
  const found = understand(json());
  const digest = header ?? found.digest;
  return { ...found, ...(digest === undefined ? {} : { digest }) };
}

type Json = { readonly [key: string]: unknown };
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const digestForm = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-zA-Z=_-]+$/;
const isDigest = (value: unknown): value is string => typeof value === "string" && digestForm.test(value);

function understand(body: unknown): Layers {
  if (Array.isArray(body)) return understandArray(body);
  if (!isObject(body)) return { layers: [], references: [] };
  if (isDigest(body.digest)) {
    const image = Image.safeParse(body);
    const layers = layersOf(body.layers);
    return { digest: body.digest, layers, references: childrenOf(body), ...(image.success ? { image: image.data } : {}) };
  }
  // A raw manifest or index has no digest of its own.
  if (Array.isArray(body.layers) || Array.isArray(body.manifests)) return { layers: layersOf(body.layers), references: childrenOf(body) };
  const nested = Object.values(body).filter((value) => isObject(value) || Array.isArray(value));
  return nested.length === 1 ? understand(nested[0]) : { layers: [], references: [] };
}

function understandArray(items: readonly unknown[]): Layers {
  const objects = items.filter(isObject);
  const images = objects.filter((item) => Array.isArray(item.layers));
  if (images.length === 1 && items.length === 1) return understand(images[0]);
  const isChild = (item: Json) => Array.isArray(item.layers) || /manifest|index/.test(String(item.mediaType ?? ""));
  const children = objects.filter(isChild).map((item) => item.digest);
  return { layers: layersOf(objects.filter((item) => !isChild(item))), references: [...items, ...children].filter(isDigest) };
}

/** An index in the form of an image, or as it was pushed. */
function childrenOf(body: Json): string[] {
  return Array.isArray(body.manifests)
    ? body.manifests
        .filter(isObject)
        .map((child) => child.digest)
        .filter(isDigest)
    : [];
}

function layersOf(value: unknown): Layer[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isObject)
    .flatMap(({ digest, size }) => (isDigest(digest) ? [{ digest, ...(typeof size === "number" ? { size } : {}) }] : []));
}
