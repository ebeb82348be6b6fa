import type { OpenOptions, SelectelConnection } from "../cleanup/connection";
import { selectelClient } from "../cleanup/open-client";
import { withScheme } from "../http";
import type { Registry, SelectelClient } from "../registries/selectel";
import { property } from "./lookup";
import type { Source } from "./source";
import type { Survey } from "./survey";

const TOKENS =
  "The service tells a token's secret only when it makes it: `token` and `dockerConfigJson` of these are empty until they are rotated (rotationTriggers).";

/** Selectel's Container Registry: registries, their repositories, named tokens. */
export async function selectelSource(connection: SelectelConnection, options: OpenOptions): Promise<Source> {
  const { client } = await selectelClient(connection, options);
  return {
    module: "selectel",
    kinds: ["Registry", "Repository", "Token"],
    askedFor: [],
    client,
    configuration: {
      ...(connection.registry && { "selectel:registryUrl": client.registryUrl }),
      // The resources take the public service's API where none is named; the import took that of the registry.
      ...(connection.apiUrl
        ? { "selectel:apiUrl": withScheme(connection.apiUrl) }
        : connection.registry && { "selectel:apiUrl": `${client.registryUrl}/api` }),
      ...(connection.authUrl && { "selectel:authUrl": withScheme(connection.authUrl) }),
    },
    find: (survey) => find(client, survey),
    key: (kind, _inputs, id) => (kind === "Registry" ? id : undefined),
    references: {
      Repository: { registryId: (value, _inputs, lookup) => property(lookup, "Registry", value, "id") },
      Token: {
        registries: (value, _inputs, lookup) =>
          Array.isArray(value) ? value.map((id: unknown) => property(lookup, "Registry", id, "id") ?? id) : undefined,
      },
    },
    close: () => client.close(),
  };
}

async function find(client: SelectelClient, survey: Survey): Promise<void> {
  const { signal } = survey;
  if (survey.wants("Registry", "Repository")) {
    const registries = await survey.list("registries", client.v1.registries.list({}, { signal }));
    for (const { id, name } of registries) survey.add({ kind: "Registry", id, label: name, section: sectionOf(name) });
    if (survey.wants("Repository")) await survey.each(registries, (registry) => repositoriesOf(client, registry, survey));
  }
  if (survey.wants("Token")) {
    const section = { rank: 1, title: "Tokens", remark: TOKENS };
    for (const { id, name, status } of await survey.list("tokens", client.v2.tokens.list({}, { signal }))) {
      const label = name || id;
      if (!survey.includes(label)) continue;
      if (status !== "active") survey.skip(`Token ${label} (${id})`, `it is ${status}`);
      else survey.add({ kind: "Token", id, label, section });
    }
  }
}

async function repositoriesOf(client: SelectelClient, { id, name: registry }: Registry, survey: Survey): Promise<void> {
  const { signal } = survey;
  for (const { name } of await survey.list(`repositories of ${registry}`, client.v1.repositories.list({ id }, { signal }))) {
    const label = `${registry}/${name}`;
    survey.add({ kind: "Repository", id: `${id}/${name}`, label, section: sectionOf(registry), under: name });
  }
}

const sectionOf = (name: string) => ({ rank: 0, title: `Registry ${name}` });
