import * as fs from "node:fs/promises";
import { dockerCredentials } from "../../registries/oci";
import { connectRegistryUi, type RegistryUiClient, registryUiOptionsFromEnv, registryUiRoot } from "../../registries/registryui";
import type { Module, Settings } from "../declaration";
import { sharedClient } from "../settings";

/** All settings, by the names that the provider's arguments and the configuration keys share. */
export const SETTINGS = ["url", "username", "token", "caFile", "dockerConfig"] as const;

/**
 * How resources of `registryui` reach their server. The address comes from the explicit provider, else from `registryui:url`, else from
 * `REGISTRYUI_URL`. User name and token come as one set from the first place that has any: the provider or the stack's configuration, then
 * (without an explicit provider) `REGISTRYUI_USERNAME` and `REGISTRYUI_TOKEN`, then Docker's `config.json`, for RegistryUI takes the user's token
 * there as well. The environment's are for the environment's address: where `REGISTRYUI_URL` names another server they are not used.
 */
export const registryui: Module<RegistryUiClient> = {
  name: "registryui",
  server: ({ url }) => url,
  connect: (settings) => sharedClient("registryui", settings, SETTINGS, () => connect(settings)),
};

async function connect(settings: Settings): Promise<RegistryUiClient> {
  const environment = settings.explicit ? {} : registryUiOptionsFromEnv(settings.env);
  const url = settings.get("url") ?? environment.url;
  if (!url) {
    throw new Error(
      "RegistryUI's address is missing: pass { provider: new registryui.Provider(…, { url }) }, or run `pulumi config set registryui:url https://registry.example.com`, or set REGISTRYUI_URL",
    );
  }
  const caFile = settings.get("caFile");
  const ca =
    caFile === undefined
      ? undefined
      : await fs.readFile(caFile, "utf8").catch((error: unknown) => {
          throw new Error(`registryui:caFile: ${error instanceof Error ? error.message : String(error)}`);
        });
  const configured = pairOf(settings.get("username"), settings.get("token"), "registryui:username", "registryui:token");
  const credentials = configured ?? ofEnvironment(environment, url) ?? (await ofDocker(settings, url));
  return connectRegistryUi({
    url,
    ...credentials,
    ...(ca === undefined ? {} : { ca }),
    env: settings.env,
    ...(settings.clock && { clock: settings.clock }),
  });
}

interface Pair {
  readonly username: string;
  readonly token: string;
}

function ofEnvironment(environment: ReturnType<typeof registryUiOptionsFromEnv>, url: string): Pair | undefined {
  if (environment.url && registryUiRoot(environment.url) !== registryUiRoot(url)) return undefined;
  return pairOf(environment.username, environment.token, "REGISTRYUI_USERNAME", "REGISTRYUI_TOKEN");
}

/** What `docker login` stored: the same user name and token. */
async function ofDocker(settings: Settings, url: string): Promise<Pair | undefined> {
  const path = settings.get("dockerConfig");
  const found = await dockerCredentials(registryUiRoot(url), { ...(path === undefined ? {} : { path }), env: settings.env });
  return found && "username" in found ? { username: found.username, token: found.password } : undefined;
}

function pairOf(username: string | undefined, token: string | undefined, userKey: string, tokenKey: string): Pair | undefined {
  if (username && token) return { username, token };
  if (username || token) throw new Error(`${username ? tokenKey : userKey} is missing: a user name and its token belong together`);
  return undefined;
}
