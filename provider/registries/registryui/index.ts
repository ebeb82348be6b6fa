/** `registry-as-code/registryui`: a client of RegistryUI's Extended API for scripts. */

export type { HttpClientOptions, HttpClock } from "../../http";
export { isAborted, isFateUnknown, isUnauthorized, RegistryError } from "../../http";
export type { CallOptions } from "../call";
export { ListError } from "../list-error";
export type { InRepository, InTag, ListRepositories, NewProject, RegistryUiClient } from "./client";
export { connectRegistryUi, type RegistryUiOptions } from "./connect";
export { createProject } from "./create";
export { type RegistryUiEnvironment, registryUiOptionsFromEnv } from "./env";
export { isExisting, isNotAuthorized, isOffline } from "./errors";
export { type FoundProject, findProject, findRepository, isUnknownThere } from "./find";
export { type CollectGarbage, collectGarbage, StillCollecting, waitUntilOnline } from "./garbage-collection";
export { type RegistryUiImagesOptions, registryUiImageRegistry } from "./images";
export { type Patience, setOffline, setOnline, type Turn, whileOffline } from "./offline";
export { operations } from "./operations";
export type { RepositoryEntry, TagEntry, TagLayer } from "./schemas";
export { utcTime } from "./timestamps";
export { registryUiRoot } from "./urls";
