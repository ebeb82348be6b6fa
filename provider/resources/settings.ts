import type { Settings } from "./declaration";

/** What the dynamic-provider process hands to `configure`. */
export interface EngineConfig {
  get(key: string): string | undefined;
}

/** The key that tells an explicit provider of a module from the stack's configuration. */
export const explicitKey = (module: string): string => `${module}:explicit`;

const MODULES = ["oci", "selectel", "dtr", "registryui"] as const;

/**
 * The settings of one module out of what the engine gives: the inputs of an explicit provider, else the whole stack configuration.
 * Throws where a resource was given another module's provider.
 */
export function settingsOf(module: string, config: EngineConfig, env: Settings["env"]): Settings {
  const explicit = config.get(explicitKey(module)) !== undefined;
  const other = MODULES.find((name) => name !== module && config.get(explicitKey(name)) !== undefined);
  if (!explicit && other) {
    throw new Error(
      `a resource of ${module} was given a provider of ${other}: pass an instance of ${module}.Provider as { provider }, or none`,
    );
  }
  return { get: (key) => config.get(`${module}:${key}`) || undefined, explicit, env };
}

const clients = new WeakMap<Settings["env"], Map<string, Promise<unknown>>>();

/**
 * One client for all resource types of a process that share a configuration, so that they share connections and tokens as well.
 * `keys` are the settings that make two configurations different.
 */
export function sharedClient<Client>(
  module: string,
  settings: Settings,
  keys: readonly string[],
  connect: () => Promise<Client>,
): Promise<Client> {
  const identity = JSON.stringify([module, settings.explicit, ...keys.map((key) => settings.get(key) ?? null)]);
  const here = clients.get(settings.env) ?? new Map<string, Promise<unknown>>();
  clients.set(settings.env, here);
  const known = here.get(identity);
  if (known) return known as Promise<Client>; // stored below under the same module
  const client = connect();
  here.set(identity, client);
  client.catch(() => here.delete(identity)); // the next resource tries again, and its user gets the error as well
  return client;
}
