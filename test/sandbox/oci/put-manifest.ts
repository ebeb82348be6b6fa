import type { SandboxRequest, SandboxResponse } from "../contract";
import { digestOf, isDigest } from "../digest";
import { parseObject, type References, referencesOf } from "../references";
import { failure } from "./errors";
import { MANIFEST_FIELDS } from "./media-types";
import { isTag } from "./route";
import type { OciContext } from "./switches";

/** What the specification asks a registry to take at least, and distribution takes at most. */
const MAX_BYTES = 4 * 1024 * 1024;

/** `PUT /v2/<name>/manifests/<reference>`, by tag or digest; by digest also with `?tag=` (several). */
export function putManifest(context: OciContext, repository: string, reference: string, request: SandboxRequest): SandboxResponse {
  const { store, switches } = context;
  const bytes = request.body;
  if (bytes.length > MAX_BYTES) return failure(413, { code: "MANIFEST_INVALID", message: `manifest larger than ${MAX_BYTES} bytes` });
  const byTag = isTag(reference);
  if (!byTag && (!isDigest(reference) || digestOf(bytes, reference) !== reference))
    return failure(400, { code: "DIGEST_INVALID", detail: { digest: reference } });
  const tags = byTag ? [reference] : request.query.getAll("tag");
  const wrongTag = tags.find((tag) => !isTag(tag));
  if (wrongTag !== undefined) return failure(400, { code: "MANIFEST_INVALID", message: "invalid tag", detail: { tag: wrongTag } });
  const mediaType = mediaTypeOf(bytes, request.headers["content-type"]);
  if ("status" in mediaType) return mediaType;
  const references = referencesOf(bytes);
  const missing = missingFrom(context, repository, references);
  if (missing.length > 0)
    return failure(
      400,
      missing.map((digest) => ({ code: "MANIFEST_BLOB_UNKNOWN", detail: { digest } })),
    );

  const digest = byTag ? digestOf(bytes) : reference;
  for (const tag of tags.length > 0 ? tags : [undefined]) store.putManifest(repository, mediaType.value, bytes, tag, digest);
  const headers: Record<string, string | readonly string[]> = {
    location: `${request.origin}/v2/${repository}/manifests/${digest}`,
    "docker-content-digest": digest,
  };
  if (switches.referrersApi && references.subject) headers["oci-subject"] = references.subject;
  if (!byTag && tags.length > 0) headers["oci-tag"] = tags;
  return { status: 201, headers };
}

/** The media type by header and by document, which must agree; a refusal when the document is not of that kind. */
function mediaTypeOf(bytes: Buffer, contentType: string | undefined): { readonly value: string } | SandboxResponse {
  const document = parseObject(bytes);
  const header = contentType?.split(";")[0]?.trim();
  const value = header || document.mediaType;
  const fields = typeof value === "string" ? MANIFEST_FIELDS[value] : undefined;
  if (typeof value !== "string" || !fields) return invalid(`unrecognized manifest content type ${value}`);
  if (document.mediaType !== undefined && document.mediaType !== value)
    return invalid(`if present, mediaType in manifest should be '${value}' not '${document.mediaType}'`);
  const absent = ["schemaVersion", ...fields].find((field) => document[field] === undefined);
  if (absent && !value.endsWith("artifact.manifest.v1+json")) return invalid(`no ${absent} in the manifest`);
  return { value };
}

/** Digests that the manifest names and that are not there, by what the switch `sparse` lets pass. A subject may always be missing. */
function missingFrom({ store, switches }: OciContext, repository: string, references: References): string[] {
  const stored = store.repository(repository);
  const blobs = references.blobs.filter(({ digest, foreign }) => !foreign && !stored?.blobs.has(digest));
  const children = references.manifests.filter(({ digest }) => !stored?.manifests.has(digest));
  const refused = { all: [], index: blobs, none: [...blobs, ...children] }[switches.sparse];
  return refused.map(({ digest }) => digest);
}

function invalid(message: string): SandboxResponse {
  return failure(400, { code: "MANIFEST_INVALID", message });
}
