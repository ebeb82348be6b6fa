/** `registry-as-code/dtr`: a client of Docker Trusted Registry and Mirantis Secure Registry for scripts. */

export type { HttpClientOptions, HttpClock } from "../../http";
export { isAborted, isFateUnknown, isUnauthorized, RegistryError } from "../../http";
export type { CallOptions } from "../call";
export { ListError } from "../list-error";
export { type CreateApiToken, createApiToken } from "./api-tokens";
export type { ListOptions } from "./bind";
export type { DtrApi, DtrClient, DtrConnection } from "./client";
export { connectDtr } from "./connect";
export type { DtrOptions } from "./connect-operations";
export { type DatabaseFile, databaseFile } from "./database-file";
export { type DtrEnvironment, dtrOptionsFromEnv } from "./env";
export { isExisting, isGone, isInNotary, isInvalid, isNotAuthorized } from "./errors";
export { isDone, isFinished, JobFailed, submitJob, type WaitForJob, waitForJob } from "./jobs";
export { operations } from "./operations";
export { ScanFailed, type ScannedReference, scanStatuses, waitForScan } from "./scans";
export type * from "./schemas";
export { findTeam, forgetTeam, type TeamSource } from "./teams";
export { dtrRoot } from "./urls";
export { DeadlineExceeded, type Wait } from "./wait";
export { type CreatedWebhook, createWebhook, findWebhook, isTwin, type Subscription } from "./webhooks";
