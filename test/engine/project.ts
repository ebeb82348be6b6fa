/** What an engine has to know of a program's folder before it runs: Pulumi.yaml, and the Node that is to run it. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { cacheFolder } from "../setup/tools";
import type { ConfigValue, ProjectOptions } from "./engine";

const OLDEST_NODE = 22;

export interface Project {
  readonly dir: string;
  readonly name: string;
  readonly stack: string;
  readonly typescript: boolean;
  readonly nodeArgs: readonly string[];
  /** Whether the folder's own Pulumi.yaml says all this, so that `pulumi` can be run in the folder as it is. */
  readonly asWritten: boolean;
  readonly node: string;
  readonly env: NodeJS.ProcessEnv;
}

/** `base`: the environment that {@link ProjectOptions.env} is added to. */
export function readProject(options: ProjectOptions, base: NodeJS.ProcessEnv): Project {
  const dir = path.resolve(options.dir);
  const file = path.join(dir, "Pulumi.yaml");
  const written = existsSync(file) ? pulumiYaml(readFileSync(file, "utf8")) : undefined;
  const name = options.project ?? written?.name ?? "project";
  const typescript = options.typescript ?? written?.typescript ?? true;
  const node = options.node ?? currentNode();
  // A sixth of every start of Node is compiling the same modules again.
  const env = without({ NODE_COMPILE_CACHE: path.join(cacheFolder(base), "node"), ...base, ...options.env });
  // Program and providers find the same Node as a person's shell would: the first on PATH.
  env.PATH = [path.dirname(node), env.PATH ?? ""].join(path.delimiter);
  return {
    dir,
    name,
    stack: options.stack ?? "dev",
    typescript,
    nodeArgs: written?.nodeArgs ?? [],
    asWritten: written !== undefined && name === written.name && typescript === written.typescript,
    node,
    env,
  };
}

/** `key` -> `project:key`, as `pulumi config set` does. */
export function configKey(project: string, key: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

export function isSecret(value: ConfigValue): value is { readonly secret: string } {
  return typeof value !== "string";
}

function pulumiYaml(text: string): { name: string | undefined; typescript: boolean; nodeArgs: string[] } {
  const sdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  // js-yaml is the SDK's own dependency and declares `any`; only the three fields below are looked at.
  const { load } = sdk("js-yaml") as { load(text: string): unknown };
  const yaml = record(load(text));
  const options = record(record(yaml.runtime).options);
  return {
    name: typeof yaml.name === "string" ? yaml.name : undefined,
    typescript: options.typescript !== false,
    nodeArgs: typeof options.nodeargs === "string" ? options.nodeargs.split(" ").filter((part) => part !== "") : [],
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function currentNode(): string {
  if (Number(process.versions.node.split(".")[0]) >= OLDEST_NODE) return process.execPath;
  return path.join(path.dirname(require.resolve("node/package.json")), "bin", process.platform === "win32" ? "node.exe" : "node");
}

/** Variables of the test runner would change how child processes behave. */
function without(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, JEST_WORKER_ID: _worker, ...rest } = env;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
}
