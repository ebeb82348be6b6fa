/**
 * Cleanup of container registries for scripts: `registry-as-code/cleanup`. Policy → plan → apply → report, as the action does it.
 *
 * `planCleanup` gives a plan as data; `writePlan`, `readPlan` and `applyPlan` work with a file and hold no more than a few repositories in memory.
 */

export { dtrImageRegistry } from "../registries/dtr/images";
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
  ServerPruning,
} from "../registries/image-registry";
export { RepositoryUnknown } from "../registries/image-registry";
export { ociImageRegistry } from "../registries/oci/images";
export { registryUiImageRegistry } from "../registries/registryui/images";
export { selectelImageRegistry } from "../registries/selectel/images";
export {
  type Connection,
  ConnectionError,
  type DtrConnection,
  type OciConnection,
  type OpenOptions,
  type RegistryUiConnection,
  type SelectelConnection,
} from "./connection";
export { openImageRegistry } from "./open-registry";
export type { OneSided, OneSidedItem, RepositoryDifference } from "./plan/difference";
export * from "./plan/plan";
export type { Answers, SourceControl } from "./plan/source-control";
export { type CleanupPlan, type PlanCleanupOptions, planCleanup } from "./plan-cleanup";
export { parseAge, parseDuration } from "./policy/age";
export { hiddenUntagged } from "./policy/hidden-untagged";
export { type KeepListOptions, type ReadKeepList, readKeepList } from "./policy/keep-list";
export { compilePatterns, type RepositoryMatcher, repositoryMatcher, splitPatterns } from "./policy/patterns";
export * from "./policy/policy";
export { PolicyError } from "./policy/policy-error";
export { type PolicyTextContext, policyFromYaml } from "./policy/policy-file";
export { defaults, type Settings } from "./policy/policy-settings";
export { type CleanupSelection, type ResolvedPolicy, resolvePolicy, type SelectionContext } from "./policy/resolve-policy";
export { policySchema } from "./policy/schema";
export { policyFromSelectors, type SelectorContext, type Selectors } from "./policy/selectors";
export type { Spelling } from "./policy/spelling";
export { compareVersions, parseVersion, type Version } from "./policy/version";
export { type ApplyOptions, applyPlan, isFailure } from "./run/apply-plan";
export { BoundsExceeded } from "./run/bounds";
export type { CompareOptions } from "./run/comparison";
export { type CollectGarbageOptions, collectGarbage } from "./run/garbage";
export { PlanError } from "./run/plan-error";
export type { PlanEntry, PlanFile } from "./run/plan-file";
export { planSchema } from "./run/plan-schema";
export { Interrupted } from "./run/problem";
export type { OnProgress, Progress } from "./run/progress";
export { readPlan } from "./run/read-plan";
export * from "./run/report";
export { readReport } from "./run/report-file";
export { formatShard, inShard, parseShard, type Shard } from "./run/shard";
export { type PlanSummary, type WritePlanOptions, writePlan } from "./run/write-plan";
