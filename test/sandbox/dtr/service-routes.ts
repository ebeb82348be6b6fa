import { actionConfigRoutes } from "./action-configs";
import { apiTokenRoutes } from "./api-tokens";
import { contentCacheRoutes } from "./content-caches";
import { cronRoutes } from "./crons";
import { eventRoutes } from "./events";
import { jobRoutes } from "./jobs";
import { layerOverrideRoutes } from "./layer-overrides";
import { metaRoutes } from "./meta";
import { remoteRoutes } from "./remote";
import type { Route } from "./route";
import { scanRoutes } from "./scan-routes";
import { scanSummaryRoutes } from "./scan-summaries";
import { searchRoutes } from "./search";
import { webhookRoutes } from "./webhooks";
import { workerRoutes } from "./workers";

/** The routes of everything beside accounts, repositories and policies. */
export const serviceRoutes: readonly Route[] = [
  ...apiTokenRoutes,
  ...webhookRoutes,
  ...cronRoutes,
  ...actionConfigRoutes,
  ...jobRoutes,
  ...workerRoutes,
  ...metaRoutes,
  ...remoteRoutes,
  ...searchRoutes,
  ...contentCacheRoutes,
  ...eventRoutes,
  ...scanRoutes,
  ...scanSummaryRoutes,
  ...layerOverrideRoutes,
];
