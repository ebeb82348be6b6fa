import fc from "fast-check";
import type { z } from "zod";
import { ApiToken, NewApiToken } from "../../../provider/registries/dtr/schemas/api-tokens";
import { ContentCache } from "../../../provider/registries/dtr/schemas/content-caches";
import { ScannerStatus, ScanSummary } from "../../../provider/registries/dtr/schemas/image-scan";
import { ActionConfig, Cron, Job } from "../../../provider/registries/dtr/schemas/jobs";
import { LegacyScanSummary } from "../../../provider/registries/dtr/schemas/legacy-scan";
import { ClusterStatus, Features, Settings } from "../../../provider/registries/dtr/schemas/meta";
import { Webhook } from "../../../provider/registries/dtr/schemas/webhook";

/** Each answer: its schema, what must be there, and what another version may leave out, or send as null. */
const answers: readonly { name: string; schema: z.ZodType; needed: Readonly<Record<string, unknown>>; rest: readonly string[] }[] = [
  {
    name: "an access token",
    schema: ApiToken,
    needed: { hashedToken: "h" },
    rest: ["tokenLabel", "isActive", "lastUsed", "createdAt", "generatedBy", "creatorUa"],
  },
  {
    name: "a new access token",
    schema: NewApiToken,
    needed: { hashedToken: "h", token: "t" },
    rest: ["tokenLabel", "isActive", "lastUsed"],
  },
  {
    name: "a webhook",
    schema: Webhook,
    needed: { id: "w" },
    rest: ["type", "key", "endpoint", "authorID", "createdAt", "lastSuccessfulAt", "inactive", "tlsCert", "skipTLSVerification"],
  },
  {
    name: "a job",
    schema: Job,
    needed: { id: "j" },
    rest: [
      "retryFromID",
      "workerID",
      "status",
      "scheduledAt",
      "action",
      "retriesLeft",
      "retriesTotal",
      "capacityMap",
      "parameters",
      "deadline",
    ],
  },
  { name: "a cron", schema: Cron, needed: { action: "gc" }, rest: ["id", "schedule", "retries", "capacityMap", "parameters", "nextRun"] },
  { name: "an action config", schema: ActionConfig, needed: { action: "gc" }, rest: ["id", "parameters"] },
  { name: "a content cache", schema: ContentCache, needed: { id: "c" }, rest: ["name", "host"] },
  {
    name: "the features",
    schema: Features,
    needed: { scanningEnabled: true },
    rest: ["scanningLicensed", "promotionLicensed", "mirroringLicensed", "onlineGCEnabled", "db_version", "ucpHost"],
  },
  {
    name: "the status of the cluster",
    schema: ClusterStatus,
    needed: {},
    rest: ["rethink_system_tables", "replica_health", "replica_timestamp", "replica_readonly", "gc_lock_holder"],
  },
  { name: "the settings", schema: Settings, needed: {}, rest: ["dtrHost", "sso", "scanningDeadline", "replicaSettings", "somethingNew"] },
  { name: "a scan summary", schema: ScanSummary, needed: { scannedImage: {} }, rest: ["shouldRescan", "scanStatus"] },
  {
    name: "an old scan summary",
    schema: LegacyScanSummary,
    needed: {},
    rest: ["namespace", "reponame", "critical", "check_completed_at", "layer_details"],
  },
  { name: "the scanner's status", schema: ScannerStatus, needed: {}, rest: ["state", "scanner_version", "db_updated_at", "replicas"] },
];

describe("answers of other versions", () => {
  it.each(answers)("$name may lack members, have null for them, and have new ones", ({ schema, needed, rest }) => {
    const members = fc.subarray([...rest]).map((absent) => Object.fromEntries(absent.map((name) => [name, null])));
    const news = fc.dictionary(fc.stringMatching(/^new[a-z]{1,8}$/), fc.jsonValue(), { maxKeys: 3 });
    fc.assert(
      fc.property(members, news, (nulls, more) => {
        const bare = schema.parse(needed);
        const parsed = schema.parse({ ...more, ...nulls, ...needed });
        if (schema !== Settings) expect(parsed).toEqual(bare);
      }),
      { numRuns: 30 },
    );
  });

  it.each(answers.filter(({ needed }) => Object.keys(needed).length > 0))("$name must have what names it", ({ schema, needed }) => {
    for (const name of Object.keys(needed)) expect(schema.safeParse({ ...needed, [name]: undefined }).success).toBe(false);
    expect(schema.safeParse(null).success).toBe(false);
  });
});
