import { createHash, type Hash, hash } from "node:crypto";
import { z } from "zod";
import { InvalidName } from "./invalid-name";

declare const brand: unique symbol;

/** A content digest that was parsed: `sha256:<64 lower-case hex digits>` and its relatives. */
export type Digest = string & { readonly [brand]: "digest" };

/** Registered algorithms (OCI image-spec, "Registered algorithms"; sha384 comes from Docker's go-digest) and the hex digits of each. */
const hexDigits: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128, blake3: 64 };
/** Almost every digest that there is. */
const usual = /^sha256:[0-9a-f]{64}$/;

/** Those that Node can compute. */
export type ComputableAlgorithm = "sha256" | "sha384" | "sha512";

/** Parses a digest. Throws InvalidName, which says what is wrong with the text. */
export function parseDigest(text: string): Digest {
  if (usual.test(text)) return text as Digest; // as below
  const colon = text.indexOf(":");
  if (colon < 0) throw new InvalidName("digest", text, "it has no `algorithm:` before the hexadecimal part");
  const algorithm = text.slice(0, colon);
  const hex = text.slice(colon + 1);
  const length = Object.hasOwn(hexDigits, algorithm) ? hexDigits[algorithm] : undefined;
  if (length === undefined) {
    throw new InvalidName("digest", text, `the algorithm is none of ${Object.keys(hexDigits).join(", ")}`);
  }
  if (/[A-F]/.test(hex)) throw new InvalidName("digest", text, "its hexadecimal digits must be lower case");
  if (!/^[0-9a-f]*$/.test(hex)) throw new InvalidName("digest", text, "only hexadecimal digits may follow the colon");
  if (hex.length !== length) throw new InvalidName("digest", text, `${algorithm} has ${length} hexadecimal digits, not ${hex.length}`);
  // The only place where a text becomes a Digest: everything that the type promises was checked above.
  return text as Digest;
}

export function isDigest(text: string): text is Digest {
  // Most of what is asked about is a tag, by the thousand: an error for each, with its stack, takes as long as parsing its manifest.
  if (!text.includes(":")) return false;
  try {
    parseDigest(text);
    return true;
  } catch {
    return false;
  }
}

/** `sha256` of `sha256:…`. */
export function algorithmOf(digest: Digest): string {
  return digest.slice(0, digest.indexOf(":"));
}

export function digestOf(bytes: Uint8Array | string, algorithm: ComputableAlgorithm = "sha256"): Digest {
  return `${algorithm}:${hash(algorithm, bytes, "hex")}` as Digest; // what was computed need not be parsed
}

/** The digest of no content that anybody knows: for questions that must not hit anything. */
export const zeroDigest = parseDigest(`sha256:${"0".repeat(64)}`);

/** Content that is not what its digest promises: damaged on the way, or replaced. */
export class DigestMismatch extends Error {
  constructor(
    readonly what: string,
    readonly expected: Digest,
    readonly actual: string,
  ) {
    super(`${what} does not match its digest: expected ${expected}, got ${actual}. It was damaged on its way or changed on the server.`);
    this.name = "DigestMismatch";
  }
}

/** Checks content piece by piece against a digest and, where it is known, a size in bytes. */
export interface Verifier {
  update(chunk: Uint8Array): void;
  /** Throws DigestMismatch unless everything that was given to `update` is the content of the digest. */
  end(): void;
}

/** `what` names the content in errors, e.g. `blob sha256:… of team/app`. Throws for algorithms that this machine cannot compute (blake3). */
export function verifier(digest: Digest, what: string, size?: number): Verifier {
  const hash = hasher(digest);
  let seen = 0;
  return {
    update(chunk) {
      seen += chunk.byteLength;
      // Stops an endless body at once, not after the last of its bytes.
      if (size !== undefined && seen > size) throw new DigestMismatch(what, digest, `more than the expected ${size} bytes`);
      hash.update(chunk);
    },
    end() {
      if (size !== undefined && seen !== size) throw new DigestMismatch(what, digest, `${seen} bytes in place of ${size}`);
      const actual = `${algorithmOf(digest)}:${hash.digest("hex")}`;
      if (actual !== digest) throw new DigestMismatch(what, digest, actual);
    },
  };
}

/** Throws DigestMismatch unless the bytes are the digest's content. */
export function verify(bytes: Uint8Array, digest: Digest, what: string): void {
  const actual = digestOf(bytes, computableOf(digest));
  if (actual !== digest) throw new DigestMismatch(what, digest, actual);
}

/** Passes a body on piece by piece and throws DigestMismatch at its end if it was not the digest's content. */
export async function* verified(body: AsyncIterable<Uint8Array>, digest: Digest, what: string, size?: number): AsyncGenerator<Uint8Array> {
  const check = verifier(digest, what, size);
  for await (const chunk of body) {
    check.update(chunk);
    yield chunk;
  }
  check.end();
}

/** Parses digests in zod schemas. */
export const digestSchema = z.string().transform((text, context): Digest => {
  try {
    return parseDigest(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
    return z.NEVER;
  }
});

/** The algorithm of a digest. Throws for those that this machine cannot compute. */
export function computableOf(digest: Digest): ComputableAlgorithm {
  const algorithm = algorithmOf(digest);
  if (algorithm === "sha256" || algorithm === "sha384" || algorithm === "sha512") return algorithm;
  throw new Error(`Content with the digest ${digest} cannot be verified: this program cannot compute ${algorithm}.`);
}

function hasher(digest: Digest): Hash {
  return createHash(computableOf(digest));
}
