import { type Authorizer, HttpClient, type HttpClientOptions } from "../../http";
import type { Operations } from "../call";
import { connectOci } from "../oci";
import { basicHeader } from "../oci/credentials";
import { bindOperations, type Methods } from "./bind";
import type { DtrConnection } from "./client";
import { hintFor } from "./hints";
import { dtrRoot } from "./urls";

export interface DtrOptions extends Omit<HttpClientOptions, "baseUrl" | "authorizer" | "hints" | "secrets"> {
  /** `dtr.example.com`, `dtr.example.com:4443`, `https://dtr.example.com`; with `/api/v0` at its end it is understood, too. */
  readonly url: string;
  /** Without one, only what the server shows to anonymous callers can be read. */
  readonly username?: string;
  /** The user's password. An access token works in its place. */
  readonly password?: string;
  /** An access token (profile > Access tokens). Another name for `password`: exactly one of them belongs to the user name. */
  readonly token?: string;
  /** Items that are asked for at a time. Default 100; the server's own default is 10. */
  readonly pageSize?: number;
}

/**
 * A client with some of the operations: what does not need all 109 is smaller, and sooner ready, without the others. Nothing is sent before the first call.
 * Credentials go by Basic authentication, never in a URL. Throws TypeError for an address that is none, and for credentials that are not complete.
 */
export function connectOperations<const T extends Operations>(operations: T, options: DtrOptions): Methods<T> & DtrConnection {
  const { url: given, username, password, token, pageSize = 100, ...http } = options;
  const credentials = credentialsOf({ username, password, token });
  if (!Number.isInteger(pageSize) || pageSize < 1) throw new TypeError("pageSize must be a whole number from 1");
  const url = dtrRoot(given);
  const secrets = credentials ? [credentials.password, basicHeader(credentials.username, credentials.password).slice("Basic ".length)] : [];
  const client = new HttpClient({
    ...http,
    baseUrl: url,
    secrets: () => secrets,
    hints: hintFor,
    ...(credentials && { authorizer: basic(credentials) }),
  });
  const oci = connectOci({ ...http, url, ...(credentials && { credentials }) });
  return {
    ...bindOperations(operations, client, pageSize),
    url,
    registryHost: new URL(url).host,
    ...(credentials && { username: credentials.username }),
    oci,
    close: async () => {
      await Promise.all([client.close(), oci.close()]);
    },
  };
}

interface Credentials {
  readonly username: string;
  readonly password: string;
}

function credentialsOf({ username, password, token }: Pick<DtrOptions, "username" | "password" | "token">): Credentials | undefined {
  if (password && token)
    throw new TypeError("DTR: give the password or the token, not both; an access token works in place of the password");
  const secret = password || token;
  if (!username !== !secret) {
    throw new TypeError(`DTR: ${username ? "the password (or an access token)" : "the user name"} is missing; they belong together`);
  }
  return username && secret ? { username, password: secret } : undefined;
}

/** A 401 is final: there is nothing to renew a password with. */
const basic = ({ username, password }: Credentials): Authorizer => ({
  authorize: async () => ({ authorization: basicHeader(username, password) }),
  renew: async () => false,
});
