import { readFile } from "node:fs/promises";
import { type HttpClientOptions, parseBaseUrl, withScheme } from "../http";
import type { DtrOptions } from "../registries/dtr/connect-operations";
import type * as DtrImagesClient from "../registries/dtr/images/client";
import type { ImagesClient } from "../registries/dtr/images/client";
import type * as DtrUrls from "../registries/dtr/urls";
import type { OciCredentials, OciOptions } from "../registries/oci";
import { dockerCredentials } from "../registries/oci/docker-config";
import type * as RegistryUi from "../registries/registryui";
import type { RegistryUiClient } from "../registries/registryui";
import type * as Selectel from "../registries/selectel";
import type { SelectelAuth, SelectelClient } from "../registries/selectel";
import {
  ConnectionError,
  type DtrConnection,
  type OciConnection,
  type OpenOptions,
  type RegistryUiConnection,
  type SelectelConnection,
} from "./connection";

type Http = Omit<HttpClientOptions, "baseUrl">;

/**
 * What a client of an OCI registry is opened with; without credentials, those of Docker's own configuration. Throws ConnectionError for
 * settings that are missing, contradict each other or cannot be used. Whether the address is one is found out by whoever opens the client:
 * see `told`.
 */
export async function ociOptions(connection: OciConnection, options: OpenOptions): Promise<OciOptions> {
  const { registry, username, password, token } = connection;
  const { name = same } = options;
  if (!registry)
    throw new ConnectionError(`${name("registry")} is missing: give the registry's host, host:port or URL, such as registry.example.com.`);
  const given = credentialsOf({ username, password, token }, name);
  const http = await httpOptions(connection.caFile, options);
  const credentials = given ?? (await ofDocker(registry, options));
  return { url: registry, ...(credentials && { credentials }), ...http };
}

/** A client of Selectel's API, and how to speak to the registry's host beside it. Nothing is sent yet. Throws ConnectionError. */
export async function selectelClient(
  connection: SelectelConnection,
  options: OpenOptions,
): Promise<{ readonly client: SelectelClient; readonly http: Http }> {
  const auth = authOf(connection, options);
  const http = await httpOptions(connection.caFile, options);
  const registry = connection.registry === undefined || connection.registry === "" ? undefined : withScheme(connection.registry);
  const apiUrl = connection.apiUrl ? withScheme(connection.apiUrl) : registry && `${registry}/api`;
  // Loaded only where it is used: it takes a fifth of the time until the first request to a registry of another type.
  const { connectSelectel } = require("../registries/selectel") as typeof Selectel;
  const client = told(connection.apiUrl ? "apiUrl" : "registry", options, () =>
    connectSelectel({ auth, ...(apiUrl && { apiUrl }), ...(registry && { registryUrl: registry }), ...http }),
  );
  return { client, http };
}

/** A client of a RegistryUI; without credentials, those of Docker's own configuration. Nothing is sent yet. Throws ConnectionError. */
export async function registryUiClient(connection: RegistryUiConnection, options: OpenOptions): Promise<RegistryUiClient> {
  const { registry, username, token } = connection;
  const { name = same } = options;
  if (!registry)
    throw new ConnectionError(`${name("registry")} is missing: give RegistryUI's address, such as https://registry.example.com.`);
  if (!username !== !token) {
    throw new ConnectionError(`${name(username ? "token" : "username")} is missing: a user name and the user's token belong together.`);
  }
  const http = await httpOptions(connection.caFile, options);
  // As above.
  const { connectRegistryUi, registryUiRoot } = require("../registries/registryui") as typeof RegistryUi;
  const url = told("registry", options, () => registryUiRoot(registry));
  const stored = username && token ? undefined : await ofDocker(url, options);
  if (stored && !("username" in stored)) {
    throw new ConnectionError(
      `Docker's configuration has no user name for ${registry}, which RegistryUI needs: give ${name("username")} and ${name("token")}.`,
    );
  }
  const credentials = username && token ? { username, token } : stored && { username: stored.username, token: stored.password };
  return told("registry", options, () => connectRegistryUi({ url, ...credentials, ...http }));
}

/** What a client of a Docker Trusted Registry is opened with; without credentials, those of Docker's own configuration. Throws ConnectionError. */
export async function dtrOptions(connection: DtrConnection, options: OpenOptions): Promise<DtrOptions> {
  const { registry, username, password, token } = connection;
  const { name = same } = options;
  if (!registry)
    throw new ConnectionError(`${name("registry")} is missing: give the registry's host, host:port or URL, such as dtr.example.com.`);
  if (password && token)
    throw new ConnectionError(
      `${name("token")} stands beside ${name("password")}: give one of them; an access token works in place of the password.`,
    );
  const secret = password || token;
  if (!username !== !secret)
    throw new ConnectionError(
      `${name(username ? "password" : "username")} is missing: a user name and a password (or an access token) belong together.`,
    );
  const http = await httpOptions(connection.caFile, options);
  // As above.
  const { dtrRoot } = require("../registries/dtr/urls") as typeof DtrUrls;
  const url = told("registry", options, () => dtrRoot(registry));
  const stored = secret ? undefined : await ofDocker(url, options);
  if (stored && !("username" in stored)) {
    throw new ConnectionError(
      `Docker's configuration has no user name for ${registry}, which this registry needs: give ${name("username")} and ${name("password")}.`,
    );
  }
  const credentials = username && secret ? { username, password: secret } : stored;
  return { url, ...credentials, ...http };
}

