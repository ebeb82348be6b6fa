import { resolve } from "node:path";
import type { OpenOptions, RegistryUiConnection } from "../cleanup/connection";
import { registryUiClient } from "../cleanup/open-client";
import type { RegistryUiClient } from "../registries/registryui";
import type { Source } from "./source";
import type { Survey } from "./survey";

/** A RegistryUI: projects. A repository that was pushed and has no project is none. */
export async function registryUiSource(connection: RegistryUiConnection, options: OpenOptions): Promise<Source> {
  const client = await registryUiClient(connection, options);
  return {
    module: "registryui",
    kinds: ["Project"],
    askedFor: [],
    client,
    configuration: { "registryui:url": client.url, ...(connection.caFile && { "registryui:caFile": resolve(connection.caFile) }) },
    find: (survey) => find(client, survey),
    key: () => undefined,
    references: {},
    close: () => client.close(),
  };
}

async function find(client: RegistryUiClient, survey: Survey): Promise<void> {
  const entries = await Array.fromAsync(client.repositories.list({}, { signal: survey.signal }));
  for (const { fullPath: name, isProject } of entries) {
    if (!survey.includes(name)) continue;
    if (isProject === false) {
      survey.skip(`Project ${name}`, "it was pushed and has no project: create one on the website, or declare a registryui.Project");
      continue;
    }
    const title = name.includes("/") ? `${name.slice(0, name.indexOf("/"))}/` : "Projects";
    survey.add({ kind: "Project", id: name, label: name, section: { rank: 0, title }, under: name });
  }
}
