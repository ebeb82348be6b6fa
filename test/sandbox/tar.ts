import { gzipSync } from "node:zlib";

/** A gzipped tar archive with one file: a layer that any client can unpack. The same bytes for the same arguments, on every platform. */
export function layerArchive(path: string, content: string): Buffer {
  const data = Buffer.from(content);
  const padding = Buffer.alloc((512 - (data.length % 512)) % 512);
  const archive = gzipSync(Buffer.concat([header(path, data.length), data, padding, Buffer.alloc(1_024)]), { level: 0 });
  archive[9] = 255; // the operating system's number in the gzip header: unknown
  return archive;
}

/** A POSIX ustar header of a regular file of root, dated 1970. */
function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(path, 0, 100);
  block.write("0000644\0" + "0000000\0" + "0000000\0", 100);
  block.write(`${size.toString(8).padStart(11, "0")}\0${"0".repeat(11)}\0`, 124);
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\0" + "00", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
