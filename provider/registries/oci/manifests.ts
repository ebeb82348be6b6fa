import type { Http, HttpAnswer, HttpRequest } from "../../http/request";
import { absenceOf, refusal, routeHint, unusable } from "./answer-errors";
import { algorithmOf, type Digest, isDigest } from "./digest";
import { type Descriptor, embeddedMediaType, type Manifest, parseManifest } from "./manifest";
import { digestForPush, headerDigest, verifiedDigest } from "./manifest-digest";
import { acceptManifests, bareMediaType, isManifestType } from "./media-types";
import { foreignWord, isOwnWord } from "./own-word";
import type { Repository } from "./path-names";
import type { ManifestReference } from "./reference";
import { deleteScope, pullScope, pushScope } from "./scope";

/** Bytes. Registries need not take more than 4 MiB (OCI distribution-spec, "Pushing Manifests"); what others pushed may be larger. */
export const manifestPullLimit = 8 * 1024 * 1024;
export const manifestPushLimit = 4 * 1024 * 1024;

const route = "/v2/{+repository}/manifests/{+reference}";

/** Keeps lists of referrers where the registry does not (see referrers.ts). */
export interface ReferrerKeeper {
  pushed(repository: Repository, manifest: Manifest): Promise<void>;
  deleted(repository: Repository, manifest: Manifest): Promise<void>;
  /** Whether the registry keeps lists of referrers by itself. */
  byRegistry(repository: Repository): Promise<boolean>;
}

export interface PutResult {
  readonly digest: Digest;
  /** The registry has put the manifest into its list of the subject's referrers by itself. */
  readonly subject?: Digest;
}

/** Manifests of a registry. By digest or by tag. */
export class Manifests {
  constructor(
    private readonly http: Http,
    private readonly keeper: () => ReferrerKeeper,
  ) {}

  /** What a manifest is, without reading it where the registry allows. Undefined only if the registry proves that it does not exist. */
  async head(repository: Repository, reference: ManifestReference): Promise<Descriptor | undefined> {
    const request = this.read("HEAD", repository, reference);
    const answer = await this.http.send({ ...request, expect: [400, 404, 405, 501] });
    const mediaType = bareMediaType(answer.headers.get("content-type"));
    const length = answer.headers.get("content-length");
    const digest = headerDigest(request, answer);
    if (answer.status < 300) this.expectOwnWord(request, answer, reference);
    if (answer.status < 300 && digest && isManifestType(mediaType) && length !== undefined && /^\d+$/.test(length)) {
      if (isDigest(reference) && algorithmOf(digest) === algorithmOf(reference) && digest !== reference) {
        throw unusable(request, answer, `it is about another manifest, ${digest}`);
      }
      return { mediaType, digest: isDigest(reference) ? reference : digest, size: Number(length) };
    }
    // Without a body nobody can tell what a 404 means; a HEAD may be disabled or say too little: GET tells.
    const manifest = await this.get(repository, reference);
    return manifest && { mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.size };
  }

  /** A manifest as it was pushed, verified. Undefined only if the registry proves that it does not exist. At most 8 MiB. */
  async get(repository: Repository, reference: ManifestReference): Promise<Manifest | undefined> {
    const request = this.read("GET", repository, reference);
    // zot answers 400 NAME_UNKNOWN where others have 404.
    const answer = await this.http.send({ ...request, bodyLimit: manifestPullLimit, expect: [400, 404] });
    this.expectOwnWord(request, answer, reference);
    if (answer.status >= 400) return proveAbsence(request, answer);
    const bytes = answer.body;
    const declared = bareMediaType(answer.headers.get("content-type"));
    const mediaType = isManifestType(declared) ? declared : (embeddedMediaType(bytes) ?? declared);
    const digest = verifiedDigest(request, answer, reference, mediaType);
    return { mediaType, digest, bytes, size: bytes.length };
  }

