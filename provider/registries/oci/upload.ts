import { createHash } from "node:crypto";
import { RegistryError } from "../../http/error";
import type { Http, HttpAnswer, HttpRequest, RequestBody } from "../../http/request";
import { unusable } from "./answer-errors";
import { type Digest, digestOf, isDigest, parseDigest } from "./digest";
import type { Repository } from "./path-names";
import { pushScope } from "./scope";
import { chunksOf, sendChunks } from "./upload-chunks";

/** Content in memory, or a function that begins to read it from the start. */
export type BlobSource = Uint8Array | (() => AsyncIterable<Uint8Array>);

export interface UploadOptions {
  /** Of the content, if it is known before. Required for `monolithic` and `single-post` uploads of streams. */
  readonly digest?: Digest;
  /** Bytes of a stream, if known; sent as Content-Length. */
  readonly size?: number;
  /** Bytes a chunk of a chunked upload. Default 16 MiB; larger where the registry demands it (`OCI-Chunk-Min-Length`). */
  readonly chunkSize?: number;
  /**
   * `monolithic`: POST for a session, PUT with everything. `single-post`: one POST; registries that do not support it get the rest by PUT.
   * `chunked`: POST, PATCH by PATCH, PUT. Default: monolithic where the digest is known or computable, else chunked.
   */
  readonly mode?: "monolithic" | "single-post" | "chunked";
}

export interface UploadContext {
  readonly http: Http;
  exists(digest: Digest): Promise<boolean>;
}

/** An upload session: where the next request goes. Each answer may name another place. */
export interface UploadSession {
  readonly repository: Repository;
  readonly location: string;
  /** Bytes. */
  readonly minimumChunk: number;
}

/** The registry no longer knows the session, or nobody knows how far it came: begin again. */
export class UploadLost extends Error {
  constructor(override readonly cause: unknown) {
    super("The upload session was lost.");
    this.name = "UploadLost";
  }
}

const attempts = 3;

/** Uploads content, beginning anew if a session is lost, and gives its digest. */
export async function uploadBlob(
  context: UploadContext,
  repository: Repository,
  source: BlobSource,
  options: UploadOptions,
): Promise<Digest> {
  const digest = options.digest ?? (source instanceof Uint8Array ? digestOf(source) : undefined);
  const mode = options.mode ?? (digest ? "monolithic" : "chunked");
  if (mode !== "chunked" && digest === undefined)
    throw new Error(`A ${mode} upload of a stream to ${repository} needs its digest beforehand.`);
  for (let attempt = 1; ; attempt++) {
    try {
      if (mode === "chunked" || digest === undefined) return await uploadChunked(context, repository, source, digest, options);
      await uploadWhole(context, repository, source, digest, options, mode);
      return digest;
    } catch (error) {
      if (!(error instanceof UploadLost)) throw error;
      // The last answer may have been lost after everything had arrived.
      if (digest && (await context.exists(digest))) return digest;
      if (attempt === attempts) throw error.cause;
    }
  }
}

async function uploadWhole(
  context: UploadContext,
  repository: Repository,
  source: BlobSource,
  digest: Digest,
  options: UploadOptions,
  mode: "monolithic" | "single-post",
): Promise<void> {
  const body = bodyOf(source, options.size);
  if (mode === "monolithic") return finish(context, await begin(context, repository), digest, body);
  const request: HttpRequest = { ...sessionRequest(repository), query: { digest }, body, repeatable: false };
  const answer = await lostIfUnknown(context.http.send(request));
  // 202 is a session: the registry ignored the content (OCI distribution-spec, "Single POST").
  if (answer.status !== 201) await finish(context, sessionOf(request, answer, repository), digest, body);
}

async function uploadChunked(
  context: UploadContext,
  repository: Repository,
  source: BlobSource,
  digest: Digest | undefined,
  options: UploadOptions,
): Promise<Digest> {
  const session = await begin(context, repository);
  const size = Math.max(options.chunkSize ?? 16 * 1024 * 1024, session.minimumChunk, 1);
  const algorithm = digest?.startsWith("sha512:") ? "sha512" : digest?.startsWith("sha384:") ? "sha384" : "sha256";
  const hash = createHash(algorithm);
  const last = await sendChunks(
    context.http,
    session,
    chunksOf(source, size, (bytes) => hash.update(bytes)),
  );
  const actual = parseDigest(`${algorithm}:${hash.digest("hex")}`);
  if (digest && digest !== actual)
    throw new Error(`The content to be pushed to ${repository} has the digest ${actual}, not ${digest}; nothing was pushed.`);
  await finish(context, last, actual, undefined);
  return actual;
}

/** Opens a session. */
async function begin(context: UploadContext, repository: Repository): Promise<UploadSession> {
  // May be repeated: a session whose answer was lost stays empty, and registries throw such away in time.
  const request: HttpRequest = { ...sessionRequest(repository), repeatable: true };
  return sessionOf(request, await context.http.send(request), repository);
}

/** Closes a session with the content's digest, which the registry verifies. */
async function finish(context: UploadContext, session: UploadSession, digest: Digest, body: RequestBody | undefined): Promise<void> {
  const request: HttpRequest = {
    method: "PUT",
    route: "",
    url: withDigest(session.location, digest),
    scope: [pushScope(session.repository)],
    ...(body && { body }),
    // Not with the same session: half of a body may have arrived, and a second one would come on top.
    repeatable: false,
  };
  const answer = await lostIfUnknown(context.http.send(request));
  const told = answer.headers.get("docker-content-digest");
  if (told !== undefined && isDigest(told) && told.split(":")[0] === digest.split(":")[0] && told !== digest) {
    throw unusable(request, answer, `the registry stored ${told} in place of ${digest}`);
  }
}

/** Where the session goes on. Relative locations are allowed. */
export function sessionOf(request: HttpRequest, answer: HttpAnswer, repository: Repository, before?: UploadSession): UploadSession {
  const location = answer.headers.get("location") ?? before?.location;
  if (location === undefined || location === "") throw unusable(request, answer, "it names no Location for the upload");
  const minimum = Number(answer.headers.get("oci-chunk-min-length") ?? before?.minimumChunk ?? 0);
  return {
    repository,
    location: new URL(location, answer.url).href,
    minimumChunk: Number.isSafeInteger(minimum) && minimum > 0 ? minimum : 0,
  };
}

/** Turns failures after which the session is of no use into UploadLost. */
export async function lostIfUnknown<T>(sending: Promise<T>): Promise<T> {
  try {
    return await sending;
  } catch (error) {
    const lost =
      error instanceof RegistryError &&
      (error.fate === "unknown" ||
        error.status === 404 ||
        error.status === 416 ||
        error.serverErrors.some(({ code }) => code === "BLOB_UPLOAD_UNKNOWN" || code === "BLOB_UPLOAD_INVALID"));
    if (lost && error.kind !== "aborted") throw new UploadLost(error);
    throw error;
  }
}

function sessionRequest(repository: Repository): HttpRequest {
  return { method: "POST", route: "/v2/{+repository}/blobs/uploads/", path: { repository }, scope: [pushScope(repository)] };
}

/** Locations may have a query already (distribution keeps the session's state in `_state`). */
function withDigest(location: string, digest: Digest): string {
  return `${location}${location.includes("?") ? "&" : "?"}digest=${encodeURIComponent(digest)}`;
}

function bodyOf(source: BlobSource, size: number | undefined): RequestBody {
  const type = "application/octet-stream";
  if (source instanceof Uint8Array) return { bytes: source, type };
  return { stream: source, type, ...(size !== undefined && { length: size }) };
}
