import type { SandboxRequest, SandboxResponse, StoredManifest } from "../contract";
import { isDigest } from "../digest";
import { isObject, parseObject } from "../references";
import { failure } from "./errors";
import { DOCKER_LIST, OCI_INDEX, OCI_MANIFEST } from "./media-types";
import { putManifest } from "./put-manifest";
import { isTag } from "./route";
import type { OciContext } from "./switches";

/** GET, HEAD, PUT and DELETE of `/v2/<name>/manifests/<reference>`; undefined for another method. */
export function manifest(context: OciContext, repository: string, reference: string, request: SandboxRequest): SandboxResponse | undefined {
  switch (request.method) {
    case "GET":
    case "HEAD":
      return read(context, repository, reference, request);
    case "PUT":
      return putManifest(context, repository, reference, request);
    case "DELETE":
      return remove(context, repository, reference);
    default:
      return undefined;
  }
}

function read(context: OciContext, repository: string, reference: string, request: SandboxRequest): SandboxResponse {
  if (!isTag(reference) && !isDigest(reference)) return invalidDigest(reference);
  const stored = context.store.repository(repository);
  const digest = isTag(reference) ? stored?.tags.get(reference) : reference;
  const found = digest === undefined ? undefined : stored?.manifests.get(digest);
  if (!found) return unknown(repository, reference);
  const served = context.switches.accept === "any" ? found : asOldServer(context, repository, found, isTag(reference), request);
  if ("status" in served) return served;
  const etag = `"${served.digest}"`;
  const headers = { "docker-content-digest": served.digest, etag };
  if (request.headers["if-none-match"] === etag) return { status: 304, headers };
  return { status: 200, headers: { ...headers, "content-type": served.mediaType }, body: served.bytes };
}

function remove({ store, switches }: OciContext, repository: string, reference: string): SandboxResponse {
  if (switches.delete === "disabled") return failure(405, "UNSUPPORTED");
  if (isTag(reference)) {
    if (switches.tagDelete === "unsupported") return failure(400, "DIGEST_INVALID");
    return store.deleteTag(repository, reference) ? { status: 202 } : unknown(repository, reference);
  }
  if (!isDigest(reference)) return invalidDigest(reference);
  return store.deleteManifest(repository, reference) ? { status: 202 } : unknown(repository, reference);
}

/** distribution 2.8.2, observed: OCI types must be listed by name, `*` does not count; a list by tag turns into a child. */
function asOldServer(
  { store }: OciContext,
  repository: string,
  found: StoredManifest,
  byTag: boolean,
  request: SandboxRequest,
): StoredManifest | SandboxResponse {
  const accepted = new Set((request.headers.accept ?? "").split(",").map((range) => range.split(";")[0]?.trim()));
  const kind = { [OCI_MANIFEST]: "OCI manifest", [OCI_INDEX]: "OCI index" }[found.mediaType];
  if (kind && !accepted.has(found.mediaType)) {
    const message = `${kind} found, but accept header does not support ${kind === "OCI index" ? "OCI indexes" : "OCI manifests"}`;
    return failure(404, { code: "MANIFEST_UNKNOWN", message });
  }
  if (found.mediaType !== DOCKER_LIST || accepted.has(DOCKER_LIST) || !byTag) return found;
  const { manifests } = parseObject(found.bytes);
  const entries = Array.isArray(manifests) ? manifests.filter(isObject) : [];
  const entry = entries.find(({ platform }) => isObject(platform) && platform.os === "linux" && platform.architecture === "amd64");
  const child = store.repository(repository)?.manifests.get(String(entry?.digest));
  return child ?? unknown(repository, found.digest);
}

function unknown(repository: string, reference: string): SandboxResponse {
  const detail = isTag(reference) ? { Tag: reference } : { Name: repository, Revision: reference };
  return failure(404, { code: "MANIFEST_UNKNOWN", detail });
}

function invalidDigest(reference: string): SandboxResponse {
  return failure(400, { code: "DIGEST_INVALID", message: "invalid digest", detail: { digest: reference } });
}
