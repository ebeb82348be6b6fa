import * as fs from "node:fs/promises";
import { connectOci, dockerCredentials, type OciClient, type OciCredentials } from "../../registries/oci";
import type { Module, Settings } from "../declaration";
import { sharedClient } from "../settings";

/** All settings, by the names that the provider's arguments and the configuration keys share. */
export const SETTINGS = ["url", "username", "password", "token", "caFile", "dockerConfig"] as const;

/**
 * How resources of `oci` reach their registry. The address comes from the explicit provider, else from `oci:url`, else from `OCI_REGISTRY_URL`.
 * Credentials come as one set from the first place that has any: the provider or the stack's configuration, then (without an explicit provider)
 * `OCI_REGISTRY_USERNAME` and `OCI_REGISTRY_PASSWORD` or `OCI_REGISTRY_TOKEN`, then Docker's `config.json` with its credential helpers.
 * The environment's credentials are for the environment's address: where `OCI_REGISTRY_URL` names another registry they are not used.
 */
export const oci: Module<OciClient> = {
  name: "oci",
  server: ({ url }) => url,
  connect: (settings) => sharedClient("oci", settings, SETTINGS, () => connect(settings)),
};

async function connect(settings: Settings): Promise<OciClient> {
  const { env } = settings;
  const url = settings.get("url") ?? (settings.explicit ? undefined : env.OCI_REGISTRY_URL);
  if (!url) {
    throw new Error(
      "the registry's address is missing: pass { provider: new oci.Provider(…, { url }) }, or run `pulumi config set oci:url https://registry.example.com`, or set OCI_REGISTRY_URL",
    );
  }
  const caFile = settings.get("caFile");
  const ca =
    caFile === undefined
      ? undefined
      : await fs.readFile(caFile, "utf8").catch((error: unknown) => {
          throw new Error(`oci:caFile: ${error instanceof Error ? error.message : String(error)}`);
        });
  const given = ofSettings(settings) ?? (settings.explicit ? undefined : ofEnvironment(env, url));
  const credentials =
    given ??
    (await dockerCredentials(url, { ...(settings.get("dockerConfig") === undefined ? {} : { path: settings.get("dockerConfig") }), env }));
  return connectOci({
    url,
    ...(credentials ? { credentials } : {}),
    ...(ca === undefined ? {} : { ca }),
    env,
    ...(settings.clock && { clock: settings.clock }),
  });
}

function ofSettings(settings: Settings): OciCredentials | undefined {
  return credentialsOf(settings.get("username"), settings.get("password"), settings.get("token"), "oci:username", "oci:password");
}

function ofEnvironment(env: Settings["env"], url: string): OciCredentials | undefined {
  if (env.OCI_REGISTRY_URL && new URL(env.OCI_REGISTRY_URL).origin !== new URL(url).origin) return undefined;
  return credentialsOf(
    env.OCI_REGISTRY_USERNAME,
    env.OCI_REGISTRY_PASSWORD,
    env.OCI_REGISTRY_TOKEN,
    "OCI_REGISTRY_USERNAME",
    "OCI_REGISTRY_PASSWORD",
  );
}

function credentialsOf(
  username: string | undefined,
  password: string | undefined,
  token: string | undefined,
  userKey: string,
  passwordKey: string,
): OciCredentials | undefined {
  if (token) return { registryToken: token };
  if (username && password) return { username, password };
  if (username || password) throw new Error(`${username ? passwordKey : userKey} is missing: a user name and a password belong together`);
  return undefined;
}
