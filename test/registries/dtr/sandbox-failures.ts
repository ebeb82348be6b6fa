import { all } from "./rows";
import { refusals } from "./sandbox-refusals";
import { app, second, target, type World } from "./sandbox-world";

/** What a predicate says: one of them is true, or none. */
export type Meaning = "gone" | "existing" | "invalid" | "inNotary" | "notAuthorized" | "none";

/** A call that the sandbox refuses, and what that means: where the server says a code, and where it says only a status. */
export interface Failure {
  readonly name: string;
  readonly status: number;
  readonly code: string;
  readonly coded: Meaning;
  readonly codeless: Meaning;
  readonly arrange?: (world: World) => unknown;
  readonly call: (world: World) => Promise<unknown>;
}

const id = "00000000-0000-4000-8000-00000000ffff";
/** A 404 about the very thing: it is gone, whether or not a code says so. */
const missing: readonly Failure[] = (
  [
    ["repositories.get", "NO_SUCH_REPOSITORY", ({ client }) => client.repositories.get({ namespace: "team", repository: "none" })],
    [
      "repositories.update",
      "NO_SUCH_REPOSITORY",
      ({ client }) => client.repositories.update({ namespace: "team", repository: "none", immutableTags: true }),
    ],
    ["repositories.listInNamespace", "NO_SUCH_ACCOUNT", ({ client }) => all(client.repositories.listInNamespace({ namespace: "none" }))],
    [
      "repositoryNamespaces.getTeamAccess",
      "NO_SUCH_NAMESPACE_TEAM_ACCESS",
      ({ client }) => client.repositoryNamespaces.getTeamAccess({ namespace: "team", team: "readers" }),
    ],
    ["tags.list", "NO_SUCH_REPOSITORY", ({ client }) => all(client.tags.list({ namespace: "team", repository: "none" }))],
    ["tags.get", "NO_SUCH_REF", ({ client }) => client.tags.get({ ...app, reference: "none" })],
    ["tags.delete", "NO_SUCH_TAG", ({ client }) => client.tags.delete({ ...app, tag: "none" })],
    ["manifests.delete", "NO_SUCH_REF", ({ client }) => client.manifests.delete({ ...target, reference: second.digest })],
    ["promotionPolicies.get", "NO_SUCH_PROMOTION_POLICY", ({ client }) => client.promotionPolicies.get({ ...app, id })],
    ["pruningPolicies.get", "NO_SUCH_PRUNING_POLICY", ({ client }) => client.pruningPolicies.get({ ...app, id })],
    ["pollMirroringPolicies.get", "NO_SUCH_POLL_MIRRORING_POLICY", ({ client }) => client.pollMirroringPolicies.get({ ...app, id })],
    ["pushMirroringPolicies.get", "NO_SUCH_PUSH_MIRRORING_POLICY", ({ client }) => client.pushMirroringPolicies.get({ ...app, id })],
    ["accounts.getSettings", "NO_SUCH_USER", ({ client }) => client.accounts.getSettings({ username: "none" })],
    [
      "accounts.teamRepositoryAccess",
      "NO_SUCH_TEAM",
      ({ client }) => all(client.accounts.teamRepositoryAccess({ organization: "team", team: "none" })),
    ],
    ["apiTokens.get", "NO_SUCH_API_TOKEN", ({ client }) => client.apiTokens.get({ hashedToken: "none" })],
    ["apiTokens.delete", "NO_SUCH_API_TOKEN", ({ client }) => client.apiTokens.delete({ hashedToken: "none" })],
    ["webhooks.delete", "NO_SUCH_WEBHOOK", ({ client }) => client.webhooks.delete({ id: "none" })],
    ["crons.get", "NO_SUCH_CRON", ({ client }) => client.crons.get({ action: "gc" })],
    ["actionConfigs.get", "NO_SUCH_ACTION_CONFIG", ({ client }) => client.actionConfigs.get({ action: "gc" })],
    ["jobs.get", "NO_SUCH_JOB", ({ client }) => client.jobs.get({ id })],
    ["jobs.logs", "NO_SUCH_JOB", ({ client }) => client.jobs.logs({ id })],
    ["contentCaches.get", "NO_SUCH_CONTENT_CACHE", ({ client }) => client.contentCaches.get({ id })],
    ["imageScan.byLayer", "NO_SUCH_LAYER", ({ client }) => all(client.imageScan.byLayer({ layerid: "none" }))],
    ["imageScan.deleteOverride", "NO_SUCH_LAYER", ({ client }) => client.imageScan.deleteOverride({ id })],
    ["imageScan.summary", "NO_SUCH_REF", ({ client }) => client.imageScan.summary({ ...app, reference: "none" })],
    ["imageScan.legacySummary", "NO_SUCH_TAG", ({ client }) => client.imageScan.legacySummary({ ...app, tag: "none" })],
    ["enzi.accounts.get", "NO_SUCH_ACCOUNT", ({ client }) => client.enzi.accounts.get({ name: "none" })],
    ["enzi.accounts.delete", "NO_SUCH_ACCOUNT", ({ client }) => client.enzi.accounts.delete({ name: "none" })],
    ["enzi.teams.get", "NO_SUCH_TEAM", ({ client }) => client.enzi.teams.get({ organization: "team", team: "none" })],
    ["enzi.members.get", "NO_SUCH_MEMBER", ({ client }) => client.enzi.members.get({ organization: "team", user: "stranger" })],
  ] as const satisfies readonly (readonly [string, string, Failure["call"]])[]
).map(([name, code, call]) => ({ name, status: 404, code, coded: "gone", codeless: "gone", call }));

/** Which of them the 404 without a code is about nobody can tell. */
const unsure: readonly Failure[] = [
  {
    name: "repositories.create in no account",
    status: 404,
    code: "NO_SUCH_ACCOUNT",
    coded: "gone",
    codeless: "none",
    call: ({ client }) => client.repositories.create({ namespace: "none", name: "x" }),
  },
  {
    name: "repositories.setTeamAccess for no team",
    status: 404,
    code: "NO_SUCH_TEAM",
    coded: "gone",
    codeless: "none",
    call: ({ client }) => client.repositories.setTeamAccess({ ...app, team: "none", accessLevel: "admin" }),
  },
  {
    name: "pruningPolicies.update of none",
    status: 404,
    code: "NO_SUCH_PRUNING_POLICY",
    coded: "gone",
    codeless: "none",
    call: ({ client }) => client.pruningPolicies.update({ ...app, id, enabled: true }),
  },
  {
    name: "jobs.cancel of none",
    status: 404,
    code: "NO_SUCH_JOB",
    coded: "gone",
    codeless: "none",
    call: ({ client }) => client.jobs.cancel({ id }),
  },
];

export const failures: readonly Failure[] = [...missing, ...unsure, ...refusals];
