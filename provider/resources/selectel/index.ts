export type { PlanCleanupArgs } from "../plan-cleanup";
export { BasicToken, type BasicTokenInputs, type BasicTokenOutputs } from "./basic-token";
export * from "./functions";
export { GarbageCollection, type GarbageCollectionInputs, type GarbageCollectionOutputs } from "./garbage-collection";
export { Provider, type ProviderArgs } from "./provider";
export { Registry, type RegistryInputs, type RegistryOutputs } from "./registry";
export { Repository, type RepositoryInputs, type RepositoryOutputs } from "./repository";
export { Token, type TokenInputs, type TokenOutputs } from "./token";
