/** `registry-as-code/selectel`: a client of Selectel's Container Registry API for scripts. */

export type { HttpClientOptions, HttpClock } from "../../http";
export { hasStatus, isAborted, isConflict, isFateUnknown, isNotFound, isUnauthorized, RegistryError } from "../../http";
export type { CallOptions } from "../call";
export { ListError } from "../list-error";
export { type PasswordAuth, PasswordAuthorizer, type SelectelAuth, tokenAuthorizer } from "./auth";
export type {
  Cleanup,
  CreateToken,
  Expiration,
  Host,
  InRegistry,
  InRepository,
  ListImages,
  ListRegistries,
  ListRepositories,
  ListTokens,
  Scope,
  SelectelClient,
} from "./client";
export { connectSelectel, type SelectelOptions } from "./connect";
export { createRegistry, createToken } from "./create";
export { type DockerConfig, dockerConfig, tokenUsername } from "./docker-config";
export { type SelectelEnvironment, selectelOptionsFromEnv } from "./env";
export { type CollectGarbage, collectGarbage } from "./garbage-collection";
export { type HostCredentials, type SelectelImagesOptions, selectelImageRegistry } from "./images";
export type { Layers } from "./layers";
export {
  DeadlineExceeded,
  RegistryFailed,
  type RegistryWait,
  retryWhileBusy,
  unlessAbsent,
  type Wait,
  waitForRegistry,
  waitOutGarbageCollection,
} from "./lifecycle";
export { operations } from "./operations";
export type {
  CleanupResult,
  Cluster,
  GarbageCollectionSize,
  Image,
  Layer,
  Registry,
  RegistryStatus,
  RegistrySummary,
  Repository,
  SimpleToken,
  Token,
  TokenExpiration,
  TokenScope,
  TokenWithSecret,
} from "./schemas";
export { compareTimestamps, timestampDate, timestampNanoseconds } from "./timestamps";
export { defaultApiUrl, defaultAuthUrl } from "./urls";
