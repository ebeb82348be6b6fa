/**
 * Where the tests find the programs that are not npm packages: an environment variable, the project's cache that
 * `npm run setup` fills, or PATH. Shared by the set-up and the tests; nothing is started but `--version`.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import * as path from "node:path";

export type ToolName = "pulumi" | "docker-registry" | "registry" | "conformance" | "skopeo" | "actionlint" | PeerName;

/** What only the benchmark uses: other people's tools that do the same, and what measures. */
export type PeerName = "regctl" | "regbot" | "crane" | "wrk" | "time";

export interface FoundTool {
  readonly path: string;
  readonly version: string;
}

interface Tool {
  /** Names an executable that is to be used instead of any other. */
  readonly variable: string;
  /** The order in which places are looked at. */
  readonly places: readonly ("cache" | "PATH")[];
  /** What it prints about itself, or nothing if it cannot be asked without doing something. */
  readonly version: ((executable: string) => string) | undefined;
  /** Older ones are not good enough. */
  readonly oldest?: string;
}

const TOOLS: Readonly<Record<ToolName, Tool>> = {
  // A person's own installation comes first: it is complete, with the official language host.
  pulumi: { variable: "REGISTRY_AS_CODE_PULUMI", places: ["PATH", "cache"], version: (file) => ask(file, ["version"]), oldest: "3.190.0" },
  "docker-registry": {
    variable: "REGISTRY_AS_CODE_DOCKER_REGISTRY",
    places: ["PATH", "cache"],
    version: (file) => ask(file, ["--version"]),
  },
  registry: {
    variable: "REGISTRY_AS_CODE_DISTRIBUTION",
    places: ["cache", "PATH"],
    version: (file) => ask(file, ["--version"]),
    oldest: "3.0.0",
  },
  conformance: { variable: "REGISTRY_AS_CODE_CONFORMANCE", places: ["cache"], version: undefined },
  actionlint: { variable: "REGISTRY_AS_CODE_ACTIONLINT", places: ["cache", "PATH"], version: (file) => ask(file, ["-version"]) },
  skopeo: { variable: "REGISTRY_AS_CODE_SKOPEO", places: ["PATH", "cache"], version: (file) => ask(file, ["--version"]) },
  // Figures are compared with what was measured before: the pinned versions come first.
  regctl: { variable: "REGISTRY_AS_CODE_REGCTL", places: ["cache", "PATH"], version: (file) => ask(file, ["version"]) },
  regbot: { variable: "REGISTRY_AS_CODE_REGBOT", places: ["cache", "PATH"], version: (file) => ask(file, ["version"]) },
  crane: { variable: "REGISTRY_AS_CODE_CRANE", places: ["cache", "PATH"], version: (file) => ask(file, ["version"]) },
  wrk: { variable: "REGISTRY_AS_CODE_WRK", places: ["PATH", "cache"], version: askWrk },
  // GNU's: the others cannot be told what to print.
  time: { variable: "REGISTRY_AS_CODE_TIME", places: ["PATH", "cache"], version: (file) => ask(file, ["--version"]) },
};

/** `.cache` in the project, or where REGISTRY_AS_CODE_CACHE says. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return path.resolve(env.REGISTRY_AS_CODE_CACHE ?? path.join(__dirname, "..", "..", ".cache"));
}

export function binFolder(env: NodeJS.ProcessEnv = process.env): string {
  return path.join(cacheFolder(env), "bin");
}

/** Undefined when it is nowhere, does not run, or is older than what the tests need. */
export function findTool(name: ToolName, env: NodeJS.ProcessEnv = process.env): FoundTool | undefined {
  const tool = TOOLS[name];
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const folders = tool.places.flatMap((place) => (place === "cache" ? [binFolder(env)] : (env.PATH ?? "").split(path.delimiter)));
  const named = env[tool.variable];
  for (const candidate of named === undefined ? folders.map((folder) => path.join(folder, file)) : [named]) {
    if (!isExecutable(candidate)) continue;
    const version = tool.version === undefined ? "unknown" : versionOf(candidate, tool.version);
    if (version !== undefined && !isOlder(version, tool.oldest)) return { path: candidate, version };
  }
  return undefined;
}

/** Whether this executable is the tool, runs here and is new enough. */
export function isTool(name: ToolName, file: string): boolean {
  const { version: ofTool, oldest } = TOOLS[name];
  const version = ofTool === undefined ? "unknown" : versionOf(file, ofTool);
  return version !== undefined && !isOlder(version, oldest);
}

function versionOf(file: string, version: (executable: string) => string): string | undefined {
  try {
    return /\d+\.\d+(\.\d+)?\S*/.exec(version(file))?.[0] ?? "unknown";
  } catch {
    return undefined; // it does not run here: another system's binary, a missing library
  }
}

function ask(file: string, args: string[]): string {
  return execFileSync(file, args, {
    encoding: "utf8",
    timeout: 20_000,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
}

/** Prints its version, and then says by its status that it was not asked to measure anything. */
function askWrk(file: string): string {
  const { stdout } = spawnSync(file, ["-v"], { encoding: "utf8", timeout: 20_000 });
  if (!stdout?.startsWith("wrk ")) throw new Error(`${file} is not wrk`);
  return stdout;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** By major, minor and patch; what cannot be read is taken to be new enough. */
export function isOlder(version: string, oldest: string | undefined): boolean {
  if (oldest === undefined || version === "unknown") return false;
  const [have, want] = [version, oldest].map((text) => text.split(".").map((part) => Number.parseInt(part, 10) || 0));
  for (const [index, part] of (want ?? []).entries()) {
    const difference = (have?.[index] ?? 0) - part;
    if (difference !== 0) return difference < 0;
  }
  return false;
}
