/** Where a request under `/v2/` goes. */
export type Route =
  | { readonly kind: "ping" }
  | { readonly kind: "catalog" }
  | { readonly kind: "tags"; readonly repository: string }
  | { readonly kind: "manifest"; readonly repository: string; readonly reference: string }
  | { readonly kind: "blob"; readonly repository: string; readonly digest: string }
  | { readonly kind: "uploads"; readonly repository: string }
  | { readonly kind: "upload"; readonly repository: string; readonly session: string }
  | { readonly kind: "referrers"; readonly repository: string; readonly digest: string };

const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const PATHS = /^\/v2\/(.+)\/(tags\/list|manifests\/([^/]+)|blobs\/uploads\/?|blobs\/uploads\/([^/]+)|blobs\/([^/]+)|referrers\/([^/]+))$/;

/** True for a tag by the grammar of the specification: at most 128 characters. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

/**
 * The route of a raw path. Undefined when there is none: also for a repository or tag that breaks the grammar, as distribution's router
 * behaves. `%2F` is a slash here, because Go's router matches decoded paths.
 */
export function routeOf(rawPath: string): Route | undefined {
  const path = decode(rawPath);
  if (path === undefined) return undefined;
  if (path === "/v2/") return { kind: "ping" };
  if (path === "/v2/_catalog") return { kind: "catalog" };
  const [, repository, rest, reference, session, digest, subject] = PATHS.exec(path) ?? [];
  if (repository === undefined || rest === undefined || !NAME.test(repository) || repository.length > 255) return undefined;
  if (rest === "tags/list") return { kind: "tags", repository };
  if (reference !== undefined) return isTag(reference) || reference.includes(":") ? { kind: "manifest", repository, reference } : undefined;
  if (session !== undefined) return { kind: "upload", repository, session };
  if (digest !== undefined) return digest === "uploads" ? { kind: "uploads", repository } : { kind: "blob", repository, digest };
  if (subject !== undefined) return { kind: "referrers", repository, digest: subject };
  return { kind: "uploads", repository };
}

function decode(rawPath: string): string | undefined {
  try {
    return decodeURIComponent(rawPath);
  } catch {
    return undefined;
  }
}
