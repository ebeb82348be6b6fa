import { RegistryError } from "../../http";
import { isTooLarge } from "../../http/exchange";
import type { Http, HttpAnswer, HttpRequest, HttpStream } from "../../http/request";
import { absenceOf, refusal, routeHint, unusable } from "./answer-errors";
import { type ByteRange, cut, exactly } from "./blob-range";
import { type Digest, isDigest, verified, verify } from "./digest";
import type { Repository } from "./path-names";
import { deleteScope, pullScope, pushScope } from "./scope";
import { type BlobSource, type UploadOptions, uploadBlob } from "./upload";

const route = "/v2/{+repository}/blobs/{+digest}";

/** Bytes of a blob that `get` reads into memory at the most, unless told otherwise. */
export const blobGetLimit = 64 * 1024 * 1024;

/** Bytes. What may have at most so many is read as one answer and not piece by piece. */
const smallBlob = 8 * 1024 * 1024;

export interface BlobInfo {
  readonly digest: Digest;
  readonly size: number;
}

export interface BlobStream {
  /** Bytes that will come, where the registry says it. */
  readonly size?: number;
  /** Must be read to the end or `cancel`led. A whole blob is verified: the last step throws DigestMismatch if it is not the digest's content. */
  readonly body: AsyncIterable<Uint8Array>;
  cancel(): Promise<void>;
}

/** Blobs of a registry: layers, configs and whatever else manifests refer to. */
export class Blobs {
  constructor(private readonly http: Http) {}

  /** Size of a blob. Undefined only if the registry proves that it does not exist. */
  async head(repository: Repository, digest: Digest): Promise<BlobInfo | undefined> {
    const request = this.read("HEAD", repository, digest);
    // An answer that `http` takes for a web page may well be about a blob that is one.
    const answer = await this.http.send({ ...request, expect: [404, 405] }).catch(undefinedIfUnusable);
    const length = answer?.headers.get("content-length");
    if (answer && answer.status < 300 && length !== undefined && /^\d+$/.test(length)) return { digest, size: Number(length) };
    // The reason of a 404 stands in a body only, and one byte of the blob is enough to see that it is there.
    const probe = await this.open(repository, digest, { start: 0, end: 0 });
    if (!probe) return undefined;
    await probe.cancel();
    const total =
      /\/(\d+)$/.exec(probe.headers.get("content-range") ?? "")?.[1] ?? (probe.status === 200 ? probe.headers.get("content-length") : "0");
    if (total === undefined) throw unusable(request, probe, "it does not tell the blob's size");
    return { digest, size: Number(total) };
  }

  async exists(repository: Repository, digest: Digest): Promise<boolean> {
    return (await this.head(repository, digest)) !== undefined;
  }