/** The client itself. Nothing is sent yet. Throws ConnectionError. */
export async function dtrClient(connection: DtrConnection, options: OpenOptions): Promise<ImagesClient> {
  const given = await dtrOptions(connection, options);
  const { connectImages } = require("../registries/dtr/images/client") as typeof DtrImagesClient;
  return told("registry", options, () => connectImages(given));
}

/** Runs what refuses an address; the refusal names the setting. */
export function told<T>(setting: string, { name = same }: OpenOptions, connect: () => T): T {
  try {
    return connect();
  } catch (error) {
    if (error instanceof TypeError)
      throw new ConnectionError(`${name(setting)}: ${error.message}.`.replace(/\.\.$/, "."), { cause: error });
    throw error;
  }
}

const same = (setting: string): string => setting;

interface Given {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly token: string | undefined;
}

function credentialsOf({ username, password, token }: Given, name: (setting: string) => string): OciCredentials {
  if (token && (username || password)) {
    throw new ConnectionError(
      `${name("token")} stands beside ${name(username ? "username" : "password")}: give a token, or a user name and a password.`,
    );
  }
  if (token) return { registryToken: token };
  if (username && password) return { username, password };
  if (username || password) {
    throw new ConnectionError(`${name(username ? "password" : "username")} is missing: a user name and a password belong together.`);
  }
  return undefined;
}

async function ofDocker(registry: string, { env = process.env, docker, name = same }: OpenOptions): Promise<OciCredentials> {
  try {
    return await dockerCredentials(registry, { env, ...docker });
  } catch (error) {
    throw new ConnectionError(
      `${messageOf(error)} It was read because ${name("username")}, ${name("password")} and ${name("token")} are not given: give them, or log in with docker login.`,
      { cause: error },
    );
  }
}

function authOf(connection: SelectelConnection, options: OpenOptions): SelectelAuth {
  const { name = same } = options;
  const { token, accountId, username, password, projectId, projectName } = connection;
  const authUrl = connection.authUrl && withScheme(connection.authUrl);
  if (authUrl) told("authUrl", options, () => parseBaseUrl(authUrl));
  if (token && (username || password)) {
    throw new ConnectionError(
      `${name("token")} stands beside ${name(username ? "username" : "password")}: give a token, or a service user with its password.`,
    );
  }
  if (token) return { token };
  if (!accountId && !username && !password) {
    throw new ConnectionError(
      `Selectel's credentials are missing: give ${name("token")}, or ${name("accountId")}, ${name("username")} and ${name("password")} of a service user with ${name("projectId")} or ${name("projectName")}.`,
    );
  }
  if (!accountId || !username || !password) {
    const missing = Object.entries({ accountId, username, password }).flatMap(([key, value]) => (value ? [] : [name(key)]));
    throw new ConnectionError(
      `${missing.join(" and ")} missing: ${name("accountId")}, ${name("username")} and ${name("password")} belong together.`,
    );
  }
  if (!projectId && !projectName) {
    throw new ConnectionError(`${name("projectId")} is missing (or ${name("projectName")}): a service user's token belongs to a project.`);
  }
  return {
    accountId,
    username,
    password,
    ...(projectId ? { projectId } : { projectName }),
    ...(authUrl && { authUrl }),
  };
}

async function httpOptions(caFile: string | undefined, options: OpenOptions): Promise<Http> {
  const { env, clock, trace, http, concurrency = 0, name = same } = options;
  const ca = caFile ? await readCa(caFile, name("caFile")) : undefined;
  return {
    ...http,
    connections: Math.max(16, concurrency),
    ...(ca !== undefined && { ca }),
    ...(env && { env }),
    ...(clock && { clock }),
    ...(trace && { log: trace }),
  };
}

async function readCa(file: string, setting: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new ConnectionError(`${setting}: the file ${file} cannot be read (${messageOf(error)}).`, { cause: error });
  });
  if (!text.includes("-----BEGIN CERTIFICATE-----")) {
    throw new ConnectionError(
      `${setting}: the file ${file} holds no certificate: it must be PEM, with the line -----BEGIN CERTIFICATE-----.`,
    );
  }
  return text;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
