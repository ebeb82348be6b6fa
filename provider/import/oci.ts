import { resolve } from "node:path";
import type { OciConnection, OpenOptions } from "../cleanup/connection";
import { ociOptions, told } from "../cleanup/open-client";
import { repositoryMatcher } from "../cleanup/policy/patterns";
import { isUnauthorized } from "../http";
import { connectOci, type OciClient, parseRepository } from "../registries/oci";
import { initialTag } from "../resources/oci/initial";
import { property } from "./lookup";
import type { Source } from "./source";
import type { Survey } from "./survey";

/** A plain registry: repositories and, where they are asked for, tags. */
export async function ociSource(connection: OciConnection, options: OpenOptions, include: readonly string[]): Promise<Source> {
  const given = await ociOptions(connection, options);
  const client = told("registry", options, () => connectOci(given));
  return {
    module: "oci",
    kinds: ["Repository", "Tag"],
    askedFor: ["Tag"],
    client,
    configuration: { "oci:url": client.url, ...(connection.caFile && { "oci:caFile": resolve(connection.caFile) }) },
    // Who asks a token server for what it does not grant gets a token without it, and then a 401.
    isWelcome: () =>
      client.ping().then(
        () => true,
        (error: unknown) => {
          if (isUnauthorized(error)) return false;
          throw error;
        },
      ),
    find: (survey) => find(client, include, survey),
    key: (kind, { name }) => (kind === "Repository" ? String(name) : undefined),
    references: { Tag: { repository: (value, _inputs, lookup) => property(lookup, "Repository", value, "name") } },
    close: async () => client.close(),
  };
}

async function find(client: OciClient, include: readonly string[], survey: Survey): Promise<void> {
  const names = await repositoriesOf(client, include, survey);
  for (const name of names) survey.add({ kind: "Repository", id: name, label: name, section: section(name), under: name });
  if (!survey.wants("Tag")) return;
  await survey.each(names, async (name) => {
    // The initial artifact's tag is a part of the repository's own resource.
    for (const tag of await survey.list(`tags of ${name}`, client.tags(parseRepository(name))))
      if (tag !== initialTag)
        survey.add({ kind: "Tag", id: `${name}:${tag}`, label: `${name}/${tag}`, section: section(name), under: name }, name);
  });
}

/** The catalog is no part of OCI: where every repository is named, it is not asked for. */
async function repositoriesOf(client: OciClient, include: readonly string[], survey: Survey): Promise<readonly string[]> {
  const matcher = include.length === 0 ? undefined : repositoryMatcher(include, "include");
  if (matcher && !matcher.needsCatalog) return matcher.literals;
  try {
    return (await Array.fromAsync(client.catalog())).filter((name) => survey.includes(name)).sort();
  } catch (error) {
    const why = await survey.reasonToSkip(error);
    if (why === undefined) throw error;
    throw new Error(
      `the registry's catalog cannot be read: ${why}. Name the repositories without wildcards (include: team/app), then it is not needed`,
      { cause: error },
    );
  }
}

const section = (name: string) => ({ rank: 0, title: name.includes("/") ? `${name.slice(0, name.indexOf("/"))}/` : "Repositories" });
