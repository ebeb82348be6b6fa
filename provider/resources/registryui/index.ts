export {
  getOfflineState,
  getOfflineStateOutput,
  getRepositories,
  getRepositoriesOutput,
  getTagInfo,
  getTagInfoOutput,
  getTags,
  getTagsOutput,
  planCleanup,
  planCleanupOutput,
} from "./functions";
export { GarbageCollection, type GarbageCollectionInputs, type GarbageCollectionOutputs } from "./garbage-collection";
export { Maintenance, type MaintenanceInputs, type MaintenanceOutputs } from "./maintenance";
export { Project, type ProjectInputs, type ProjectOutputs } from "./project";
export { Provider, type ProviderArgs } from "./provider";
