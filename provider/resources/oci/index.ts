export {
  getManifest,
  getManifestOutput,
  getReferrers,
  getReferrersOutput,
  getRepositories,
  getRepositoriesOutput,
  getTags,
  getTagsOutput,
} from "./functions";
export { Provider, type ProviderArgs } from "./provider";
export { Repository, type RepositoryInputs, type RepositoryOutputs } from "./repository";
export { Tag, type TagInputs, type TagOutputs } from "./tag";
