import { type Authorizer, HttpClient, type HttpClientOptions } from "../../http";
import { connectOci } from "../oci";
import { basicHeader } from "../oci/credentials";
import { bindClient } from "./bind";
import type { RegistryUiClient } from "./client";
import { registryUiRoot } from "./urls";

export interface RegistryUiOptions extends Omit<HttpClientOptions, "baseUrl" | "authorizer" | "hints" | "secrets"> {
  /** `https://registry.example.com`; with `/udr/v1api` or `/v2` at its end it is understood, too. */
  readonly url: string;
  /** A user of RegistryUI. Without one, only what a Public API shows to anonymous users can be read. */
  readonly username?: string;
  /** The user's own token (User > Token), also called Docker token; not the password of the website. */
  readonly token?: string;
  /** Entries that are asked for at a time. Default 200. */
  readonly pageSize?: number;
}

/**
 * A client of a RegistryUI: its Extended API and its registry. Nothing is sent before the first call.
 * Throws TypeError for an address that is none, and for a user without a token.
 */
export function connectRegistryUi(options: RegistryUiOptions): RegistryUiClient {
  const { url: given, username, token, pageSize = 200, ...http } = options;
  if (!username !== !token) throw new TypeError(`RegistryUI: ${username ? "the token" : "the user name"} is missing; they belong together`);
  if (!Number.isInteger(pageSize) || pageSize < 1) throw new TypeError("pageSize must be a whole number from 1");
  const url = registryUiRoot(given);
  const credentials = username && token ? { username, password: token } : undefined;
  const secrets = credentials ? [credentials.password, basicHeader(credentials.username, credentials.password).slice("Basic ".length)] : [];
  return bindClient({
    url,
    ...(credentials && { username: credentials.username }),
    secrets,
    http: new HttpClient({
      ...http,
      baseUrl: `${url}/udr/v1api`,
      secrets: () => secrets,
      ...(credentials && { authorizer: basic(credentials) }),
    }),
    oci: connectOci({ ...http, url, ...(credentials && { credentials }) }),
    pageSize,
  });
}

/** A 401 is final: there is nothing to renew a user's token with. */
const basic = ({ username, password }: { readonly username: string; readonly password: string }): Authorizer => ({
  authorize: async () => ({ authorization: basicHeader(username, password) }),
  renew: async () => false,
});
