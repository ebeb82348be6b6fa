import { randomUUID } from "node:crypto";
import type { SandboxRequest, SandboxResponse } from "../contract";
import { digestOf, isDigest } from "../digest";
import { failure } from "./errors";
import { chunkRangeOf } from "./range";
import type { OciContext } from "./switches";

interface Session {
  readonly id: string;
  readonly repository: string;
  readonly chunks: Buffer[];
  size: number;
}

/** The uploads in progress of one OCI API: `/v2/<name>/blobs/uploads/` and below. They live until finished or cancelled. */
export class Uploads {
  private readonly sessions = new Map<string, Session>();

  constructor(private readonly context: OciContext) {}

  /** POST: a mount, a whole blob (`digest`), or a new session. */
  async start(repository: string, request: SandboxRequest): Promise<SandboxResponse> {
    const mount = request.query.get("mount");
    const digest = request.query.get("digest");
    for (const given of [mount, digest]) if (given !== null && !isDigest(given)) return invalidDigest(given);
    if (mount !== null && (await this.mountable(repository, mount, request))) {
      const bytes = this.context.store.blob(mount);
      if (bytes) return this.finished(request, repository, bytes, mount);
    }
    if (digest !== null) return this.finished(request, repository, request.body, digest);
    const session = { id: randomUUID(), repository, chunks: [], size: 0 };
    this.sessions.set(session.id, session);
    if (request.body.length > 0) append(session, request.body);
    return { status: 202, headers: { ...progress(request, session), "content-length": "0" } };
  }

  /** GET, PATCH, PUT and DELETE of a session; undefined for another method. */
  continue(repository: string, id: string, request: SandboxRequest): SandboxResponse | undefined {
    if (!["GET", "PATCH", "PUT", "DELETE"].includes(request.method)) return undefined;
    const session = this.sessions.get(id);
    if (session?.repository !== repository) return failure(404, "BLOB_UPLOAD_UNKNOWN");
    if (request.method === "GET") return { status: 204, headers: progress(request, session) };
    if (request.method === "DELETE") {
      this.sessions.delete(id);
      return { status: 204 };
    }
    const misplaced = misplacedChunk(request, session);
    if (misplaced) return misplaced;
    if (request.method === "PATCH") {
      append(session, request.body);
      return { status: 202, headers: progress(request, session) };
    }
    const digest = request.query.get("digest");
    if (digest === null || !isDigest(digest)) return invalidDigest(digest);
    this.sessions.delete(id);
    return this.finished(request, repository, Buffer.concat([...session.chunks, request.body]), digest);
  }

  private finished(request: SandboxRequest, repository: string, bytes: Buffer, digest: string): SandboxResponse {
    if (digestOf(bytes, digest) !== digest) return failure(400, { code: "DIGEST_INVALID", detail: { digest } });
    this.context.store.putBlob(repository, bytes, digest);
    const location = `${request.origin}/v2/${repository}/blobs/${digest}`;
    return { status: 201, headers: { location, "docker-content-digest": digest } };
  }

  /** From the named repository, or, without a name, from any that the client may pull from. */
  private async mountable(target: string, digest: string, request: SandboxRequest): Promise<boolean> {
    const from = request.query.get("from");
    const { store, authorize } = this.context;
    // The access of a named source was part of what the request itself had to be authorized for.
    if (from !== null) return store.repository(from)?.blobs.has(digest) === true;
    for (const { name, blobs } of store.repositories()) {
      if (!blobs.has(digest)) continue;
      if (name === target || !(await authorize?.(request, { repository: name, actions: ["pull"] }))) return true;
    }
    return false;
  }
}

/** 416 when a chunk does not follow the bytes that are there, 400 when it is not as long as it says; the session goes on. */
function misplacedChunk(request: SandboxRequest, session: Session): SandboxResponse | undefined {
  const header = request.headers["content-range"];
  if (header === undefined) return undefined;
  const range = chunkRangeOf(header);
  if (range?.first !== session.size) return failure(416, "RANGE_INVALID", progress(request, session));
  const length = range.last - range.first + 1;
  return length === request.body.length
    ? undefined
    : failure(400, { code: "SIZE_INVALID", detail: { range: header, length: request.body.length } });
}

function append(session: Session, chunk: Buffer): void {
  session.chunks.push(chunk);
  session.size += chunk.length;
}

/** `Range` of an empty upload is `0-0`, as distribution writes it. */
function progress(request: SandboxRequest, { id, repository, size }: Session) {
  return {
    location: `${request.origin}/v2/${repository}/blobs/uploads/${id}?_state=${size}`,
    range: `0-${Math.max(0, size - 1)}`,
    "docker-upload-uuid": id,
  };
}

function invalidDigest(digest: string | null): SandboxResponse {
  const message = digest === null ? "digest missing" : "invalid digest";
  return failure(400, { code: "DIGEST_INVALID", message, detail: { digest } });
}
