import path from "node:path";
import type { Connection, OpenOptions } from "../../provider/cleanup/connection";
import { dtrOptions, ociOptions, selectelClient, told } from "../../provider/cleanup/open-client";
import { spelt } from "../../provider/cleanup/policy/spelling";
import type { OciCredentials } from "../../provider/registries/oci";
import { dtrTokens, ociTokens, selectelTokens, type TokenMinter, withoutTokens } from "../../provider/tokens";
import type { Environment } from "../environment";

export interface OpenMinterOptions {
  readonly env: Environment;
  /** Hears credentials that come from Docker's own configuration. */
  readonly mask: (credentials: { readonly username?: string; readonly password?: string; readonly token?: string }) => void;
}

export type OpenMinter = (connection: Connection, options: OpenMinterOptions) => Promise<TokenMinter>;

/** Opens what mints tokens. Nothing is sent yet; `close` ends it. Throws ConnectionError. */
export async function openMinter(given: Connection, { env, mask }: OpenMinterOptions): Promise<TokenMinter> {
  const { caFile } = given;
  const workspace = path.resolve(env.GITHUB_WORKSPACE || ".");
  const connection = { ...given, ...(caFile !== undefined && { caFile: path.resolve(workspace, caFile) }) };
  const options: OpenOptions = { env, name: (setting) => spelt(setting, "kebab-case") };
  if (connection.type === "oci") {
    const oci = await ociOptions(connection, options);
    mask(maskable(oci.credentials));
    return told("registry", options, () => ociTokens(oci));
  }
  if (connection.type === "dtr") {
    const dtr = await dtrOptions(connection, options);
    mask({ username: dtr.username, password: dtr.password });
    return told("registry", options, () => dtrTokens(dtr));
  }
  if (connection.type === "registryui") throw withoutTokens(connection.type);
  const { client, http } = await selectelClient(connection, options);
  return selectelTokens({ client, http, ownsClient: true });
}

function maskable(credentials: OciCredentials): { readonly username?: string; readonly password?: string; readonly token?: string } {
  if (credentials === undefined) return {};
  if ("registryToken" in credentials) return { token: credentials.registryToken };
  return "identityToken" in credentials ? { token: credentials.identityToken } : credentials;
}
