import { accounts } from "./accounts";
import { apiTokens } from "./api-tokens";
import { contentCaches } from "./content-caches";
import { enzi } from "./enzi";
import { events } from "./events";
import { imageScan } from "./image-scan";
import { actionConfigs, crons, jobs, workers } from "./jobs";
import { meta } from "./meta";
import { mirroringPolicies, pollMirroringPolicies, pushMirroringPolicies } from "./mirroring-policies";
import { promotionPolicies } from "./promotion-policies";
import { pruningPolicies } from "./pruning-policies";
import { remote } from "./remote";
import { repositories } from "./repositories";
import { repositoryNamespaces } from "./repository-namespaces";
import { index } from "./search";
import { service } from "./service";
import { manifests, tags } from "./tags";
import { webhooks } from "./webhooks";

/**
 * All operations, in the areas of the API's description ("Docker Trusted Registry 2.6.0", 109 operations under `/api/v0`), and beside them those of the accounts
 * (`enzi`) and of the server itself (`service`). Shapes are those of the published Swagger documents of DTR 2.6.0 and 2.7.0.
 * Success codes differ by version and operation, so every 2xx is success.
 */
export const operations = {
  repositoryNamespaces,
  repositories,
  manifests,
  tags,
  mirroringPolicies,
  pollMirroringPolicies,
  pushMirroringPolicies,
  promotionPolicies,
  pruningPolicies,
  accounts,
  apiTokens,
  webhooks,
  crons,
  actionConfigs,
  jobs,
  workers,
  meta,
  remote,
  index,
  contentCaches,
  events,
  imageScan,
  enzi,
  service,
};
