/** What the environment says: options for `connectDtr`, as far as they are there. */
export interface DtrEnvironment {
  readonly url?: string;
  readonly username?: string;
  readonly password?: string;
  /** Not there where `password` is. */
  readonly token?: string;
}

const names = { url: "DTR_URL", username: "DTR_USERNAME", password: "DTR_PASSWORD", token: "DTR_TOKEN" } as const;

/** Reads `DTR_URL`, `DTR_USERNAME` and `DTR_PASSWORD` or `DTR_TOKEN`; empty ones count as unset. With both of the last, the password goes. */
export function dtrOptionsFromEnv(env: Readonly<Record<string, string | undefined>>): DtrEnvironment {
  const found = Object.entries(names).flatMap(([option, name]) => (env[name] ? [[option, env[name]]] : []));
  const { token, ...rest }: DtrEnvironment = Object.fromEntries(found);
  return token && !rest.password ? { ...rest, token } : rest;
}
