import type { SelectelAuth } from "../../provider/registries/selectel/auth";
import { selectelOptionsFromEnv } from "../../provider/registries/selectel/env";
import type { Environment } from "../environment";
import type { ConnectionGiven } from "./credentials";
import type { GivenSecret } from "./secret-input";
import { UsageError } from "./usage-error";

/** Selectel's inputs: what is given, completed by the variables of Selectel's own tools. Throws UsageError with what is still missing. */
export function selectelInputs(
  given: ConnectionGiven,
  { username, password, token }: GivenSecret & { readonly username?: string | undefined },
  env: Environment,
): ConnectionGiven {
  const isUser = given.username !== undefined || password !== undefined;
  const found = selectelOptionsFromEnv({
    ...env,
    // The first names of each setting, so that they come before what the environment says; a service user before its token.
    ...(isUser && { SELECTEL_TOKEN: undefined, OS_TOKEN: undefined }),
    ...defined({
      SELECTEL_TOKEN: token,
      SELECTEL_ACCOUNT_ID: given["account-id"],
      SELECTEL_USERNAME: username,
      SELECTEL_PASSWORD: password,
      SELECTEL_PROJECT_ID: given["project-id"],
      SELECTEL_PROJECT_NAME: given["project-name"],
      SELECTEL_AUTH_URL: given["auth-url"],
      SELECTEL_CRAAS_URL: given["api-url"],
      SELECTEL_REGISTRY_URL: given.registry,
    }),
  });
  if (!found.auth) throw new UsageError([missing(found.missing ?? [])]);
  const all = { ...given, ...defined({ registry: found.registryUrl, "api-url": found.apiUrl }), ...inputsOf(found.auth) };
  if (given["project-name"] === undefined || given["project-id"] !== undefined) return all;
  const { "project-id": _, ...named } = all;
  return { ...named, "project-name": given["project-name"] };
}

function inputsOf(auth: SelectelAuth): ConnectionGiven {
  if ("token" in auth) return { token: auth.token };
  const { accountId, username, password, projectId, projectName, authUrl } = auth;
  return defined({
    "account-id": accountId,
    username,
    password,
    "project-id": projectId,
    "project-name": projectName,
    "auth-url": authUrl,
  });
}

const missing = (settings: readonly string[]): string =>
  `Selectel's credentials are not complete. Missing: ${settings.join("; ")}. Give --account-id, --username and --project-id with --password-stdin, or the variables, or a token of the identity service with --token-stdin or SELECTEL_TOKEN.`;

const defined = <T extends string>(values: Readonly<Record<T, string | undefined>>): Partial<Record<T, string>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Record<T, string>>; // the same keys
