import type { SandboxRequest, SandboxResponse } from "../contract";
import { isDigest } from "../digest";
import { failure } from "./errors";
import { rangeOf } from "./range";
import type { OciContext } from "./switches";

/** GET, HEAD and DELETE of `/v2/<name>/blobs/<digest>`; undefined for another method. */
export function blob(
  { store, switches }: OciContext,
  repository: string,
  digest: string,
  request: SandboxRequest,
): SandboxResponse | undefined {
  if (!["GET", "HEAD", "DELETE"].includes(request.method)) return undefined;
  if (request.method === "DELETE" && switches.delete === "disabled") return failure(405, "UNSUPPORTED");
  if (!isDigest(digest)) return failure(400, { code: "DIGEST_INVALID", message: "invalid digest", detail: { digest } });
  if (request.method === "DELETE")
    return store.deleteBlob(repository, digest) ? { status: 202 } : failure(404, { code: "BLOB_UNKNOWN", detail: { digest } });
  const bytes = store.repository(repository)?.blobs.has(digest) ? store.blob(digest) : undefined;
  if (!bytes) return failure(404, { code: "BLOB_UNKNOWN", detail: { digest } });
  const etag = `"${digest}"`;
  const headers = { "docker-content-digest": digest, etag, "cache-control": "max-age=31536000", "accept-ranges": "bytes" };
  if (request.headers["if-none-match"] === etag) return { status: 304, headers };
  const typed = { ...headers, "content-type": "application/octet-stream" };
  const range = request.method === "GET" ? rangeOf(request.headers.range, bytes.length) : undefined;
  if (range === undefined) return { status: 200, headers: typed, body: bytes };
  if (range === "unsatisfiable") return failure(416, "RANGE_INVALID", { "content-range": `bytes */${bytes.length}` });
  const contentRange = `bytes ${range.first}-${range.last}/${bytes.length}`;
  return { status: 206, headers: { ...typed, "content-range": contentRange }, body: bytes.subarray(range.first, range.last + 1) };
}
