/** One blob or manifest that a manifest names. */
export interface Reference {
  readonly digest: string;
  readonly size: number;
  /** Foreign layers (`non-distributable`, `urls`) need not be present in the registry. */
  readonly foreign: boolean;
}

export interface References {
  readonly blobs: readonly Reference[];
  readonly manifests: readonly Reference[];
  readonly subject?: string;
}

/**
 * What a manifest of any known kind names: OCI manifest and Docker schema 2 (`config`, `layers`), OCI index and Docker manifest list
 * (`manifests`), the older artifact manifest (`blobs`), schema 1 (`fsLayers`, without sizes). Nothing for bytes that are no such document.
 */
export function referencesOf(bytes: Buffer): References {
  const document = parseObject(bytes);
  const blobs = [...descriptors([document.config]), ...descriptors(document.layers), ...descriptors(document.blobs)];
  for (const layer of list(document.fsLayers)) {
    const digest = isObject(layer) ? layer.blobSum : undefined;
    if (typeof digest === "string") blobs.push({ digest, size: 0, foreign: false });
  }
  const [subject] = descriptors([document.subject]);
  return { blobs, manifests: descriptors(document.manifests), ...(subject && { subject: subject.digest }) };
}

/** The document as an object; empty when the bytes are no JSON object. */
export function parseObject(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function descriptors(value: unknown): Reference[] {
  return list(value).flatMap((item) => {
    if (!isObject(item) || typeof item.digest !== "string") return [];
    const mediaType = typeof item.mediaType === "string" ? item.mediaType : "";
    const foreign = /nondistributable|foreign/.test(mediaType) || list(item.urls).length > 0;
    return [{ digest: item.digest, size: typeof item.size === "number" ? item.size : 0, foreign }];
  });
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
