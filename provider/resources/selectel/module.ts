import {
  connectSelectel,
  type SelectelAuth,
  type SelectelClient,
  type SelectelEnvironment,
  selectelOptionsFromEnv,
} from "../../registries/selectel";
import type { Module, Settings } from "../declaration";
import { sharedClient } from "../settings";

/** All settings, by the names that the provider's arguments and the configuration keys share. */
export const SETTINGS = [
  "token",
  "accountId",
  "username",
  "password",
  "projectId",
  "projectName",
  "userDomainName",
  "authUrl",
  "apiUrl",
  "registryUrl",
] as const;

/**
 * How resources of `selectel` reach the service. Credentials come as one set from the first place that has any: the explicit provider or the
 * stack's configuration (`selectel:token`, or `selectel:accountId`, `username`, `password` with `projectId` or `projectName`), then, without an
 * explicit provider, the environment variables that Selectel's Terraform provider and cleaners read.
 */
export const selectel: Module<SelectelClient> = {
  name: "selectel",
  server: ({ registryUrl }) => registryUrl,
  connect: (settings) => sharedClient("selectel", settings, SETTINGS, async () => connect(settings)),
};

function connect(settings: Settings): SelectelClient {
  const environment: Partial<SelectelEnvironment> = settings.explicit ? {} : selectelOptionsFromEnv(settings.env);
  const auth = authOf(settings) ?? environment.auth;
  if (!auth) {
    throw new Error(
      "Selectel's credentials are missing: pass { provider: new selectel.Provider(…) }, or set selectel:token, or selectel:accountId, selectel:username, selectel:password (pulumi config set --secret) and selectel:projectId, or the environment variables OS_DOMAIN_NAME, OS_USERNAME, OS_PASSWORD and INFRA_PROJECT_ID",
    );
  }
  const apiUrl = settings.get("apiUrl") ?? environment.apiUrl;
  const registryUrl = settings.get("registryUrl") ?? environment.registryUrl;
  return connectSelectel({
    auth,
    ...(apiUrl ? { apiUrl } : {}),
    ...(registryUrl ? { registryUrl } : {}),
    env: settings.env,
    ...(settings.clock && { clock: settings.clock }),
  });
}

function authOf({ get }: Settings): SelectelAuth | undefined {
  const token = get("token");
  if (token) return { token };
  const [accountId, username, password] = [get("accountId"), get("username"), get("password")];
  if (!accountId && !username && !password) return undefined;
  if (!accountId || !username || !password) {
    const missing = Object.entries({ accountId, username, password }).flatMap(([name, value]) => (value ? [] : [`selectel:${name}`]));
    throw new Error(`${missing.join(" and ")} missing: accountId, username and password belong together`);
  }
  const [projectId, projectName, authUrl, userDomainName] = [get("projectId"), get("projectName"), get("authUrl"), get("userDomainName")];
  if (!projectId && !projectName)
    throw new Error("selectel:projectId (or selectel:projectName) is missing: Container Registry tokens belong to a project");
  return {
    accountId,
    username,
    password,
    ...(projectId ? { projectId } : {}),
    ...(projectName && !projectId ? { projectName } : {}),
    ...(authUrl ? { authUrl } : {}),
    ...(userDomainName ? { userDomainName } : {}),
  };
}
