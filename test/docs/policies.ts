/** provider/policies.md: the table of policy rules, made of the rules themselves. */
import type { Rule } from "../../provider/policies";
import { table } from "../../provider/policies/table";

export const POLICIES_FILE = "provider/policies.md";

export const policiesPage = (): string => {
  const rules = Object.entries(table).map(([key, rule]) => ({ key, rule }));
  return `# Policy rules

<!-- Generated from the sources by \`npm run docs\`. A test fails when it is stale. -->

Rules for a policy pack over the resources of this package; other resources are left alone. [An example](../examples/policy-pack/README.md) shows how a pack is made and run, [a workflow](../examples/workflows/policy-review.yml) runs it for pull requests.

\`\`\`ts
import { PolicyPack } from "@pulumi/policy";
import { registryPolicies } from "registry-as-code/policies";

new PolicyPack("registries", {
  policies: registryPolicies({
    tokensExpire: { days: 30 },
    scanOnPush: "remediate",
    ownersAreNamed: { level: "advisory", pattern: "@[a-z]+" },
    namesFollowAPattern: "disabled",
  }),
});
\`\`\`

| rule | level | severity | what | remediation |
| --- | --- | --- | --- | --- |
${rules.map(({ rule }) => `| [\`${rule.name}\`](#${rule.name}) | ${rule.level} | ${rule.severity} | ${rule.description} | ${rule.remediation ?? ""} |`).join("\n")}

## Levels, settings and previews

* \`mandatory\` stops the preview, \`advisory\` is shown, \`disabled\` is not looked at. \`remediate\` puts inputs right where a rule has a remediation, and shows that it did; what it cannot put right stops the preview.
* Settings of the program are keyed by the rule's name in camel case. \`--policy-pack-config file.json\` overrides them, keyed by the rule's name: \`{ "tokens-expire": { "days": 7, "enforcementLevel": "advisory" } }\`.
* A setting that a rule does not have is an error. The engine does not notice the name of a rule that there is not when only a level is given for it.
* A rule of a resource is checked before the resource is made or changed. A rule of the stack is checked when all its resources are known: at the end of a preview, and of an update.
* A value that only \`up\` will know violates nothing: \`not known before up\` is shown, whatever the level, and the rule is checked again when it is known.
* Messages hold no value of any property, because any of them may be a secret.
* Lists are globs: \`*\` stays within one part of a path (alone it is everything), \`**\` does not, and \`!\` takes out again. An empty list is none. Expressions are of RE2's syntax.

${rules.map(({ key, rule }) => section(key, rule)).join("\n\n")}
`;
};

function section(key: string, rule: Rule): string {
  const types = rule.types.map((type) => `\`${type.replace(":", ".")}\``).join(", ");
  const configuration = Object.entries(rule.configuration);
  const settings =
    configuration.length === 0
      ? "Nothing to set but the level."
      : `| setting | type | default | meaning |\n| --- | --- | --- | --- |\n${configuration.map(([name, schema]) => settingRow(name, schema)).join("\n")}`;
  const notes = note[rule.name];
  return [
    `## ${rule.name}`,
    `${rule.description} In settings \`${key}\`. Level ${rule.level}, severity ${rule.severity}; checked for each ${rule.scope === "stack" ? "stack" : "resource"}. Looks at ${types}.`,
    ...(notes === undefined ? [] : [notes]),
    ...(rule.remediation === undefined ? [] : [`Remediation: ${rule.remediation}`]),
    settings,
    `Messages:\n\n${Object.values(rule.messages)
      .map((message) => `* ${cell(message)}`)
      .join("\n")}`,
  ].join("\n\n");
}

function settingRow(name: string, schema: object): string {
  const {
    type,
    items,
    default: preset,
    description,
  } = schema as { type?: string; items?: { type?: string }; default?: unknown; description?: string };
  const shape = type === "array" ? `${items?.type ?? "unknown"}[]` : (type ?? "unknown");
  return `| \`${name}\` | \`${shape}\` | \`${cell(JSON.stringify(preset))}\` | ${cell(description ?? "")} |`;
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** What a reader may wonder about, by rule. */
export const note: Readonly<Record<string, string | undefined>> = {
  "tokens-expire":
    "A token of Docker Trusted Registry cannot end by itself. It passes with `rotationTriggers`, because a rotation deletes the old token, or while it is not `active`.",
  "no-write-token-for-all-registries":
    "A token of Docker Trusted Registry may do what its user may, which a program does not tell: give it a user with few rights.",
  "no-public-repositories":
    "RegistryUI has no call that changes an existing project: there `isPublic` is set on the website, and the preview says so.",
  "no-team-admin-on-namespaces": "A grant for a single repository (`dtr.RepositoryTeamAccess`) is not looked at.",
  "scan-on-push": "A repository that leaves out `scanOnPush` is a violation: then it stays as it is on the server, whatever that is.",
  "repositories-have-retention":
    "Registries without such a setting (`oci`, `registryui`, `selectel`) are cleaned up by the action and are not looked at. A policy of another stack is not seen: name its repository in `except`, as well as one with immutable tags that shall keep all of them.",
  "mirroring-verifies-tls": "An address without a scheme is taken as https, as the server does.",
  "no-force-delete-in-production":
    "A policy sees what is declared, not what is deleted: the input has to be gone before anything is destroyed.",
  "tags-name-digests":
    "`oci.Tag` itself refuses what is no digest; the rule also refuses one that comes from a resource that follows a tag. A digest that the program looked up by `oci.getManifest` cannot be told from one that is written there: functions leave no trace in what a policy gets.",
  "promotions-name-fixed-tags": "These resources copy what a tag points to at that moment, so the tag should be one that nobody moves.",
  "garbage-collection-is-rare":
    "Of `dtr.Cron` and `dtr.Job` those of the actions `gc`, `onlinegc` and `onlinegc_metadata`. A value of `triggers` counts as the time of this run when it is a time (without a zone: of UTC or of the local clock), or a number of seconds or milliseconds, at most two minutes away from now; other values that change at each run cannot be told.",
  "one-garbage-collection-per-registry":
    "A registry is told by `registryId`; where a server has one registry by its address, or by the provider if its configuration does not hold the address. Of `dtr.Job` those of the actions `gc` and `onlinegc`.",
  "owners-are-named": "Only these have a description that the API can set.",
};
