import { type Digest, verifier } from "./digest";

/** Both ends count; without `end` to the end of the blob. Bytes. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number;
}

/** The range out of a whole blob, which is verified on the way. */
export async function* cut(body: AsyncIterable<Uint8Array>, range: ByteRange, digest: Digest, what: string): AsyncGenerator<Uint8Array> {
  const check = verifier(digest, what);
  let at = 0;
  for await (const chunk of body) {
    check.update(chunk);
    const part = chunk.subarray(Math.max(range.start - at, 0), Math.max((range.end ?? Number.POSITIVE_INFINITY) + 1 - at, 0));
    at += chunk.byteLength;
    if (part.byteLength > 0) yield part;
  }
  check.end();
}

/** A range as it comes; throws if it is shorter than was promised. */
export async function* exactly(body: AsyncIterable<Uint8Array>, size: number | undefined, what: string): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of body) {
    seen += chunk.byteLength;
    yield chunk;
  }
  if (size !== undefined && seen !== size) throw new Error(`${what}: the range broke off after ${seen} of ${size} bytes.`);
}
