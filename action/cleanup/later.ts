import type * as ApplyPlan from "../../provider/cleanup/run/apply-plan";
import type * as ReadPlan from "../../provider/cleanup/run/read-plan";
import type * as CollectJob from "./collect-job";
import type * as PlanJob from "./plan-job";
import type * as Present from "./present";
import type * as PullRequest from "./pull-request";
import type * as Review from "./review";

/**
 * What only a run with sound inputs needs, loaded when it is come to: mistakes in a workflow are told at once, and what is needed
 * after the first request does not hold it up. `require` is untyped, and the
 * bundler knows it as well as `import()`, which the tests' CommonJS does not know without a file's extension.
 */
export const collectJob = (): typeof CollectJob => require("./collect-job") as typeof CollectJob;
export const planJob = (): typeof PlanJob => require("./plan-job") as typeof PlanJob;
export const applying = (): typeof ApplyPlan => require("../../provider/cleanup/run/apply-plan") as typeof ApplyPlan;
export const readingPlans = (): typeof ReadPlan => require("../../provider/cleanup/run/read-plan") as typeof ReadPlan;
export const presenting = (): typeof Present => require("./present") as typeof Present;
export const pullRequests = (): typeof PullRequest => require("./pull-request") as typeof PullRequest;
export const reviewing = (): typeof Review => require("./review") as typeof Review;
