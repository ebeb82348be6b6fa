export type { PlanCleanupArgs } from "../plan-cleanup";
export {
  getManifest,
  getManifestOutput,
  getReferrers,
  getReferrersOutput,
  getRepositories,
  getRepositoriesOutput,
  getTags,
  getTagsOutput,
  planCleanup,
  planCleanupOutput,
} from "./functions";
export { Provider, type ProviderArgs } from "./provider";
export { Repository, type RepositoryInputs, type RepositoryOutputs } from "./repository";
export { Tag, type TagInputs, type TagOutputs } from "./tag";
