import type { Registry, SelectelClient } from "../../registries/selectel";

/** The registry of exactly this name in the provider's project. */
export async function registryByName(
  { client, signal }: { client: SelectelClient; signal?: AbortSignal },
  name: string,
): Promise<Registry | undefined> {
  for await (const registry of client.v1.registries.list({ search: name }, { signal })) if (registry.name === name) return registry;
  return undefined;
}
