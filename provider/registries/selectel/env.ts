import type { SelectelAuth } from "./auth";

/**
 * Names that users have already, the most particular first: this project's and those of fussraider/selectel-craas-ui, those of the BroCodeX cleaners,
 * those of Selectel's Terraform provider, and OpenStack's.
 */
const names = {
  token: ["SELECTEL_TOKEN", "OS_TOKEN"],
  accountId: ["SELECTEL_ACCOUNT_ID", "SEL_ACCOUNT_ID", "OS_DOMAIN_NAME"],
  username: ["SELECTEL_USERNAME", "SEL_USERNAME", "OS_USERNAME"],
  password: ["SELECTEL_PASSWORD", "SEL_PASSWORD", "OS_PASSWORD"],
  projectId: ["SELECTEL_PROJECT_ID", "INFRA_PROJECT_ID", "SEL_PROJECT_ID", "OS_PROJECT_ID"],
  projectName: ["SELECTEL_PROJECT_NAME", "SEL_PROJECT_NAME", "OS_PROJECT_NAME"],
  authUrl: ["SELECTEL_AUTH_URL", "OS_AUTH_URL"],
  userDomainName: ["OS_USER_DOMAIN_NAME"],
  apiUrl: ["SELECTEL_CRAAS_URL"],
  registryUrl: ["SELECTEL_REGISTRY_URL"],
} as const;
type Setting = keyof typeof names;

/** What the environment says: options for `connectSelectel`, as far as they are there. */
export interface SelectelEnvironment {
  /** The token if there is one, else the service user; undefined if neither is complete. */
  readonly auth?: SelectelAuth;
  /** What a service user's credentials lack, with the variables that would give it: `password (SELECTEL_PASSWORD, …)`. Not there where `auth` is. */
  readonly missing?: readonly string[];
  readonly apiUrl?: string;
  readonly registryUrl?: string;
}

/** Reads the variables of Selectel's own and of third parties' tools; empty ones count as unset. Never throws. */
export function selectelOptionsFromEnv(env: Readonly<Record<string, string | undefined>>): SelectelEnvironment {
  const get = (setting: Setting) => names[setting].map((name) => env[name]).find((value) => value);
  const [apiUrl, registryUrl, token] = [get("apiUrl"), get("registryUrl"), get("token")];
  const urls = { ...(apiUrl && { apiUrl }), ...(registryUrl && { registryUrl }) };
  if (token) return { auth: { token }, ...urls };
  const [accountId, username, password, projectId, projectName] = [
    get("accountId"),
    get("username"),
    get("password"),
    get("projectId"),
    get("projectName"),
  ];
  if (accountId && username && password && (projectId || projectName)) {
    const [authUrl, userDomainName] = [get("authUrl"), get("userDomainName")];
    const project = projectId ? { projectId } : { projectName };
    return {
      auth: { accountId, username, password, ...project, ...(authUrl && { authUrl }), ...(userDomainName && { userDomainName }) },
      ...urls,
    };
  }
  const missing = (["accountId", "username", "password"] as const).filter((setting) => !get(setting)).map(describe);
  if (!projectId && !projectName) missing.push(`${describe("projectId")} or ${describe("projectName")}`);
  return { missing, ...urls };
}

const describe = (setting: Setting) => `${setting} (${names[setting].join(", ")})`;
