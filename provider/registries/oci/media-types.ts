/** Media types of manifests and of what they refer to. */
export const mediaTypes = {
  ociIndex: "application/vnd.oci.image.index.v1+json",
  ociManifest: "application/vnd.oci.image.manifest.v1+json",
  ociConfig: "application/vnd.oci.image.config.v1+json",
  ociEmpty: "application/vnd.oci.empty.v1+json",
  /** Of release candidates of OCI 1.1 only; some registries still hold such manifests. */
  ociArtifact: "application/vnd.oci.artifact.manifest.v1+json",
  dockerList: "application/vnd.docker.distribution.manifest.list.v2+json",
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
  dockerConfig: "application/vnd.docker.container.image.v1+json",
  schema1Signed: "application/vnd.docker.distribution.manifest.v1+prettyjws",
  schema1: "application/vnd.docker.distribution.manifest.v1+json",
} as const;

/**
 * Sent with every request for a manifest. With a shorter list docker-registry 2.8.2 answers 404 for an OCI manifest that exists, gives a
 * child's digest for a manifest list, or a converted document whose digest is not stored.
 */
export const acceptManifests = [
  mediaTypes.ociIndex,
  mediaTypes.ociManifest,
  mediaTypes.dockerList,
  mediaTypes.dockerManifest,
  mediaTypes.schema1Signed,
  mediaTypes.schema1,
  mediaTypes.ociArtifact,
].join(", ");

/** `application/json; charset=utf-8` becomes `application/json`. */
export function bareMediaType(contentType: string | undefined): string {
  return (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** Whether a media type names some kind of manifest. Other JSON may come from anybody: a proxy, a login page. */
export function isManifestType(mediaType: string): boolean {
  return /[.+]json$|prettyjws$/.test(mediaType) && mediaType.startsWith("application/vnd.");
}
