import { type Case, later, right, UNKNOWN_FLAG, UNKNOWN_TEXT, wrong } from "./case";
import { policy, production, repository } from "./inputs";

export const repositories: readonly Case[] = [
  // immutable-tags-in-production
  wrong("immutableTagsInProduction", "tags that move", "dtr:Repository", production, "mutable", { ...production, immutableTags: true }),
  ...["prod/app", "production/app", "web-prod/app", "web_production/app", "acme/prod", "acme/app.prod", "acme/app_production"].map(
    (path) => {
      const [namespace, name] = path.split("/");
      const props = { ...repository, namespace, name };
      return wrong("immutableTagsInProduction", path, "dtr:Repository", props, "mutable", { ...props, immutableTags: true });
    },
  ),
  ...["acme/app", "products/app", "acme/product", "acme/reprod"].map((path) => {
    const [namespace, name] = path.split("/");
    return right("immutableTagsInProduction", path, "dtr:Repository", { ...repository, namespace, name });
  }),
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
    what: "a policy by another provider, with another user of the same server",
    resources: [
      { type: "dtr:Repository", props: repository, url: "https://dtr.example.com" },
      {
        type: "dtr:PruningPolicy",
        props: policy,
        url: "https://DTR.example.com/",
        provider: "urn:pulumi:dev::p::pulumi:providers:pulumi-nodejs::other",
      },
    ],
  },
  {
    rule: "repositoriesHaveRetention",
    what: "a policy by another provider, of another server or of one that is not known",
    resources: ["https://two.example.com", UNKNOWN_TEXT].flatMap((url) => [
      { type: "dtr:Repository", props: repository, url: "https://one.example.com" },
      { type: "dtr:PruningPolicy", props: policy, url, provider: "urn:pulumi:dev::p::pulumi:providers:pulumi-nodejs::other" },
    ]),
    says: [
      [0, "endless"],
      [2, "endless"],
    ],
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
  {
    rule: "repositoriesHaveRetention",
    what: "a policy of which nobody knows whether it is on",
    resources: [
      { type: "dtr:Repository", props: repository },
      { type: "dtr:PruningPolicy", props: { ...policy, enabled: UNKNOWN_FLAG } },
    ],
    unknown: [[1, "enabled"]],
  },
  {
    rule: "repositoriesHaveRetention",
    what: "a policy that may be on, of a repository that has a limit, and beside one that is on",
    resources: [
      { type: "dtr:Repository", props: { ...repository, tagLimit: 5 } },
      { type: "dtr:Repository", props: { ...repository, name: "other" } },
      { type: "dtr:PruningPolicy", props: { ...policy, enabled: UNKNOWN_FLAG } },
      { type: "dtr:PruningPolicy", props: { ...policy, repository: "other" } },
      { type: "dtr:PruningPolicy", props: { ...policy, repository: "other", enabled: UNKNOWN_FLAG } },
    ],
  },
  {
    rule: "repositoriesHaveRetention",
    what: "immutable tags, which exclude a limit",
    resources: [{ type: "dtr:Repository", props: { ...repository, immutableTags: true } }],
    says: [[0, "immutable"]],
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
  wrong(
    "scanOnPush",
    "scanning switched off for the whole registry",
    "dtr:Settings",
    { scanningEnabled: false },
    "disabled",
    { scanningEnabled: true },
    // Not what a repository's exception is for.
    { configuration: { except: ["**"] } },
  ),
  right("scanOnPush", "settings that leave it as it is", "dtr:Settings", { dtrHost: "dtr.example.com" }),
  later("scanOnPush", "scanning that is not known", "dtr:Settings", { scanningEnabled: UNKNOWN_FLAG }, ["scanningEnabled"]),
  right("scanOnPush", "an exception", "dtr:Repository", { namespace: "acme", name: "cache" }, { configuration: { except: ["*/cache"] } }),
  later("scanOnPush", "a setting that is not known", "dtr:Repository", { ...repository, scanOnPush: UNKNOWN_FLAG }, ["scanOnPush"]),
];
