import type { SandboxRequest, SandboxResponse, StoredManifest } from "../contract";
import { isDigest } from "../digest";
import { isObject, parseObject } from "../references";
import { failure, notFound } from "./errors";
import { numberOf, pageOf } from "./page";
import type { OciContext } from "./switches";

const INDEX = "application/vnd.oci.image.index.v1+json";

/** `GET /v2/<name>/referrers/<digest>`: never 404 where it is supported; pages by `n` and `last` (a digest), linked. */
export function referrers({ store, switches }: OciContext, repository: string, digest: string, request: SandboxRequest): SandboxResponse {
  if (!switches.referrersApi) return notFound();
  if (!isDigest(digest)) return failure(400, { code: "DIGEST_INVALID", message: "invalid digest", detail: { digest } });
  const wanted = request.query.get("artifactType");
  const descriptors = new Map(store.referrers(repository, digest).map((manifest) => [manifest.digest, descriptorOf(manifest)]));
  const matching = [...descriptors].filter(([, { artifactType }]) => !wanted || artifactType === wanted).map(([key]) => key);
  const max = Math.min(numberOf(request) ?? switches.referrersPage, switches.referrersPage);
  const { items, headers } = pageOf(matching, request, { max });
  const filters: Record<string, string> = wanted ? { "oci-filters-applied": "artifactType" } : {};
  return {
    status: 200,
    headers: { "content-type": INDEX, ...filters, ...headers },
    json: { schemaVersion: 2, mediaType: INDEX, manifests: items.map((key) => descriptors.get(key)) },
  };
}

/** The entry of a referrer: `artifactType` is its own, or its config's media type; an index has only its own. */
function descriptorOf({ mediaType, digest, bytes }: StoredManifest) {
  const { artifactType, config, annotations } = parseObject(bytes);
  const type = typeof artifactType === "string" && artifactType !== "" ? artifactType : isObject(config) ? config.mediaType : undefined;
  return {
    mediaType,
    digest,
    size: bytes.length,
    ...(typeof type === "string" && { artifactType: type }),
    ...(isObject(annotations) && { annotations }),
  };
}
