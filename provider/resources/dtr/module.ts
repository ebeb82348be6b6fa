import * as fs from "node:fs/promises";
import { connectDtr, type DtrClient, dtrOptionsFromEnv, dtrRoot } from "../../registries/dtr";
import type { Module, Settings } from "../declaration";
import { sharedClient } from "../settings";

/** All settings, by the names that the provider's arguments and the configuration keys share. */
export const SETTINGS = ["url", "username", "password", "token", "caFile"] as const;

/**
 * How resources of `dtr` reach their server. The address comes from the explicit provider, else from `dtr:url`, else from `DTR_URL`. User name
 * and password (or access token) come as one set from the first place that has any: the provider or the stack's configuration, then (without an
 * explicit provider) `DTR_USERNAME` and `DTR_PASSWORD` or `DTR_TOKEN`. The environment's are for the environment's address: where `DTR_URL` names
 * another server they are not used.
 */
export const dtr: Module<DtrClient> = {
  name: "dtr",
  server: ({ url }) => url,
  connect: (settings) => sharedClient("dtr", settings, SETTINGS, () => connect(settings)),
};

async function connect(settings: Settings): Promise<DtrClient> {
  const environment = settings.explicit ? {} : dtrOptionsFromEnv(settings.env);
  const url = settings.get("url") ?? environment.url;
  if (!url) {
    throw new Error(
      "DTR's address is missing: pass { provider: new dtr.Provider(…, { url }) }, or run `pulumi config set dtr:url https://dtr.example.com`, or set DTR_URL",
    );
  }
  const caFile = settings.get("caFile");
  const ca =
    caFile === undefined
      ? undefined
      : await fs.readFile(caFile, "utf8").catch((error: unknown) => {
          throw new Error(`dtr:caFile: ${error instanceof Error ? error.message : String(error)}`);
        });
  return connectDtr({
    url,
    ...(configured(settings) ?? ofEnvironment(environment, url)),
    ...(ca === undefined ? {} : { ca }),
    env: settings.env,
    ...(settings.clock && { clock: settings.clock }),
  });
}

interface Pair {
  readonly username: string;
  readonly password: string;
}

function configured(settings: Settings): Pair | undefined {
  const [password, token] = [settings.get("password"), settings.get("token")];
  if (password && token)
    throw new Error("dtr:password and dtr:token exclude each other: an access token works in place of the password; leave one out");
  return pairOf(settings.get("username"), password ?? token, "dtr:username", "dtr:password (or dtr:token)");
}

function ofEnvironment(environment: ReturnType<typeof dtrOptionsFromEnv>, url: string): Pair | undefined {
  if (environment.url && dtrRoot(environment.url) !== dtrRoot(url)) return undefined;
  return pairOf(environment.username, environment.password ?? environment.token, "DTR_USERNAME", "DTR_PASSWORD (or DTR_TOKEN)");
}

function pairOf(username: string | undefined, password: string | undefined, userKey: string, passwordKey: string): Pair | undefined {
  if (username && password) return { username, password };
  if (username || password)
    throw new Error(`${username ? passwordKey : userKey} is missing: a user name and its password or access token belong together`);
  return undefined;
}
