import { resolve } from "node:path";
import type { DtrConnection, OpenOptions } from "../../cleanup/connection";
import { dtrOptions, told } from "../../cleanup/open-client";
import { connectDtr, type DtrClient } from "../../registries/dtr";
import type { Source } from "../source";
import type { Survey } from "../survey";
import { findAccounts } from "./accounts";
import { adjust, remark } from "./adjust";
import { after, keyOf, references } from "./references";
import { findRepositories } from "./repositories";
import { findServerThings } from "./server";
import { findWebhooks } from "./webhooks";

/** In the order in which they stand in a section. */
const kinds = [
  "ContentCache",
  "User",
  "UserSettings",
  "Organization",
  "OrganizationMember",
  "Team",
  "TeamMember",
  "NamespaceTeamAccess",
  "Repository",
  "RepositoryTeamAccess",
  "PruningPolicy",
  "PollMirroringPolicy",
  "PushMirroringPolicy",
  "PromotionPolicy",
  "Webhook",
  "ApiToken",
  "Cron",
  "ActionConfig",
  "WorkerCapacity",
  "VulnerabilityOverride",
  "Settings",
];

/** A Docker Trusted Registry or Mirantis Secure Registry: everything but what runs once. */
export async function dtrSource(connection: DtrConnection, options: OpenOptions): Promise<Source> {
  const given = await dtrOptions(connection, options);
  const client = told("registry", options, () => connectDtr(given));
  return {
    module: "dtr",
    kinds,
    askedFor: ["Settings"],
    client,
    configuration: { "dtr:url": client.url, ...(connection.caFile && { "dtr:caFile": resolve(connection.caFile) }) },
    find: (survey) => find(client, survey),
    key: keyOf,
    references,
    adjust,
    after,
    remark,
    close: () => client.close(),
  };
}

async function find(client: DtrClient, survey: Survey): Promise<void> {
  // First what everybody may list: wrong credentials end the import here.
  const repositories = await Array.fromAsync(client.repositories.list({}, { signal: survey.signal }));
  const accounts = await findAccounts(client, survey, repositories);
  await findRepositories(client, survey, { repositories, teams: accounts.teams });
  await findWebhooks(client, survey, { repositories, ...accounts });
  await findServerThings(client, survey, accounts.users);
}
