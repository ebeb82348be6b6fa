import type { FileHandle } from "node:fs/promises";

/** A line of a file, without its newline. */
export interface Line {
  readonly number: number;
  /** Of its first byte, from the beginning of the file. */
  readonly offset: number;
  readonly bytes: Buffer;
  /** Whether a newline ends it. The last line of a file that was cut off has none. */
  readonly complete: boolean;
}

const chunkSize = 1 << 20;
const newline = 0x0a;

/**
 * The lines of a file as bytes, so that they can be hashed as they are and read again by their place. One line at a time is held.
 * A first line longer than `firstLimit` is given in part: whatever the file is, it is not what was expected, and may be endless.
 */
export async function* readLines(file: FileHandle, firstLimit: number): AsyncGenerator<Line, void, undefined> {
  let position = 0;
  let number = 1;
  let offset = 0;
  let parts: Buffer[] = [];
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkSize), 0, chunkSize, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    let rest = buffer.subarray(0, bytesRead);
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      const bytes = Buffer.concat([...parts, rest.subarray(0, end)]);
      yield { number, offset, bytes, complete: true };
      number += 1;
      offset += bytes.length + 1;
      parts = [];
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) parts.push(rest);
    if (number === 1 && position > firstLimit) break;
  }
  if (parts.length > 0) yield { number, offset, bytes: Buffer.concat(parts), complete: false };
}
