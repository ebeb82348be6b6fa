/** What the environment says: options for `connectRegistryUi`, as far as they are there. */
export interface RegistryUiEnvironment {
  readonly url?: string;
  readonly username?: string;
  readonly token?: string;
}

const names = { url: ["REGISTRYUI_URL"], username: ["REGISTRYUI_USERNAME"], token: ["REGISTRYUI_TOKEN"] } as const;

/** Reads `REGISTRYUI_URL`, `REGISTRYUI_USERNAME` and `REGISTRYUI_TOKEN`; empty ones count as unset. */
export function registryUiOptionsFromEnv(env: Readonly<Record<string, string | undefined>>): RegistryUiEnvironment {
  const found = Object.entries(names).flatMap(([option, variables]) => {
    const value = variables.map((name) => env[name]).find((text) => text);
    return value ? [[option, value]] : [];
  });
  return Object.fromEntries(found);
}
