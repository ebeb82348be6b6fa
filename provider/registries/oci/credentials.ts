/** How somebody proves to a registry who they are; undefined is anonymous. */
export type OciCredentials =
  | { readonly username: string; readonly password: string }
  /** Traded at the token server for access tokens (`identitytoken` in Docker's config.json, user `<token>` of credential helpers). */
  | { readonly identityToken: string }
  /** Sent to the registry as it is: `Authorization: Bearer …`. */
  | { readonly registryToken: string }
  | undefined;

/** The value of a Basic `Authorization` header. */
export function basicHeader(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
}
