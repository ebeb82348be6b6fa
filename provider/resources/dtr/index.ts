export { ActionConfig, type ActionConfigInputs, type ActionConfigOutputs } from "./action-config";
export { ApiToken, type ApiTokenInputs, type ApiTokenOutputs } from "./api-token";
export { ContentCache, type ContentCacheInputs, type ContentCacheOutputs } from "./content-cache";
export { Cron, type CronInputs, type CronOutputs } from "./cron";
export {
  getNamespaceTeamAccess,
  getNamespaceTeamAccessOutput,
  getRepositoryTeamAccess,
  getRepositoryTeamAccessOutput,
  getTeamNamespaceAccess,
  getTeamNamespaceAccessOutput,
  getTeamRepositoryAccess,
  getTeamRepositoryAccessOutput,
  getUserRepositoryAccess,
  getUserRepositoryAccessOutput,
} from "./functions/access";
export {
  getAccount,
  getAccountOutput,
  getAccounts,
  getAccountsOutput,
  getLanguage,
  getLanguageOutput,
  getOrganizationMember,
  getOrganizationMemberOutput,
  getOrganizationMembers,
  getOrganizationMembersOutput,
  getTeam,
  getTeamGroupLink,
  getTeamGroupLinkOutput,
  getTeamLdapSync,
  getTeamLdapSyncOutput,
  getTeamMember,
  getTeamMemberOutput,
  getTeamMembers,
  getTeamMembersOutput,
  getTeamOutput,
  getTeams,
  getTeamsOutput,
  getUserSettings,
  getUserSettingsOutput,
} from "./functions/accounts";
export { getApiToken, getApiTokenOutput, getApiTokens, getApiTokensOutput } from "./functions/api-tokens";
export { planCleanup, planCleanupOutput } from "./functions/cleanup";
export {
  exportScanSummary,
  exportScanSummaryOutput,
  getImagesByComponent,
  getImagesByComponentOutput,
  getImagesByCve,
  getImagesByCveOutput,
  getImagesByLayer,
  getImagesByLayerOutput,
  getImagesByLicense,
  getImagesByLicenseOutput,
  getLegacyScanSummary,
  getLegacyScanSummaryOutput,
  getScannerStatus,
  getScannerStatusOutput,
  getScanSummaries,
  getScanSummariesOutput,
  getScanSummary,
  getScanSummaryOutput,
  getVulnerabilityOverrides,
  getVulnerabilityOverridesOutput,
} from "./functions/image-scans";
export {
  getActionConfig,
  getActionConfigOutput,
  getActionConfigs,
  getActionConfigsOutput,
  getCron,
  getCronOutput,
  getCrons,
  getCronsOutput,
  getJob,
  getJobLogs,
  getJobLogsOutput,
  getJobOutput,
  getJobs,
  getJobsOutput,
  getWorkers,
  getWorkersOutput,
} from "./functions/jobs";
export {
  getMirroringPolicies,
  getMirroringPoliciesOutput,
  getPollMirroringPolicies,
  getPollMirroringPoliciesOutput,
  getPollMirroringPolicy,
  getPollMirroringPolicyOutput,
  getPromotionPolicies,
  getPromotionPoliciesOutput,
  getPromotionPolicy,
  getPromotionPolicyOutput,
  getPruningPolicies,
  getPruningPoliciesOutput,
  getPruningPolicy,
  getPruningPolicyOutput,
  getPushMirroringPolicies,
  getPushMirroringPoliciesOutput,
  getPushMirroringPolicy,
  getPushMirroringPolicyOutput,
  testPruningPolicy,
  testPruningPolicyOutput,
} from "./functions/policies";
export {
  getEvents,
  getEventsOutput,
  getManifests,
  getManifestsOutput,
  getRepositories,
  getRepositoriesOutput,
  getRepository,
  getRepositoryEvents,
  getRepositoryEventsOutput,
  getRepositoryOutput,
  getTag,
  getTagOutput,
  getTags,
  getTagsOutput,
} from "./functions/repositories";
export { getAutocomplete, getAutocompleteOutput, searchRepositories, searchRepositoriesOutput } from "./functions/search";
export {
  checkRemoteRegistry,
  checkRemoteRegistryOutput,
  getAlerts,
  getAlertsOutput,
  getCertificateAuthority,
  getCertificateAuthorityOutput,
  getClusterStatus,
  getClusterStatusOutput,
  getContentCache,
  getContentCacheOutput,
  getContentCaches,
  getContentCachesOutput,
  getFeatures,
  getFeaturesOutput,
  getHealth,
  getHealthOutput,
  getSettings,
  getSettingsOutput,
  getVersion,
  getVersionOutput,
} from "./functions/server";
export { getWebhooks, getWebhooksOutput } from "./functions/webhooks";
export { Job, type JobInputs, type JobOutputs } from "./job";
export type { AccessLevel } from "./names";
export { NamespaceTeamAccess, type NamespaceTeamAccessInputs, type NamespaceTeamAccessOutputs } from "./namespace-team-access";
export { Organization, type OrganizationInputs, type OrganizationOutputs } from "./organization";
export { OrganizationMember, type OrganizationMemberInputs, type OrganizationMemberOutputs } from "./organization-member";
export type { PolicyRule, RuleField, RuleOperator } from "./policy-rules";
export { PollMirroringPolicy, type PollMirroringPolicyInputs, type PollMirroringPolicyOutputs } from "./poll-mirroring-policy";
export { PromotionPolicy, type PromotionPolicyInputs, type PromotionPolicyOutputs } from "./promotion-policy";
export { Provider, type ProviderArgs } from "./provider";
export { PruningPolicy, type PruningPolicyInputs, type PruningPolicyOutputs } from "./pruning-policy";
export { PushMirroringPolicy, type PushMirroringPolicyInputs, type PushMirroringPolicyOutputs } from "./push-mirroring-policy";
export { Repository, type RepositoryInputs, type RepositoryOutputs } from "./repository";
export { RepositoryTeamAccess, type RepositoryTeamAccessInputs, type RepositoryTeamAccessOutputs } from "./repository-team-access";
export { Scan, type ScanInputs, type ScanOutputs } from "./scan";
export { Settings, type SettingsInputs, type SettingsOutputs } from "./settings";
export { TagMirroring, type TagMirroringInputs, type TagMirroringOutputs } from "./tag-mirroring";
export { TagPromotion, type TagPromotionInputs, type TagPromotionOutputs } from "./tag-promotion";
export { Team, type TeamInputs, type TeamOutputs } from "./team";
export { TeamMember, type TeamMemberInputs, type TeamMemberOutputs } from "./team-member";
export type { LdapSync } from "./team-sync";
export { User, type UserInputs, type UserOutputs } from "./user";
export { UserSettings, type UserSettingsInputs, type UserSettingsOutputs } from "./user-settings";
export {
  VulnerabilityOverride,
  type VulnerabilityOverrideInputs,
  type VulnerabilityOverrideOutputs,
} from "./vulnerability-override";
export { Webhook, type WebhookInputs, type WebhookOutputs } from "./webhook";
export { WorkerCapacity, type WorkerCapacityInputs, type WorkerCapacityOutputs } from "./worker-capacity";
