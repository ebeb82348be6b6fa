import { randomUUID } from "node:crypto";
import type { RequestBody } from "../../http";

/** A vulnerability database, as the vendor gives it: a tar archive. */
export interface DatabaseFile {
  /** Its content from the beginning, each time it is called: `() => createReadStream(path)`. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Bytes. Without it the upload goes out in chunks, which some proxies refuse. */
  readonly length?: number;
  /** Default `database.tar`. */
  readonly name?: string;
  /** Must not occur in the file. Default: a random one. */
  readonly boundary?: string;
}

/** The body that `imageScan.updateDatabase` wants: a form with the file in its field `file`, sent as it is read, never held in memory. */
export function databaseFile({ open, length, name = "database.tar", boundary = `file-${randomUUID()}` }: DatabaseFile): RequestBody {
  const quoted = name.replace(/["\r\n]/g, (character) => encodeURIComponent(character)); // as browsers do it
  const head = Buffer.from(
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${quoted}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
  );
  const end = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    ...(length !== undefined && { length: head.length + length + end.length }),
    stream: async function* () {
      yield head;
      yield* open();
      yield end;
    },
  };
}
