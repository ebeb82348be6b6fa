import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** The two registry servers that differ in almost everything that hurts. */
export type ServerKind = "docker-registry" | "distribution";

export interface ServerBinary {
  /** `docker-registry` is distribution 2.x, `distribution` 3.x. */
  readonly name: ServerKind;
  readonly version: string;
  readonly binary: string;
}

interface Place {
  readonly variable: string;
  readonly program: string;
  readonly version: RegExp;
  /** How to get it, for those who miss it. */
  readonly hint: string;
}

export const places: Readonly<Record<ServerKind, Place>> = {
  "docker-registry": {
    variable: "REGISTRY_AS_CODE_DOCKER_REGISTRY",
    program: "docker-registry",
    version: /github\.com\/docker\/distribution v?(2\.\S+)/,
    hint: "install Debian's package docker-registry, or run `npm run setup`",
  },
  distribution: {
    variable: "REGISTRY_AS_CODE_DISTRIBUTION",
    program: "registry",
    version: /github\.com\/distribution\/distribution\/v3 v?(3\.\S+)/,
    hint: "run `npm run setup`",
  },
};

/** The servers that are on this machine: named by a variable, in the project's cache, on PATH or in /usr/bin. */
export function findServers(env: NodeJS.ProcessEnv = process.env): ServerBinary[] {
  return serverKinds.flatMap((kind) => findServer(kind, env) ?? []);
}

export const serverKinds: readonly ServerKind[] = ["docker-registry", "distribution"];

export function findServer(kind: ServerKind, env: NodeJS.ProcessEnv = process.env): ServerBinary | undefined {
  const { variable, program, version } = places[kind];
  const named = env[variable];
  const cache = resolve(env.REGISTRY_AS_CODE_CACHE ?? resolve(__dirname, "../../.cache"), "bin", program);
  const onPath = [...(env.PATH ?? "").split(delimiter), "/usr/bin"].map((directory) => join(directory, program));
  for (const binary of named ? [named] : [cache, ...onPath]) {
    const found = isExecutable(binary) && version.exec(versionOf(binary))?.[1];
    if (found) return { name: kind, version: found, binary };
  }
  // Whoever names a server means it.
  if (named) throw new Error(`${variable}=${named} is no ${kind} server.`);
  return undefined;
}

function versionOf(binary: string): string {
  try {
    return execFileSync(binary, ["--version"], { encoding: "utf8", timeout: 10_000, stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return "";
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
