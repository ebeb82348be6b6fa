import type { Component, LayerTable, Override } from "./findings";
import { perWorld } from "./world";

export interface Webhook {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly type: string;
  /** `namespace`, `namespace/repository`, or empty for all. */
  readonly key: string;
  readonly endpoint: string;
  readonly authorID: string;
  readonly createdAt: Date;
  /** Undefined: never. */
  lastSuccessfulAt?: Date;
  inactive: boolean;
  tlsCert: string;
  skipTLSVerification: boolean;
}

/** One attempt to deliver. */
export interface Delivery {
  /** Empty for a test. */
  readonly webhook: string;
  readonly type: string;
  readonly endpoint: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Status of the receiver's answer; undefined before, and when there was none. */
  status?: number;
  /** Why there was no answer. */
  error?: string;
}

export type Parameters = Readonly<Record<string, string>>;
export type Capacity = Readonly<Record<string, number>>;

/** What crons and jobs have in common. */
export interface Task {
  readonly action: string;
  readonly parameters: Parameters | null;
  readonly capacityMap: Capacity | null;
  readonly deadline: string;
  readonly stopTimeout: string;
}

export interface Cron extends Task {
  readonly id: string;
  readonly schedule: string;
  readonly retries: number;
  /** Undefined: never. */
  nextRun?: Date | undefined;
}

export interface ActionConfig {
  readonly id: string;
  readonly action: string;
  readonly parameters: Parameters;
}

export type JobPhase = "waiting" | "running" | "done" | "errored" | "canceled";

export interface Job extends Task {
  readonly id: string;
  readonly retryFromID: string;
  /** Empty as long as no worker has it. */
  workerID: string;
  phase: JobPhase;
  readonly scheduledAt: Date;
  lastUpdated: Date;
  retriesLeft: number;
  readonly retriesTotal: number;
  /** Looks that still find it not done. */
  polls: number;
  /** True when somebody looked at it before. */
  looked?: boolean;
  readonly logs: string[];
  /** The image that it scans. */
  readonly scan?: ScannedImage;
  /** Set as soon as its work has begun, so that it is done once. */
  working?: Promise<void>;
}

/** Which image of which repository is scanned. */
export interface ScannedImage {
  /** `namespace/name` */
  readonly repository: string;
  readonly digest: string;
  /** True when its layers were scanned before, and are only compared with a newer database. */
  readonly check: boolean;
}

/** What the scanner's database said of the layers of an image when it was scanned. */
export interface ScanResult {
  readonly completedAt: Date;
  readonly databaseVersion: number;
  readonly layers: readonly string[];
  readonly table: LayerTable;
}

export interface Worker {
  readonly id: string;
  status: string;
  capacityMap: Capacity;
}

export interface ContentCache {
  readonly id: string;
  readonly name: string;
  readonly host: string;
}

export interface Alert {
  readonly message: string;
  readonly id?: string;
  readonly class?: string;
  readonly img?: string;
  readonly url?: string;
}

/** A failure that a test has ordered. */
export interface OrderedFailure {
  readonly action: string;
  readonly log: string;
}

/** What the sandbox knows beside accounts, repositories and policies. */
export interface Services {
  /** By id. */
  readonly webhooks: Map<string, Webhook>;
  readonly deliveries: Delivery[];
  /** By action. */
  readonly crons: Map<string, Cron>;
  /** By action. */
  readonly actionConfigs: Map<string, ActionConfig>;
  /** In the order in which they were submitted. */
  readonly jobs: Job[];
  readonly workers: Map<string, Worker>;
  readonly contentCaches: Map<string, ContentCache>;
  readonly alerts: Alert[];
  /** The last `webTLSKey`, which no answer shows. */
  webTLSKey: string;
  /** By digest of the layer. */
  readonly vulnerabilities: Map<string, readonly Component[]>;
  /** By `pk`. */
  readonly overrides: Map<string, Override>;
  /** The last scan of an image, done or not, by `scanKey`. */
  readonly scans: Map<string, Job>;
  /** What the last scan that succeeded found, by `scanKey`. */
  readonly results: Map<string, ScanResult>;
  readonly failures: OrderedFailure[];
  databaseVersion: number;
  databaseUpdatedAt: Date;
}

/** The state of this half of the simulator; `openServices` fills it. */
export const services = perWorld<Services>(({ clock }) => ({
  webhooks: new Map(),
  deliveries: [],
  crons: new Map(),
  actionConfigs: new Map(),
  jobs: [],
  workers: new Map([["000000000000", { id: "000000000000", status: "running", capacityMap: { scan: 1, scanCheck: 1 } }]]),
  contentCaches: new Map(),
  alerts: [],
  webTLSKey: "",
  vulnerabilities: new Map(),
  overrides: new Map(),
  scans: new Map(),
  results: new Map(),
  failures: [],
  databaseVersion: 1,
  databaseUpdatedAt: clock.now(),
}));
