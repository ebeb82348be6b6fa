import { createHash } from "node:crypto";

const PATTERN = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** True for `sha256:` or `sha512:` with as many lower-case hexadecimal digits as the algorithm has. */
export function isDigest(text: string): boolean {
  return PATTERN.test(text);
}

/** The digest of these bytes, by the algorithm of `like` (a digest), by default sha256. */
export function digestOf(bytes: Buffer, like = "sha256:"): string {
  const algorithm = like.startsWith("sha512:") ? "sha512" : "sha256";
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}
