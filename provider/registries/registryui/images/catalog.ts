import { RegistryError } from "../../../http";
import type { RegistryUiClient } from "../client";

/**
 * What the user may read. An empty list may mean "no permission", so it is believed only if the registry's own catalog is empty, too.
 * Throws where that cannot be told.
 */
export async function readCatalog(client: RegistryUiClient, signal: AbortSignal | undefined): Promise<string[]> {
  const names: string[] = [];
  for await (const { fullPath } of client.repositories.list({}, { ...(signal && { signal }) })) names.push(fullPath);
  if (names.length === 0) await expectNothing(client);
  return names;
}

async function expectNothing({ oci, username, url }: RegistryUiClient): Promise<void> {
  const who = username === undefined ? "anonymous users" : `the user ${username}`;
  const hint = "Give the user rights to read the repositories (projects) that are meant, or take an administrator's token.";
  try {
    for await (const name of oci.catalog()) {
      throw new Error(`RegistryUI at ${url} shows no repository to ${who}, but its registry has some, such as ${name}. ${hint}`);
    }
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new Error(
      `RegistryUI at ${url} shows no repository to ${who}, and nobody says whether there is none: ${error.message}. ${hint}`,
      {
        cause: error,
      },
    );
  }
}
