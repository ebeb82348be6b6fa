import { all } from "./rows";
import type { Failure, Meaning } from "./sandbox-failures";
import { app, second, type World } from "./sandbox-world";

const id = "00000000-0000-4000-8000-00000000ffff";
const rules = [{ field: "tag", operator: "zzz", values: ["x"] }];
const mirror = ({ url }: World) => ({ ...app, remoteHost: url, remoteRepository: "team/target", enabled: false });

const atOnce: readonly Failure[] = (
  [
    // What the API documents as 404 for a bad policy.
    [
      "pruningPolicies.create of an unknown operator",
      404,
      "INVALID_PRUNING_POLICY",
      "invalid",
      "none",
      ({ client }) => client.pruningPolicies.create({ ...app, rules, enabled: true }),
    ],
    [
      "pruningPolicies.test of an unknown operator",
      404,
      "INVALID_PRUNING_POLICY",
      "invalid",
      "none",
      ({ client }) => all(client.pruningPolicies.test({ ...app, rules })),
    ],
    [
      "pushMirroringPolicies.create of an unknown operator",
      404,
      "INVALID_PUSH_MIRRORING_POLICY",
      "invalid",
      "none",
      (world) => world.client.pushMirroringPolicies.create({ ...mirror(world), rules }),
    ],
    [
      "promotionPolicies.create into itself",
      400,
      "INVALID_PROMOTION_POLICY",
      "invalid",
      "invalid",
      ({ client }) => client.promotionPolicies.create({ ...app, targetRepository: "team/app", rules: [], enabled: true }),
    ],
    [
      "repositories.create of a bad name",
      400,
      "INVALID_REPOSITORY_NAME",
      "invalid",
      "invalid",
      ({ client }) => client.repositories.create({ namespace: "team", name: "No" }),
    ],
    [
      "repositories.create of what there is",
      400,
      "REPOSITORY_EXISTS",
      "existing",
      "invalid",
      ({ client }) => client.repositories.create({ namespace: "team", name: "app" }),
    ],
    [
      "enzi.accounts.create of what there is",
      409,
      "ACCOUNT_EXISTS",
      "existing",
      "existing",
      ({ client }) => client.enzi.accounts.create({ name: "team", isOrg: true }),
    ],
    [
      "enzi.teams.create of what there is",
      409,
      "TEAM_EXISTS",
      "existing",
      "existing",
      ({ client }) => client.enzi.teams.create({ organization: "team", name: "readers" }),
    ],
    [
      "tags.promote to a bad name",
      400,
      "INVALID_TAG_NAME",
      "invalid",
      "invalid",
      ({ client }) => client.tags.promote({ ...app, tag: "v1", targetRepository: "team/target", targetTag: "-" }),
    ],
    [
      "manifests.delete of a tag",
      400,
      "INVALID_DIGEST",
      "invalid",
      "invalid",
      ({ client }) => client.manifests.delete({ ...app, reference: "v1" }),
    ],
    [
      "accounts.updateSettings to no cache",
      400,
      "INVALID_USER_SETTINGS",
      "invalid",
      "invalid",
      ({ client }) => client.accounts.updateSettings({ username: "dev", contentCacheUUID: id }),
    ],
    [
      "meta.updateSettings below zero",
      400,
      "INVALID_SETTINGS",
      "invalid",
      "invalid",
      ({ client }) => client.meta.updateSettings({ jobHistoryToKeep: -1 }),
    ],
    [
      "events.list of no user",
      400,
      "INVALID_PARAMETERS",
      "invalid",
      "invalid",
      ({ client }) => all(client.events.list({ actorId: "none" })),
    ],
    [
      "webhooks.create of no type",
      400,
      "INVALID_JSON",
      "invalid",
      "invalid",
      ({ client, receiver }) => client.webhooks.create({ type: "NONE", key: "team/app", endpoint: receiver }),
    ],
    [
      "repositoryNamespaces.listTeamAccess of a user",
      400,
      "INVALID_PARAMETERS",
      "invalid",
      "invalid",
      ({ client }) => all(client.repositoryNamespaces.listTeamAccess({ namespace: "dev" })),
    ],
    // Neither wrong nor missing: the other side does not want.
    [
      "remote.checkRegistry without a login",
      400,
      "REMOTE_REGISTRY_INVALID_PERMISSIONS",
      "none",
      "invalid",
      ({ client, url }) => client.remote.checkRegistry({ remoteHost: url, remoteRepository: "team/app" }),
    ],
    [
      "pollMirroringPolicies.create without a login",
      400,
      "REMOTE_REGISTRY_INVALID_PERMISSIONS",
      "none",
      "invalid",
      (world) => world.client.pollMirroringPolicies.create({ ...mirror(world), username: "dev", password: "wrong" }),
    ],
    [
      "repositories.get by a wrong password",
      401,
      "NOT_AUTHENTICATED",
      "notAuthorized",
      "notAuthorized",
      ({ as }) => as({ username: "dev", password: "wrong" }).repositories.get(app),
    ],
    [
      "repositories.update by a reader",
      403,
      "NOT_AUTHORIZED",
      "notAuthorized",
      "notAuthorized",
      ({ as }) => as({ username: "reader", password: "reader-password" }).repositories.update({ ...app, immutableTags: true }),
    ],
    [
      "meta.getSettings by a user",
      403,
      "NOT_AUTHORIZED",
      "notAuthorized",
      "notAuthorized",
      ({ as }) => as({ username: "owner", password: "owner-password" }).meta.getSettings(),
    ],
  ] as const satisfies readonly (readonly [string, number, string, Meaning, Meaning, Failure["call"]])[]
).map(([name, status, code, coded, codeless, call]) => ({ name, status, code, coded, codeless, call }));

