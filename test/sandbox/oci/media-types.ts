export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
export const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

/** What each kind of manifest must hold beside its media type; the first of them tells the kind. */
export const MANIFEST_FIELDS: Readonly<Record<string, readonly string[]>> = {
  [OCI_MANIFEST]: ["config", "layers"],
  [DOCKER_MANIFEST]: ["config", "layers"],
  [OCI_INDEX]: ["manifests"],
  [DOCKER_LIST]: ["manifests"],
  "application/vnd.oci.artifact.manifest.v1+json": [],
  "application/vnd.docker.distribution.manifest.v1+json": ["fsLayers"],
  "application/vnd.docker.distribution.manifest.v1+prettyjws": ["fsLayers"],
};
