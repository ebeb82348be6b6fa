import { type Case, later, right, UNKNOWN_FLAG, UNKNOWN_TEXT, wrong } from "./case";
import { repository, token } from "./inputs";

export const names: readonly Case[] = [
  // no-force-delete-in-production
  ...(
    [
      ["dtr:Organization", { name: "acme" }],
      ["dtr:Repository", repository],
      ["dtr:User", { name: "ann" }],
      ["oci:Repository", { name: "team/app" }],
      ["registryui:Project", { repository: "team/app" }],
      ["selectel:Registry", { name: "acme" }],
      ["selectel:Repository", { registryId: "r1", name: "team/app" }],
    ] as const
  ).map(
    ([type, props]): Case =>
      wrong("noForceDeleteInProduction", "in production", type, { ...props, forceDelete: true }, "force", props, {
        stack: "production",
        fixed: { ...props, forceDelete: false },
      }),
  ),
  ...["prod", "prod-eu", "acme-prod", "acme_prod", "acme.production", "acme-prod-eu", "acme_production.eu"].map((stack) =>
    wrong(
      "noForceDeleteInProduction",
      `in ${stack}`,
      "oci:Repository",
      { name: "a", forceDelete: true },
      "force",
      { name: "a" },
      {
        stack,
        fixed: { name: "a", forceDelete: false },
      },
    ),
  ),
  ...["dev", "preprod", "acme-product", "acme-nonprod"].map((stack) =>
    right("noForceDeleteInProduction", `in ${stack}`, "oci:Repository", { name: "a", forceDelete: true }, { stack }),
  ),
  right("noForceDeleteInProduction", "in another stack", "dtr:Repository", { ...repository, forceDelete: true }, { stack: "staging" }),
  wrong(
    "noForceDeleteInProduction",
    "in a stack that is named",
    "oci:Repository",
    { name: "a", forceDelete: true },
    "force",
    { name: "a" },
    {
      stack: "live",
      configuration: { stacks: ["live"] },
      fixed: { name: "a", forceDelete: false },
    },
  ),
  later(
    "noForceDeleteInProduction",
    "a setting that is not known",
    "oci:Repository",
    { name: "a", forceDelete: UNKNOWN_FLAG },
    ["forceDelete"],
    {
      stack: "team-prod",
    },
  ),

  // names-follow-a-pattern
  wrong("namesFollowAPattern", "a repository", "dtr:Repository", { ...repository, name: "App" }, "name", repository, { refused: true }),
  wrong("namesFollowAPattern", "a token", "dtr:ApiToken", { label: "My token" }, "name", { label: "my-token" }),
  wrong(
    "namesFollowAPattern",
    "a project, by a pattern",
    "registryui:Project",
    { repository: "a/b" },
    "name",
    { repository: "team/b" },
    {
      configuration: { repositories: "^team/" },
    },
  ),
  ...(
    [
      ["dtr:ApiToken", { label: "ci" }],
      ["dtr:Organization", { name: "acme" }],
      ["dtr:Repository", repository],
      ["dtr:Team", { organization: "acme", name: "developers" }],
      ["oci:Repository", { name: "team/app" }],
      ["registryui:Project", { repository: "team/app" }],
      ["selectel:Registry", { name: "acme" }],
      ["selectel:Repository", { registryId: "r1", name: "team/app" }],
      ["selectel:Token", token],
    ] as const
  ).map(([type, props]): Case => right("namesFollowAPattern", "as it should be", type, props)),
  ...(
    [
      ["dtr:Organization", { name: "acme" }, "organizations"],
      ["dtr:Team", { organization: "acme", name: "developers" }, "teams"],
      ["oci:Repository", { name: "team/app" }, "repositories"],
      ["selectel:Registry", { name: "acme" }, "registries"],
      ["selectel:Repository", { registryId: "r1", name: "team/app" }, "repositories"],
      ["selectel:Token", token, "tokens"],
    ] as const
  ).map(
    ([type, props, kind]): Case => ({
      rule: "namesFollowAPattern",
      what: `${kind}, by a pattern`,
      resources: [{ type, props }],
      configuration: { [kind]: "^x" },
      says: [[0, "name"]],
    }),
  ),
  later("namesFollowAPattern", "a name that is not known", "oci:Repository", { name: UNKNOWN_TEXT }, ["name"]),

  // owners-are-named
  wrong(
    "ownersAreNamed",
    "no owner",
    "dtr:Repository",
    { namespace: "acme", name: "app", shortDescription: "Builds" },
    "repository",
    repository,
  ),
  right("ownersAreNamed", "an owner in the long description", "dtr:Repository", {
    namespace: "acme",
    name: "app",
    longDescription: "# App\nowner: web",
  }),
  wrong("ownersAreNamed", "a team without", "dtr:Team", { organization: "acme", name: "web" }, "team", {
    organization: "acme",
    name: "web",
    description: "Owner: Ann",
  }),
  wrong(
    "ownersAreNamed",
    "by another pattern",
    "dtr:Team",
    { organization: "acme", name: "web", description: "Owner: Ann" },
    "team",
    {
      organization: "acme",
      name: "web",
      description: "@ann",
    },
    { configuration: { pattern: "^@" } },
  ),
  later("ownersAreNamed", "a description that is not known", "dtr:Team", { organization: "acme", name: "web", description: UNKNOWN_TEXT }, [
    "description",
  ]),
  right("ownersAreNamed", "one that names the owner beside one that is not known", "dtr:Repository", {
    ...repository,
    longDescription: UNKNOWN_TEXT,
  }),
];
