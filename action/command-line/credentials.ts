import { withScheme } from "../../provider/http/origin";
import { dtrOptionsFromEnv } from "../../provider/registries/dtr/env";
import { registryUiOptionsFromEnv } from "../../provider/registries/registryui/env";
import type { ConnectionInput } from "../connection-inputs";
import type { Environment } from "../environment";
import type { GivenSecret } from "./secret-input";
import { selectelInputs } from "./selectel-credentials";
import { UsageError } from "./usage-error";

export type ConnectionGiven = Readonly<Partial<Record<ConnectionInput, string>>>;

/** What a module's own variables say. */
interface Known {
  readonly url?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
}

/**
 * The inputs of the connection: what is given as options, and the rest from the environment. Credentials come as one set from the first place
 * that has a secret; those of a module's own variables are for the address that its `_URL` names. Throws UsageError for half a set.
 */
export function connectionWith(given: ConnectionGiven, secret: GivenSecret, env: Environment): ConnectionGiven {
  const said = chosen(secret, env);
  const username = given.username ?? (env.REGISTRY_USERNAME || undefined);
  const type = given.type ?? "oci";
  if (type === "selectel") return selectelInputs(given, { username, ...said }, env);
  const known = ofModule(type, env);
  const registry = given.registry ?? known.url;
  const own = known.url === undefined || registry === undefined || isSame(known.url, registry) ? known : {};
  const isOther = username !== undefined && own.username !== undefined && username !== own.username;
  const found = said ?? (isOther ? undefined : secretOf(own));
  const user = username ?? own.username;
  // A token of `oci` stands alone: a name that the environment happens to have is no part of it.
  const alone = type === "oci" && found?.token !== undefined && given.username === undefined;
  if (user !== undefined && found === undefined) throw new UsageError([withoutSecret(type, user, given.username !== undefined)]);
  return { ...given, ...(registry && { registry }), ...(user !== undefined && !alone && { username: user }), ...found };
}

/** The secret that somebody has meant for this command. */
function chosen(secret: GivenSecret, { REGISTRY_PASSWORD: password, REGISTRY_TOKEN: token }: Environment): GivenSecret | undefined {
  if (secret.password !== undefined || secret.token !== undefined) return secret;
  if (password && token) throw new UsageError(["REGISTRY_PASSWORD and REGISTRY_TOKEN are both set: unset one of them."]);
  return secretOf({ password, token });
}

function secretOf({ password, token }: Known): GivenSecret | undefined {
  if (token) return { token };
  return password ? { password } : undefined;
}

function ofModule(type: string, env: Environment): Known {
  if (type === "dtr") return dtrOptionsFromEnv(env);
  if (type === "registryui") return registryUiOptionsFromEnv(env);
  if (type !== "oci") return {};
  const { OCI_REGISTRY_URL: url, OCI_REGISTRY_USERNAME: username, OCI_REGISTRY_PASSWORD: password, OCI_REGISTRY_TOKEN: token } = env;
  return { url: url || undefined, username: username || undefined, password: password || undefined, token: token || undefined };
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [withScheme(one), withScheme(other)];
  return URL.canParse(a) && URL.canParse(b) && new URL(a).origin === new URL(b).origin;
}

function withoutSecret(type: string, user: string, isOption: boolean): string {
  const what = type === "registryui" ? "token" : "password";
  const where = isOption ? `--username ${user}` : `The user ${user} of the environment`;
  const variables = { dtr: "DTR_PASSWORD or DTR_TOKEN", registryui: "REGISTRYUI_TOKEN" }[type] ?? "OCI_REGISTRY_PASSWORD";
  const access = type === "dtr" ? " (an access token: --token-stdin)" : "";
  return `${where} has no ${what}. Pipe it in with --${what}-stdin${access}, or set REGISTRY_${what.toUpperCase()} or ${variables}.`;
}
