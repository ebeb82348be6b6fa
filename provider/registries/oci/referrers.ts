import { RegistryError } from "../../http";
import type { Http, HttpAnswer, HttpRequest } from "../../http/request";
import { hasErrorCode, unusable } from "./answer-errors";
import { type Digest, zeroDigest } from "./digest";
import { type Descriptor, type Manifest, parseManifest } from "./manifest";
import type { Manifests, ReferrerKeeper } from "./manifests";
import { bareMediaType, mediaTypes } from "./media-types";
import { pages } from "./pages";
import type { Repository } from "./path-names";
import type { ReferrerTags } from "./referrer-tags";
import { pullScope } from "./scope";

export interface Referrers {
  readonly descriptors: readonly Descriptor[];
  /** Whether the registry keeps the list, or clients do in a tag. */
  readonly source: "api" | "tag";
}

/** Milliseconds for which a registry's lack of the API is remembered, as regclient does: it may be upgraded meanwhile. */
const memory = 5 * 60_000;

export interface ReferrersOptions {
  readonly http: Http;
  readonly manifests: Manifests;
  readonly tags: ReferrerTags;
  readonly now: () => number;
}

/** What refers to a manifest: signatures, attestations, bills of materials. */
export class ReferrersApi implements ReferrerKeeper {
  /** Repositories without the API, and until when that is believed. */
  private readonly without = new Map<Repository, number>();
  private readonly with = new Set<Repository>();

  constructor(private readonly options: ReferrersOptions) {}

  /** All referrers of a digest, from the registry's API or, where there is none, from the fallback tag. */
  async list(repository: Repository, digest: Digest, filter: { readonly artifactType?: string } = {}): Promise<Referrers> {
    const { artifactType } = filter;
    const wanted = (descriptor: Descriptor) => artifactType === undefined || descriptor.artifactType === artifactType;
    const listed = this.lacks(repository) ? undefined : await this.ask(repository, digest, artifactType);
    if (listed) return { descriptors: listed.filter(wanted), source: "api" };
    const descriptors = await this.options.tags.read(repository, digest);
    return { descriptors: descriptors.filter(wanted), source: "tag" };
  }

  async byRegistry(repository: Repository): Promise<boolean> {
    if (this.with.has(repository)) return true;
    if (this.lacks(repository)) return false;
    return (await this.ask(repository, zeroDigest)) !== undefined;
  }

  async pushed(repository: Repository, manifest: Manifest): Promise<void> {
    const { subject } = parseManifest(manifest);
    if (subject) await this.options.tags.add(repository, subject.digest, describe(manifest));
  }

  async deleted(repository: Repository, manifest: Manifest): Promise<void> {
    const { subject } = parseManifest(manifest);
    if (subject) await this.options.tags.remove(repository, subject.digest, manifest.digest);
  }

  private lacks(repository: Repository): boolean {
    return (this.without.get(repository) ?? 0) > this.options.now();
  }

  /** Undefined where the registry has no such API. */
  private async ask(repository: Repository, digest: Digest, artifactType?: string): Promise<Descriptor[] | undefined> {
    const request: HttpRequest = {
      method: "GET",
      route: "/v2/{+repository}/referrers/{+digest}",
      path: { repository, digest },
      query: { artifactType },
      headers: { accept: mediaTypes.ociIndex },
      scope: [pullScope(repository)],
    };
    const first = await this.first(request);
    if (first === "web page") {
      this.without.set(repository, this.options.now() + memory);
      return undefined;
    }
    // go-containerregistry takes any other type for "not supported", too.
    if (first.status >= 400 || bareMediaType(first.headers.get("content-type")) !== mediaTypes.ociIndex) {
      // An unknown repository has no referrers, which says nothing about the API.
      if (!hasErrorCode(first, "NAME_UNKNOWN")) this.without.set(repository, this.options.now() + memory);
      return undefined;
    }
    this.with.add(repository);
    const descriptors: Descriptor[] = [];
    const followed = pages({
      http: this.options.http,
      request,
      pageSize: undefined,
      first,
      read: (answer) => readPage(request, answer, digest),
      key: (descriptor) => descriptor.digest,
    });
    for await (const page of followed) descriptors.push(...page);
    return descriptors;
  }

  /** Some registries answer with a web page where they have no route, which `http` takes for a failure. */
  private async first(request: HttpRequest): Promise<HttpAnswer | "web page"> {
    try {
      return await this.options.http.send({ ...request, expect: [400, 404, 405, 406] });
    } catch (error) {
      if (!(error instanceof RegistryError) || error.kind !== "answer") throw error;
      const seen = await this.options.http.stream(request);
      await seen.cancel();
      if (bareMediaType(seen.headers.get("content-type")) === "text/html") return "web page";
      throw error;
    }
  }
}

/** How a list of referrers describes a manifest (OCI distribution-spec, "Listing Referrers"). */
export function describe(manifest: Manifest): Descriptor {
  const { artifactType, annotations } = parseManifest(manifest);
  const { mediaType, digest, size } = manifest;
  return { mediaType, digest, size, ...(artifactType && { artifactType }), ...(Object.keys(annotations).length > 0 && { annotations }) };
}

function readPage(request: HttpRequest, answer: HttpAnswer, digest: Digest): readonly Descriptor[] {
  try {
    return parseManifest({ mediaType: mediaTypes.ociIndex, digest, bytes: answer.body }).manifests;
  } catch (error) {
    throw unusable(request, answer, `the list of referrers cannot be read: ${error instanceof Error ? error.message : "unknown error"}`);
  }
}
