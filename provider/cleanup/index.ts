/**
 * Cleanup of container registries for scripts: `registry-as-code/cleanup`. Policy → plan → apply → report, as the action does it.
 *
 * `planCleanup` gives a plan as data; `writePlan`, `readPlan` and `applyPlan` work with a file and hold no more than a few repositories in memory.
 */
export type {
  ArtifactKind,
  Capabilities,
  CreationTime,
  DeleteOptions,
  Deletion,
  DeletionResult,
  DeletionSupport,
  Detail,
  GarbageCollection,
  ImageRegistry,
  Inventory,
  InventoryManifest,
  Listing,
} from "../registries/image-registry";
export { RepositoryUnknown } from "../registries/image-registry";
export { ociImageRegistry } from "../registries/oci/images";
export { registryUiImageRegistry } from "../registries/registryui/images";
export { selectelImageRegistry } from "../registries/selectel/images";
export { parseAge, parseDuration } from "./age";
export { type ApplyOptions, applyPlan, isFailure } from "./apply-plan";
export { BoundsExceeded } from "./bounds";
export {
  type Connection,
  ConnectionError,
  type OciConnection,
  type OpenOptions,
  type RegistryUiConnection,
  type SelectelConnection,
} from "./connection";
export { type CollectGarbageOptions, collectGarbage } from "./garbage";
export { hiddenUntagged } from "./hidden-untagged";
export { type KeepListOptions, type ReadKeepList, readKeepList } from "./keep-list";
export { openImageRegistry } from "./open-registry";
export { compilePatterns, type RepositoryMatcher, repositoryMatcher, splitPatterns } from "./patterns";
export * from "./plan";
export { type CleanupPlan, type PlanCleanupOptions, planCleanup } from "./plan-cleanup";
export { PlanError } from "./plan-error";
export { type PlanEntry, type PlanFile, readPlan } from "./plan-file";
export { planSchema } from "./plan-schema";
export * from "./policy";
export { PolicyError } from "./policy-error";
export { type PolicyTextContext, policyFromYaml } from "./policy-file";
export { defaults, type Settings } from "./policy-settings";
export { Interrupted } from "./problem";
export type { OnProgress, Progress } from "./progress";
export * from "./report";
export { readReport } from "./report-file";
export { type CleanupSelection, type ResolvedPolicy, resolvePolicy, type SelectionContext } from "./resolve-policy";
export { policySchema } from "./schema";
export { policyFromSelectors, type SelectorContext, type Selectors } from "./selectors";
export { formatShard, inShard, parseShard, type Shard } from "./shard";
export type { Answers, SourceControl } from "./source-control";
export type { Spelling } from "./spelling";
export { compareVersions, parseVersion, type Version } from "./version";
export { type PlanSummary, type WritePlanOptions, writePlan } from "./write-plan";