  /**
   * A blob's content, or a range of it. A whole blob is verified against its digest; a range cannot be.
   * Throws if it has more than `limit` bytes (default 64 MiB). Undefined only if the registry proves that it does not exist.
   */
  async get(
    repository: Repository,
    digest: Digest,
    options: { readonly range?: ByteRange; readonly limit?: number } = {},
  ): Promise<Buffer | undefined> {
    const { range, limit = blobGetLimit } = options;
    if (!range && limit <= smallBlob) return this.small(repository, digest, limit);
    const opened = await this.stream(repository, digest, range && { range });
    if (!opened) return undefined;
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of opened.body) {
      size += chunk.byteLength;
      if (size > limit) {
        await opened.cancel();
        throw tooLarge(repository, digest, limit);
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** Like `get`, piece by piece and without limit. */
  async stream(repository: Repository, digest: Digest, options: { readonly range?: ByteRange } = {}): Promise<BlobStream | undefined> {
    const { range } = options;
    const answer = await this.open(repository, digest, range);
    if (!answer) return undefined;
    const length = answer.headers.get("content-length");
    const size = length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined;
    const what = `Blob ${digest} of ${repository}`;
    const cancel = () => answer.cancel();
    if (!range) return { ...(size !== undefined && { size }), body: verified(answer.body, digest, what, size), cancel };
    // A server that knows no ranges sends everything, from which the range is cut (and the whole verified).
    if (answer.status === 200) return { body: cut(answer.body, range, digest, what), cancel };
    return { ...(size !== undefined && { size }), body: exactly(answer.body, size, what), cancel };
  }

  /**
   * Pushes a blob and gives its digest. Content that comes as a stream is a function, so that a failed upload can begin again.
   * A registry that has the blob already may take it again without harm.
   */
  upload(repository: Repository, source: BlobSource, options: UploadOptions = {}): Promise<Digest> {
    return uploadBlob({ http: this.http, exists: (digest) => this.exists(repository, digest) }, repository, source, options);
  }

  /**
   * Makes a blob of another repository one of this repository without sending it. False if the registry would not; then upload it.
   */
  async mount(repository: Repository, digest: Digest, from: Repository): Promise<boolean> {
    const request: HttpRequest = {
      method: "POST",
      route: "/v2/{+repository}/blobs/uploads/",
      path: { repository },
      query: { mount: digest, from },
      scope: [pushScope(repository), pullScope(from)],
      // Mounting twice is mounting; where it is refused, a lost answer leaves an upload session that the registry throws away in time.
      repeatable: true,
    };
    const answer = await this.http.send(request);
    if (answer.status === 201) return true;
    await this.abandon(repository, answer);
    return false;
  }

  /** Deletes a blob from a repository. Manifests that refer to it break: this is for tools that know that there are none. */
  async delete(repository: Repository, digest: Digest): Promise<"deleted" | "absent"> {
    const request: HttpRequest = { method: "DELETE", route, path: { repository, digest }, scope: [deleteScope(repository)] };
    const answer = await this.http.send({ ...request, expect: [404, 405] });
    if (answer.status < 300) return "deleted";
    if (answer.status === 405) throw refusal(request, answer, "The registry does not delete blobs");
    const absence = absenceOf(answer);
    if (absence === "content" || absence === "repository") return "absent";
    throw refusal(request, answer, absence === "route" ? routeHint : undefined);
  }

  /** The session that a refused mount opened is of no use; registries remove it by themselves if this fails. */
  private async abandon(repository: Repository, answer: HttpAnswer): Promise<void> {
    const location = answer.headers.get("location");
    if (location === undefined) return;
    const request: HttpRequest = { method: "DELETE", route: "", url: location, scope: [pushScope(repository)], repeatable: false };
    await this.http.send({ ...request, expect: [400, 401, 403, 404, 405, 500] }).catch(() => undefined);
  }

  /** A whole blob in one answer: as `stream`, without what a stream costs. */
  private async small(repository: Repository, digest: Digest, limit: number): Promise<Buffer | undefined> {
    const request = this.read("GET", repository, digest);
    const answer = await this.http.send({ ...request, opaque: true, bodyLimit: limit, expect: [404, 416] }).catch((error: unknown) => {
      throw isTooLarge(error) ? tooLarge(repository, digest, limit, error) : error;
    });
    if (answer.status >= 300) return absent(request, answer);
    verify(answer.body, digest, `Blob ${digest} of ${repository}`);
    return answer.body;
  }

  private async open(repository: Repository, digest: Digest, range?: ByteRange): Promise<HttpStream | undefined> {
    const request = this.read("GET", repository, digest);
    const header = range && { range: `bytes=${range.start}-${range.end ?? ""}` };
    const answer = await this.http.stream({ ...request, ...(header && { headers: header }), expect: [404, 416] });
    if (answer.status === 206 && range && !startsAt(answer, range.start)) {
      await answer.cancel();
      throw unusable(request, answer, `it is another range than the one from byte ${range.start} on that was asked for`);
    }
    if (answer.status < 300) return answer;
    return absent(request, await drain(answer), range);
  }

  private read(method: "GET" | "HEAD", repository: Repository, digest: Digest): HttpRequest {
    if (!isDigest(digest)) throw new Error(`${JSON.stringify(digest)} is no digest.`);
    return { method, route, path: { repository, digest }, scope: [pullScope(repository)] };
  }
}

/** Undefined only if the registry proves that there is no such blob. */
function absent(request: HttpRequest, answer: HttpAnswer, range?: ByteRange): undefined {
  if (answer.status === 416) throw refusal(request, answer, `The blob has no bytes from ${range?.start ?? 0} on`);
  const absence = absenceOf(answer);
  if (absence === "content" || absence === "repository") return undefined;
  throw refusal(request, answer, absence === "route" ? routeHint : undefined);
}

const tooLarge = (repository: Repository, digest: Digest, limit: number, cause?: unknown): Error =>
  new Error(`Blob ${digest} of ${repository} has more than ${limit} bytes; read it as a stream.`, { cause });

function undefinedIfUnusable(error: unknown): undefined {
  if (error instanceof RegistryError && error.kind === "answer") return undefined;
  throw error;
}

function startsAt(answer: HttpStream, start: number): boolean {
  const range = answer.headers.get("content-range");
  return range === undefined || range.startsWith(`bytes ${start}-`);
}

/** Error bodies are small; what is beyond 64 KiB is not needed to understand one. */
async function drain(answer: HttpStream): Promise<HttpAnswer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > 65_536) break;
  }
  return { status: answer.status, headers: answer.headers, url: answer.url, body: Buffer.concat(chunks) };
}
