import type { HttpAnswer, HttpRequest } from "../../http/request";
import { unusable } from "./answer-errors";
import { computableOf, type Digest, digestOf, isDigest } from "./digest";
import { mediaTypes } from "./media-types";
import type { Repository } from "./path-names";
import type { ManifestReference } from "./reference";
import { schema1Payload } from "./schema1";

/** What the answer says in `Docker-Content-Digest`. */
export function headerDigest(request: HttpRequest, answer: HttpAnswer): Digest | undefined {
  const text = answer.headers.get("docker-content-digest");
  if (text === undefined || text === "") return undefined;
  if (!isDigest(text)) throw unusable(request, answer, `its Docker-Content-Digest ${JSON.stringify(text.slice(0, 100))} is no digest`);
  return text;
}

/** The header SHOULD be there (OCI 1.1) and must be true if it is; without it, the content itself tells. */
export function verifiedDigest(request: HttpRequest, answer: HttpAnswer, reference: ManifestReference, mediaType: string): Digest {
  const told = headerDigest(request, answer);
  // The digest of a signed schema1 manifest is that of the document without its signatures.
  const payload = mediaType === mediaTypes.schema1Signed ? schema1Payload(answer.body) : undefined;
  const matches = (digest: Digest) => [answer.body, payload].some((bytes) => bytes && digestOf(bytes, computableOf(digest)) === digest);
  const wanted = isDigest(reference) ? reference : undefined;
  for (const digest of wanted === told ? [wanted] : [wanted, told]) {
    if (digest !== undefined && !matches(digest)) {
      const actual = digestOf(answer.body, computableOf(digest));
      throw unusable(request, answer, `the manifest does not match its digest: expected ${digest}, got ${actual}`);
    }
  }
  return wanted ?? told ?? digestOf(payload ?? answer.body);
}

/** Throws if the bytes are not those of the digest that they are to be pushed under. */
export function digestForPush(mediaType: string, bytes: Uint8Array, wanted: Digest | undefined, repository: Repository): Digest {
  const payload = mediaType === mediaTypes.schema1Signed ? schema1Payload(bytes) : undefined;
  const digest = digestOf(payload ?? bytes, wanted ? computableOf(wanted) : "sha256");
  if (wanted && wanted !== digest)
    throw new Error(`The manifest to be pushed to ${repository}@${wanted} has the digest ${digest}; nothing was pushed.`);
  return digest;
}