  /**
   * Pushes a manifest, byte for byte. What it refers to must be there already (a subject need not be). At most 4 MiB.
   * Of a manifest with a subject, the list of referrers is kept by tag where the registry keeps none.
   */
  async put(
    repository: Repository,
    reference: ManifestReference,
    content: { readonly mediaType: string; readonly bytes: Uint8Array },
  ): Promise<PutResult> {
    const { mediaType, bytes } = content;
    if (bytes.length > manifestPushLimit) {
      throw new Error(`The manifest for ${repository} has ${bytes.length} bytes; registries take at most ${manifestPushLimit}.`);
    }
    const digest = digestForPush(mediaType, bytes, isDigest(reference) ? reference : undefined, repository);
    const request: HttpRequest = {
      method: "PUT",
      route,
      path: { repository, reference },
      scope: [pushScope(repository)],
      body: { bytes, type: mediaType },
      // The same bytes under the same name: sending them twice has the same effect.
      repeatable: true,
    };
    const answer = await this.http.send({ ...request, expect: [404] });
    if (answer.status === 404) throw refusal(request, answer, absenceOf(answer) === "route" ? routeHint : undefined);
    const told = headerDigest(request, answer);
    if (told && algorithmOf(told) === algorithmOf(digest) && told !== digest) {
      throw unusable(request, answer, `the registry stored ${told} in place of ${digest}`);
    }
    const subject = answer.headers.get("oci-subject");
    if (subject !== undefined && isDigest(subject)) return { digest, subject };
    const manifest = { mediaType, digest, bytes: Buffer.from(bytes), size: bytes.length };
    if (subjectOf(manifest)) await this.keeper().pushed(repository, manifest);
    return { digest };
  }

  /**
   * Deletes a manifest with every tag that points to it (by digest), or one tag alone (by tag, where the registry can: ask `deletion`).
   * A referrer is taken out of its subject's list where that is kept by tag; `referrers: "leave"` saves the request that looks for it.
   */
  async delete(
    repository: Repository,
    reference: ManifestReference,
    options: { readonly referrers?: "maintain" | "leave" } = {},
  ): Promise<"deleted" | "absent"> {
    const byDigest = isDigest(reference);
    const maintain = byDigest && options.referrers !== "leave" && !(await this.keeper().byRegistry(repository));
    const manifest = maintain ? await this.get(repository, reference) : undefined;
    const result = await this.deleteOnly(repository, reference);
    if (manifest && subjectOf(manifest)) await this.keeper().deleted(repository, manifest);
    return result;
  }

  /** DELETE, and nothing around it. */
  private async deleteOnly(repository: Repository, reference: ManifestReference): Promise<"deleted" | "absent"> {
    const request: HttpRequest = { method: "DELETE", route, path: { repository, reference }, scope: [deleteScope(repository)] };
    const answer = await this.http.send({ ...request, expect: [400, 404, 405] });
    if (answer.status < 300) return "deleted";
    // Gone already, or by a first attempt whose answer was lost.
    const absence = absenceOf(answer);
    if (absence === "content" || absence === "repository") return "absent";
    if (absence === "route") throw refusal(request, answer, routeHint);
    if (answer.status === 404) throw refusal(request, answer);
    throw refusal(
      request,
      answer,
      isDigest(reference)
        ? "The registry does not delete manifests; distribution needs `storage.delete.enabled: true`"
        : "The registry does not delete single tags",
    );
  }

  /** What a tag points to, and that something does not exist, is the registry's own to say. */
  private expectOwnWord(request: HttpRequest, answer: HttpAnswer, reference: ManifestReference): void {
    const verified = isDigest(reference) && answer.status < 300;
    if (!verified && !isOwnWord(this.http, answer)) throw unusable(request, answer, foreignWord);
  }

  private read(method: "GET" | "HEAD", repository: Repository, reference: ManifestReference): HttpRequest {
    return { method, route, path: { repository, reference }, headers: { accept: acceptManifests }, scope: [pullScope(repository)] };
  }
}

function proveAbsence(request: HttpRequest, answer: HttpAnswer): undefined {
  const absence = absenceOf(answer);
  if (absence === "content" || absence === "repository") return undefined;
  if (absence === "not-acceptable")
    throw refusal(request, answer, "The manifest exists, but its media type is none that this client knows");
  if (absence === "route") throw refusal(request, answer, routeHint);
  throw refusal(
    request,
    answer,
    answer.status === 404 ? "The answer does not say what is missing, so it is not taken for absence" : undefined,
  );
}

function subjectOf(manifest: Manifest): Digest | undefined {
  try {
    return parseManifest(manifest).subject?.digest;
  } catch {
    // What cannot be read has no subject for anybody.
    return undefined;
  }
}
