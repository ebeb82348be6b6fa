import { type Case, later, right, UNKNOWN_FLAG, UNKNOWN_TEXT, wrong } from "./case";
import { policy, production, repository } from "./inputs";

export const repositories: readonly Case[] = [
  // immutable-tags-in-production
  wrong("immutableTagsInProduction", "tags that move", "dtr:Repository", production, "mutable", { ...production, immutableTags: true }),
  right("immutableTagsInProduction", "another repository", "dtr:Repository", repository),
  wrong(
    "immutableTagsInProduction",
    "another pattern",
    "dtr:Repository",
    repository,
    "mutable",
    { ...repository, immutableTags: true },
    {
      configuration: { repositories: ["acme/*"] },
    },
  ),
  later("immutableTagsInProduction", "a name that is not known", "dtr:Repository", { ...repository, name: UNKNOWN_TEXT }, ["name"]),
  later("immutableTagsInProduction", "a setting that is not known", "dtr:Repository", { ...production, immutableTags: UNKNOWN_FLAG }, [
    "immutableTags",
  ]),

  // repositories-have-retention
  wrong("repositoriesHaveRetention", "neither limit nor policy", "dtr:Repository", repository, "endless", { ...repository, tagLimit: 10 }),
  wrong("repositoriesHaveRetention", "no limit", "dtr:Repository", { ...repository, tagLimit: 0 }, "endless", {
    ...repository,
    tagLimit: 1,
  }),
  right("repositoriesHaveRetention", "an exception", "dtr:Repository", repository, { configuration: { except: ["acme/app"] } }),
  {
    rule: "repositoriesHaveRetention",
    what: "a pruning policy",
    resources: [
      { type: "dtr:Repository", props: repository },
      { type: "dtr:PruningPolicy", props: policy },
    ],
  },
  {
    rule: "repositoriesHaveRetention",
    what: "policies of another repository, of another server, and one that is off",
    resources: [
      { type: "dtr:Repository", props: repository },
      { type: "dtr:PruningPolicy", props: { ...policy, repository: "other" } },
      { type: "dtr:PruningPolicy", props: policy, provider: "urn:pulumi:dev::p::pulumi:providers:pulumi-nodejs::other" },
      { type: "dtr:PruningPolicy", props: { ...policy, enabled: false } },
    ],
    says: [[0, "endless"]],
  },
  {
    rule: "repositoriesHaveRetention",
    what: "a policy whose repository is told by where its name comes from",
    resources: [
      { type: "dtr:Repository", props: { ...repository, name: UNKNOWN_TEXT } },
      { type: "dtr:PruningPolicy", props: { ...policy, repository: UNKNOWN_TEXT }, from: { repository: [0] } },
    ],
  },
  {
    rule: "repositoriesHaveRetention",
    what: "a policy of nobody knows which repository",
    resources: [
      { type: "dtr:Repository", props: repository },
      { type: "dtr:PruningPolicy", props: { ...policy, repository: UNKNOWN_TEXT } },
    ],
    unknown: [[1, "repository"]],
  },
  later("repositoriesHaveRetention", "a limit that is not known", "dtr:Repository", { ...repository, tagLimit: UNKNOWN_TEXT }, [
    "tagLimit",
  ]),
  later("repositoriesHaveRetention", "a name that is not known", "dtr:Repository", { ...repository, name: UNKNOWN_TEXT }, ["name"]),

  // scan-on-push
  wrong("scanOnPush", "no scanning", "dtr:Repository", { ...repository, scanOnPush: false }, "unscanned", repository, {
    fixed: repository,
  }),
  wrong("scanOnPush", "nothing said of scanning", "dtr:Repository", { namespace: "acme", name: "app" }, "unscanned", repository, {
    fixed: { namespace: "acme", name: "app", scanOnPush: true },
  }),
  right("scanOnPush", "an exception", "dtr:Repository", { namespace: "acme", name: "cache" }, { configuration: { except: ["*/cache"] } }),
  later("scanOnPush", "a setting that is not known", "dtr:Repository", { ...repository, scanOnPush: UNKNOWN_FLAG }, ["scanOnPush"]),
];
