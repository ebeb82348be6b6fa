import { isFateUnknown, RegistryError } from "../../http/error";
import type { Http, HttpAnswer, HttpRequest } from "../../http/request";
import { unusable } from "./answer-errors";
import { pushScope } from "./scope";
import { type BlobSource, lostIfUnknown, sessionOf, UploadLost, type UploadSession } from "./upload";

/** How far a session has come. */
interface Progress {
  readonly session: UploadSession;
  /** Bytes that the registry has. */
  readonly offset: number;
}

/** How often in a row a chunk is sent without any progress before the session is given up. */
const patience = 3;

/**
 * Sends chunk after chunk and gives the session as the last answer left it. After a chunk whose answer was lost, and after a 416, the
 * registry is asked how much it has, and sending goes on from there.
 */
export async function sendChunks(http: Http, session: UploadSession, chunks: AsyncIterable<Uint8Array>): Promise<UploadSession> {
  let progress: Progress = { session, offset: 0 };
  for await (const chunk of chunks) {
    const start = progress.offset;
    const end = start + chunk.byteLength;
    for (let idle = 0; progress.offset < end; ) {
      const before = progress.offset;
      progress = await sendChunk(http, progress, chunk.subarray(before - start));
      if (progress.offset < start || progress.offset > end) throw new UploadLost(outOfStep(progress, start, end));
      idle = progress.offset > before ? 0 : idle + 1;
      if (idle === patience) throw new UploadLost(outOfStep(progress, start, end));
    }
  }
  return progress.session;
}

/** Cuts a source into pieces of one size; the last may be smaller. Each byte is shown to `see` once. */
export async function* chunksOf(source: BlobSource, size: number, see: (bytes: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  const pieces = source instanceof Uint8Array ? [source] : source();
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    see(piece);
    for (let at = 0; at < piece.byteLength; ) {
      const part = piece.subarray(at, at + size - length);
      held.push(part);
      length += part.byteLength;
      at += part.byteLength;
      if (length < size) continue;
      yield joined(held);
      held = [];
      length = 0;
    }
  }
  if (length > 0) yield joined(held);
}

async function sendChunk(http: Http, { session, offset }: Progress, bytes: Uint8Array): Promise<Progress> {
  const request: HttpRequest = {
    method: "PATCH",
    route: "",
    url: session.location,
    // Both ends count.
    headers: { "content-range": `${offset}-${offset + bytes.byteLength - 1}` },
    body: { bytes, type: "application/octet-stream" },
    scope: [pushScope(session.repository)],
    repeatable: false,
    expect: [416],
  };
  try {
    const answer = await http.send(request);
    if (answer.status === 416) return await askProgress(http, session);
    const received = receivedBytes(answer);
    const offsetNow = received === undefined || received === "none or one" ? offset + bytes.byteLength : received;
    return { session: sessionOf(request, answer, session.repository, session), offset: offsetNow };
  } catch (error) {
    if (isFateUnknown(error) && error.kind !== "aborted") return askProgress(http, session);
    return lostIfUnknown(Promise.reject(error));
  }
}

/** Upload status (OCI distribution-spec, "Pushing a blob in chunks": GET of the location gives 204 with Range). */
async function askProgress(http: Http, session: UploadSession): Promise<Progress> {
  const request: HttpRequest = { method: "GET", route: "", url: session.location, scope: [pushScope(session.repository)] };
  const answer = await lostIfUnknown(http.send(request));
  const offset = receivedBytes(answer);
  // A byte more or less would damage the blob. Beginning anew costs little when so little has arrived.
  if (typeof offset !== "number") throw new UploadLost(unusable(request, answer, "it does not say how much of the blob was received"));
  return { session: sessionOf(request, answer, session.repository, session), offset };
}

/** `Range: 0-99` are 100 bytes. distribution writes `0-0` for no byte as well as for one. */
function receivedBytes(answer: HttpAnswer): number | "none or one" | undefined {
  const match = /^(?:bytes=)?0-(\d+)$/.exec(answer.headers.get("range")?.trim() ?? "");
  if (match?.[1] === undefined) return undefined;
  return match[1] === "0" ? "none or one" : Number(match[1]) + 1;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  return parts.length === 1 && only ? only : Buffer.concat(parts);
}

function outOfStep({ session, offset }: Progress, start: number, end: number): RegistryError {
  return new RegistryError({
    method: "PATCH",
    route: "/v2/{+repository}/blobs/uploads/{session}",
    url: new URL(session.location).origin,
    kind: "answer",
    fate: "unknown",
    problem: `the registry says that it has ${offset} bytes of the blob for ${session.repository}, while bytes ${start} to ${end} were being sent`,
  });
}
