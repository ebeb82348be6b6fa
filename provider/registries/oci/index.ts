/** Client of registries that speak Docker Registry HTTP API V2 or OCI distribution 1.1: `registry-as-code/oci`. */
export { RegistryError } from "../../http";
export { isNameUnknown } from "./answer-errors";
export { type Artifact, type EmptyArtifactOptions, emptyArtifact, pushArtifact } from "./artifact";
export type { Authentication } from "./authorizer";
export type { ByteRange } from "./blob-range";
export { type BlobInfo, type BlobStream, type Blobs, blobGetLimit } from "./blobs";
export { connectOci, OciClient, type OciOptions, type Ping } from "./client";
export { type RepositoryContent, repositoryContent, type TaggedDigest } from "./content";
export type { HelperResult, RunHelper } from "./credential-helper";
export type { OciCredentials } from "./credentials";
export type { Deletion } from "./deletion";
export { type DockerConfigOptions, dockerCredentials, registryHost } from "./docker-config";
export { deletionOrder, type ManifestGraph, type ManifestNode, readGraph } from "./graph";
export { type OciImageRegistryOptions, ociImageRegistry } from "./images";
export { type ManifestCache, type MemoryCacheOptions, memoryCache } from "./images/cache";
export { type CacheFileSystem, type ManifestCacheOptions, openManifestCache } from "./images/cache-file";
export type { ListOptions } from "./lists";
export {
  type Descriptor,
  InvalidManifest,
  type Manifest,
  type ManifestContent,
  type ManifestKind,
  type Platform,
  parseManifest,
} from "./manifest";
export { type Manifests, manifestPullLimit, manifestPushLimit, type PutResult } from "./manifests";
export { acceptManifests, mediaTypes } from "./media-types";
export * from "./names";
export { RefusedRealm } from "./realm";
export { referrersTag, subjectOfTag } from "./referrer-tags";
export type { Referrers } from "./referrers";
export { type RemovedTag, removeDanglingTag, removeTag, TagMoved } from "./untag";
export type { BlobSource, UploadOptions } from "./upload";
export { deleteRepositoryContent, type Wiped } from "./wipe";