const stateful: readonly Failure[] = [
  {
    name: "pruningPolicies.update to an unknown operator",
    status: 404,
    code: "INVALID_PRUNING_POLICY",
    coded: "invalid",
    codeless: "none",
    arrange: ({ client }) => client.pruningPolicies.create({ ...app, rules: [], enabled: false }),
    call: ({ client, state }) => {
      const [policy = ""] = state.repository("team/app").pruningPolicies.keys();
      return client.pruningPolicies.update({ ...app, id: policy, rules });
    },
  },
  // Without a code nobody says that it is about signatures.
  {
    name: "tags.delete of a signed one",
    status: 409,
    code: "TAG_IN_NOTARY",
    coded: "inNotary",
    codeless: "none",
    arrange: ({ state }) => state.sign("team/app", "v1"),
    call: ({ client }) => client.tags.delete({ ...app, tag: "v1" }),
  },
  {
    name: "repositories.delete with a signed tag",
    status: 405,
    code: "REPOSITORY_CONTAINS_TAGS_IN_NOTARY",
    coded: "inNotary",
    codeless: "none",
    arrange: ({ state }) => state.sign("team/app", "v1"),
    call: ({ client }) => client.repositories.delete(app),
  },
  {
    name: "accounts.delete with a signed tag",
    status: 405,
    code: "REPOSITORY_CONTAINS_TAGS_IN_NOTARY",
    coded: "inNotary",
    codeless: "none",
    arrange: ({ state }) => state.sign("team/app", "v1"),
    call: ({ client }) => client.accounts.delete({ namespace: "team" }),
  },
  {
    name: "manifests.delete where it is gone",
    status: 405,
    code: "NOT_ALLOWED",
    coded: "none",
    codeless: "none",
    arrange: ({ state }) => Object.assign(state.switches, { deprecated: "gone" }),
    call: ({ client }) => client.manifests.delete({ ...app, reference: second.digest }),
  },
  {
    name: "accounts.deleteRepositories where it is gone",
    status: 405,
    code: "NOT_ALLOWED",
    coded: "none",
    codeless: "none",
    arrange: ({ state }) => Object.assign(state.switches, { deprecated: "gone" }),
    call: ({ client }) => client.accounts.deleteRepositories({ namespace: "team" }),
  },
  {
    name: "imageScan.scan while scanning is off",
    status: 400,
    code: "SCANNING_NOT_ENABLED",
    coded: "none",
    codeless: "invalid",
    arrange: ({ client }) => client.meta.updateSettings({ scanningEnabled: false }),
    call: ({ client }) => client.imageScan.scan({ ...app, tag: "v1", os: "linux", arch: "amd64" }),
  },
  {
    name: "imageScan.updateDatabase too early",
    status: 400,
    code: "SCANNING_DB_NOT_READY",
    coded: "none",
    codeless: "invalid",
    arrange: ({ state }) => Object.assign(state.switches, { scanDatabase: "filling" }),
    call: ({ client }) => client.imageScan.updateDatabase({ online: true }),
  },
  {
    name: "tags.promote over an immutable one",
    status: 400,
    code: "INVALID_TAG_NAME",
    coded: "invalid",
    codeless: "invalid",
    arrange: ({ client }) => client.repositories.update({ ...app, immutableTags: true }),
    call: ({ client }) => client.tags.promote({ ...app, tag: "v1", targetRepository: "team/app", targetTag: "v2" }),
  },
];

/** What the sandbox does not do, where nothing is missing. */
export const refusals: readonly Failure[] = [...atOnce, ...stateful];
