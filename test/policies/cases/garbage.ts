import { type Case, later, NOW, right, UNKNOWN_TEXT, wrong } from "./case";

export const garbage: readonly Case[] = [
  // garbage-collection-is-rare
  wrong("garbageCollectionIsRare", "every hour", "dtr:Cron", { action: "gc", schedule: "@hourly" }, "often", {
    action: "gc",
    schedule: "@daily",
  }),
  wrong(
    "garbageCollectionIsRare",
    "every day where a week is wanted",
    "dtr:Cron",
    { action: "onlinegc", schedule: "0 0 1 * * *" },
    "often",
    { action: "onlinegc", schedule: "0 0 1 * * SUN" },
    { configuration: { hours: 168 } },
  ),
  wrong("garbageCollectionIsRare", "a schedule of another kind", "dtr:Cron", { action: "gc", schedule: "0 0 1 * * L" }, "unread", {
    action: "gc",
    schedule: "0 0 1 * * 0",
  }),
  wrong(
    "garbageCollectionIsRare",
    "the metadata alone, every hour",
    "dtr:Cron",
    { action: "onlinegc_metadata", schedule: "@hourly" },
    "often",
    {
      action: "onlinegc_metadata",
      schedule: "@daily",
    },
  ),
  right("garbageCollectionIsRare", "old logs of jobs", "dtr:Cron", { action: "onlinegc_joblogs", schedule: "@hourly" }),
  right("garbageCollectionIsRare", "another action", "dtr:Cron", { action: "poll_mirror", schedule: "@every 30m" }),
  wrong("garbageCollectionIsRare", "a job at each run", "dtr:Job", { action: "gc", triggers: { at: "2030-01-01T11:59:58.123Z" } }, "now", {
    action: "gc",
    triggers: { month: "2030-01" },
  }),
  wrong(
    "garbageCollectionIsRare",
    "at each run",
    "selectel:GarbageCollection",
    { registryId: "r1", triggers: { at: String(NOW) } },
    "now",
    {
      registryId: "r1",
      triggers: { release: "7" },
    },
  ),
  wrong("garbageCollectionIsRare", "at each run", "registryui:GarbageCollection", { triggers: { at: String(NOW / 1000) } }, "now", {
    triggers: { day: "2030-01-01", time: "2029-12-31T12:00:00Z" },
  }),
  right("garbageCollectionIsRare", "a trigger that a resource gives", "registryui:GarbageCollection", {
    triggers: { digest: UNKNOWN_TEXT },
  }),
  later("garbageCollectionIsRare", "a schedule that is not known", "dtr:Cron", { action: "gc", schedule: UNKNOWN_TEXT }, ["schedule"]),
  later("garbageCollectionIsRare", "an action that is not known", "dtr:Job", { action: UNKNOWN_TEXT }, ["action"]),

  // one-garbage-collection-per-registry
  {
    rule: "oneGarbageCollectionPerRegistry",
    what: "two of one registry, one of another",
    resources: ["r1", "r1", "r2"].map((registryId) => ({ type: "selectel:GarbageCollection", props: { registryId } })),
    says: [
      [0, "several"],
      [1, "several"],
    ],
  },
  {
    rule: "oneGarbageCollectionPerRegistry",
    what: "two of a registry that is yet to be made",
    resources: [
      ...["a", "b"].map(() => ({ type: "selectel:GarbageCollection", props: { registryId: UNKNOWN_TEXT }, from: { registryId: [2] } })),
      { type: "selectel:Registry", props: { name: "acme" } },
    ],
    says: [
      [0, "several"],
      [1, "several"],
    ],
  },
  {
    rule: "oneGarbageCollectionPerRegistry",
    what: "two of one server, two of two",
    resources: [
      { type: "registryui:GarbageCollection", props: {} },
      { type: "registryui:GarbageCollection", props: {} },
      { type: "dtr:Job", props: { action: "gc" } },
      { type: "dtr:Job", props: { action: "gc" }, provider: "urn:pulumi:dev::p::pulumi:providers:pulumi-nodejs::other" },
      { type: "dtr:Job", props: { action: "poll_mirror" } },
    ],
    says: [
      [0, "several"],
      [1, "several"],
    ],
  },
  {
    rule: "oneGarbageCollectionPerRegistry",
    what: "two of one server by two providers",
    resources: [
      { type: "dtr:Job", props: { action: "gc" }, url: "https://dtr.example.com" },
      {
        type: "dtr:Job",
        props: { action: "onlinegc" },
        url: "https://dtr.example.com",
        provider: "urn:pulumi:dev::p::pulumi:providers:pulumi-nodejs::other",
      },
    ],
    says: [
      [0, "several"],
      [1, "several"],
    ],
  },
  {
    rule: "oneGarbageCollectionPerRegistry",
    what: "registries and actions that are not known",
    resources: [
      { type: "selectel:GarbageCollection", props: { registryId: UNKNOWN_TEXT } },
      { type: "dtr:Job", props: { action: UNKNOWN_TEXT } },
    ],
    unknown: [
      [0, "registryId"],
      [1, "action"],
    ],
  },
];
