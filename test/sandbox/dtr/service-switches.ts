/**
 * Where the description of jobs, webhooks, tokens, scans and settings contradicts itself, differs by version in a way that a version number
 * does not tell, or says nothing, the sandbox plays either reading. The defaults are the likelier one.
 */
export interface ServiceSwitches {
  /** A subscription like one that there is already: the answer has the id of the first (ids look like digests), or makes another. Default `same`. */
  webhookTwins: "same" | "another";
  /** What creating a webhook answers: 200 with an array in 2.6 and 201 with one object in 2.7; or 200 with one object, as the guide shows. Default `version`. */
  webhookCreated: "version" | "object";
  /** Body of a settings update, for which the description has none and a client parses one. Default `empty`. */
  settingsAnswer: "empty" | "settings";
  /** How many looks at a job (itself, its log, or a list with it) find it not done: the first of several waiting, the others running. Default 1. */
  jobPolls: number;
  /** Milliseconds of the sandbox's clock after which a job is done although nobody looked. Default 300,000. */
  jobDuration: number;
  /** Words for jobs that failed or were stopped: `errored` and `canceled` of the description, `error` and `cancel` of the guide. Default `description`. */
  jobStatuses: "description" | "guide";
  /** Jobs, crons and action configurations that there are not: 404 with a code such as `NO_SUCH_CRON`, or without any body. Default `coded`. */
  jobrunnerMissing: "coded" | "empty";
  /** Capacities and parameters that were not given. Default `null`, as the sample shows. */
  noMap: "null" | "empty";
  /** The same for scans, which are jobs: looks at the summary of the image count, too. Default 1. */
  scanPolls: number;
  /** Whether the database of vulnerabilities can be updated, or is still being filled. Default `ready`. */
  scanDatabase: "ready" | "filling";
  /** Keys of the map of scan summaries: names or digests of the images that were asked for. Default `name`. */
  summaryKeys: "name" | "digest";
  /** Tokens that an administrator sees who names no user. Default `all`. */
  tokensListed: "all" | "own";
  /** `generatedBy` of tokens that the API creates. Default `user`. */
  tokenGeneratedBy: string;
  /** `registryType` of a remote registry that is a DTR, too. Default `dtr`. */
  registryType: string;
}

export const defaultServiceSwitches: Readonly<ServiceSwitches> = {
  webhookTwins: "same",
  webhookCreated: "version",
  settingsAnswer: "empty",
  jobPolls: 1,
  jobDuration: 300_000,
  jobStatuses: "description",
  jobrunnerMissing: "coded",
  noMap: "null",
  scanPolls: 1,
  scanDatabase: "ready",
  summaryKeys: "name",
  tokensListed: "all",
  tokenGeneratedBy: "user",
  registryType: "dtr",
};

/** The values of the switches that are words. */
export const serviceChoices: Readonly<Record<string, readonly unknown[]>> = {
  webhookTwins: ["same", "another"],
  webhookCreated: ["version", "object"],
  settingsAnswer: ["empty", "settings"],
  jobStatuses: ["description", "guide"],
  jobrunnerMissing: ["coded", "empty"],
  noMap: ["null", "empty"],
  scanDatabase: ["ready", "filling"],
  summaryKeys: ["name", "digest"],
  tokensListed: ["all", "own"],
};
