import type { HttpClientOptions, HttpClock } from "../http";
import type { DockerConfigOptions } from "../registries/oci";

/** A registry that speaks Docker Registry HTTP API V2 or OCI distribution 1.1. Without credentials, Docker's own configuration is read. */
export interface OciConnection {
  readonly type: "oci";
  /** Host, host:port or URL. Without a scheme, loopback addresses mean http, all others https. */
  readonly registry: string;
  readonly username?: string;
  readonly password?: string;
  /** A token that the registry takes as it is, in place of user name and password. */
  readonly token?: string;
  /** Path of a PEM file with certificate authorities to trust beside the system's. */
  readonly caFile?: string;
}

/** Selectel's Container Registry: with a token of the identity service, or with a service user and a project. */
export interface SelectelConnection {
  readonly type: "selectel";
  /** Host or URL of the registry. Default `cr.selcloud.ru`. */
  readonly registry?: string;
  /** A token of the project from the identity service. */
  readonly token?: string;
  /** Number of the account, with `username` and `password` of a service user. */
  readonly accountId?: string;
  readonly username?: string;
  readonly password?: string;
  readonly projectId?: string;
  /** In place of `projectId`. */
  readonly projectName?: string;
  /** Identity service. Default: the public one. */
  readonly authUrl?: string;
  /** Container Registry API. Default: `/api` of the registry. */
  readonly apiUrl?: string;
  /** Path of a PEM file with certificate authorities to trust beside the system's. */
  readonly caFile?: string;
}

/** A RegistryUI, with its registry on the same origin. Without credentials, Docker's own configuration is read. */
export interface RegistryUiConnection {
  readonly type: "registryui";
  /** Host, host:port or URL of RegistryUI. Without a scheme, loopback addresses mean http, all others https. */
  readonly registry: string;
  readonly username?: string;
  /** The user's own token (User > Token in RegistryUI), not the website's password. */
  readonly token?: string;
  /** Path of a PEM file with certificate authorities to trust beside the system's. */
  readonly caFile?: string;
}

/** A Docker Trusted Registry or Mirantis Secure Registry. Without credentials, Docker's own configuration is read. */
export interface DtrConnection {
  readonly type: "dtr";
  /** Host, host:port or URL. Without a scheme, loopback addresses mean http, all others https. */
  readonly registry: string;
  readonly username?: string;
  /** The user's password; an access token works in its place. */
  readonly password?: string;
  /** An access token, in place of the password. */
  readonly token?: string;
  /** Path of a PEM file with certificate authorities to trust beside the system's. */
  readonly caFile?: string;
}

export type Connection = OciConnection | SelectelConnection | RegistryUiConnection | DtrConnection;

export interface OpenOptions {
  /** Default `process.env`: proxies, where Docker's configuration lies. */
  readonly env?: NodeJS.ProcessEnv;
  /** Requests that read, in flight at a time. Default 8. */
  readonly concurrency?: number;
  /** `oci`, `registryui`, `dtr`: directory for what is known by digest, from run to run. It must be trusted. Default: none, memory only. */
  readonly cacheDir?: string;
  /** Warnings, one line each, free of secrets. */
  readonly log?: (line: string) => void;
  /** Retries and renewals of tokens, one line each, free of secrets. */
  readonly trace?: (line: string) => void;
  /** Different text each time, for names that must not occur twice. Default: 16 random hexadecimal digits. */
  readonly nonce?: () => string;
  /** Default: the real time. */
  readonly clock?: HttpClock;
  /** Of all connections; default `HttpClient`'s. */
  readonly http?: Pick<HttpClientOptions, "timeouts" | "retry" | "random" | "userAgent">;
  /** How Docker's configuration is read; default: as Docker does. */
  readonly docker?: DockerConfigOptions;
  /** How settings are called in messages. Default: as they are here. */
  readonly name?: (setting: string) => string;
}

/** A connection that cannot be opened as it is described. The message names the setting and what to do. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}
