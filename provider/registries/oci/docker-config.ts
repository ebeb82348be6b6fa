import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { askHelper, type RunHelper, runHelper } from "./credential-helper";
import type { OciCredentials } from "./credentials";

/** What reading Docker's configuration needs of the machine; tests give their own. */
export interface DockerConfigOptions {
  /** Path of a `config.json`, or of the directory that holds it. Default: `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`. */
  readonly path?: string;
  /** Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default `os.homedir()`. */
  readonly home?: string;
  /** Default: reads the file system. */
  readonly readFile?: (path: string) => Promise<string>;
  /** Default: starts `docker-credential-<name> get`. */
  readonly run?: RunHelper;
}

const entryShape = z.looseObject({
  auth: z.string().nullish(),
  username: z.string().nullish(),
  password: z.string().nullish(),
  identitytoken: z.string().nullish(),
  registrytoken: z.string().nullish(),
});
type Entry = z.infer<typeof entryShape>;

const configShape = z.looseObject({
  auths: z.record(z.string(), entryShape.nullish()).nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
  credsStore: z.string().nullish(),
});
type Config = z.infer<typeof configShape>;

/**
 * Credentials for a registry (and, where the configuration distinguishes, one of its repositories) as `docker login` left them:
 * the helper of `credHelpers`, else the `credsStore`, else `auths`. Undefined when there are none.
 * Throws if the file that was named is missing, if it is no Docker configuration, or if a helper fails. Secrets never stand in an error.
 */
export async function dockerCredentials(registry: string, options: DockerConfigOptions = {}, repository?: string): Promise<OciCredentials> {
  const config = await readConfig(options);
  if (!config) return undefined;
  const host = registryHost(registry);
  const keys = lookupKeys(host, repository);
  const run = options.run ?? runHelper(options.env ?? process.env);
  for (const key of keys) {
    const named = Object.entries(config.credHelpers ?? {}).find(([server]) => normalKey(server) === normalKey(key));
    if (named) return askHelper(named[1], named[0], run);
  }
  if (config.credsStore) {
    // The store knows Docker Hub by the address that `docker login` used for it.
    const stored = await askHelper(config.credsStore, host === "docker.io" ? "https://index.docker.io/v1/" : host, run);
    if (stored) return stored;
  }
  for (const key of keys) {
    const found = Object.entries(config.auths ?? {}).find(([server, entry]) => entry && normalKey(server) === normalKey(key));
    const credentials = found?.[1] && entryCredentials(found[1], found[0]);
    if (credentials) return credentials;
  }
  return undefined;
}

/** Host of a registry, given as URL or host; Docker Hub's several names become `docker.io`. */
export function registryHost(registry: string): string {
  const host =
    registry
      .replace(/^[a-z]+:\/\//i, "")
      .split("/", 1)[0]
      ?.toLowerCase() ?? "";
  return ["index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "docker.io"].includes(host) ? "docker.io" : host;
}

/** From the most to the least specific: `host/team/app`, `host/team`, `host`. Podman and Kubernetes write such entries. */
function lookupKeys(host: string, repository: string | undefined): string[] {
  const parts = repository ? repository.split("/") : [];
  const prefixes = parts.map((_, index) => `${host}/${parts.slice(0, parts.length - index).join("/")}`);
  return [...prefixes, host];
}

/** Entries are written with and without scheme, final slash and API version. */
function normalKey(key: string): string {
  const bare = key.replace(/^https?:\/\//i, "").replace(/\/+$/, "");
  const slash = bare.indexOf("/");
  const path = slash < 0 ? "" : bare.slice(slash).replace(/^\/v[12](?=\/|$)/, "");
  return `${registryHost(bare)}${path}`;
}

function entryCredentials(entry: Entry, server: string): OciCredentials {
  if (entry.registrytoken) return { registryToken: entry.registrytoken };
  if (entry.identitytoken) return { identityToken: entry.identitytoken };
  if (entry.username && entry.password) return { username: entry.username, password: entry.password };
  if (!entry.auth) return undefined;
  const decoded = Buffer.from(entry.auth, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  if (colon <= 0)
    throw new Error(`Docker's configuration has an "auth" for ${server} that is not the base64 of user:password. Log in again.`);
  // Docker itself cuts trailing NULs off, which old versions wrote.
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1).replace(/\0+$/, "") };
}

async function readConfig(options: DockerConfigOptions): Promise<Config | undefined> {
  const env = options.env ?? process.env;
  const directory = env.DOCKER_CONFIG || join(options.home ?? homedir(), ".docker");
  const candidates = options.path === undefined ? [join(directory, "config.json")] : [options.path, join(options.path, "config.json")];
  const read = options.readFile ?? ((path: string) => readFile(path, "utf8"));
  for (const path of candidates) {
    const text = await read(path).catch((error: unknown) => {
      if (isAbsent(error)) return undefined;
      throw new Error(`Docker's configuration ${path} cannot be read (${errorCode(error) ?? "unknown error"}).`);
    });
    if (text !== undefined) return parseConfig(text, path);
  }
  if (options.path === undefined) return undefined;
  throw new Error(`Docker's configuration ${options.path} does not exist.`);
}

// Neither parser's own message is passed on: both may quote the text, which holds passwords.
function parseConfig(text: string, path: string): Config {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, "") || "{}");
  } catch {
    throw new Error(`Docker's configuration ${path} is no JSON.`);
  }
  const parsed = configShape.safeParse(json);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") || "its top level";
  throw new Error(`Docker's configuration ${path} is not understood: ${where} has an unexpected type.`);
}

function isAbsent(error: unknown): boolean {
  const code = errorCode(error);
  // EISDIR: the path names the directory, config.json in it comes next. ENOTDIR: the reverse.
  return code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR";
}

function errorCode(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
