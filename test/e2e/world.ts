import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type ConfigValue, type Engine, engines, makeProgram, type ProgramOptions, packOnce, type Result, type Stack } from "../engine";
import { type Sandbox, type SandboxOptions, startSandbox } from "../sandbox";
import { image, push } from "../sandbox/images";

/** One engine, one server, one stack: where a scenario is played. */
export interface World {
  readonly engine: Engine;
  readonly sandbox: Sandbox;
  readonly stack: Stack;
  readonly dir: string;
  /** Two images in `team/app` of the plain registry, tagged v1 and v2. */
  readonly digests: readonly [string, string];
  /** Inputs that differ from the program's, by resource. */
  edit(changes: Readonly<Record<string, object>>): Promise<void>;
  /** Another stack of the same program on the same server. */
  another(stack: string): Promise<Stack>;
  /** Everything that must not be printed or stored in clear. */
  secrets(): Promise<readonly string[]>;
}

export interface WorldOptions {
  readonly program?: Partial<ProgramOptions>;
  readonly sandbox?: SandboxOptions;
  readonly config?: Readonly<Record<string, ConfigValue>>;
  readonly verbosity?: number;
  /** On the embedded engine alone: what is counted does not depend on the engine. */
  readonly embedded?: boolean;
}

const read = (file: string) => fs.readFileSync(path.join(__dirname, "program", file), "utf8");
export const PROGRAM = { "index.js": read("index.js") };
/** In a package of `"type": "module"`. */
export const MODULE = { "index.js": read("index.mjs") };

/** Plays a scenario on each engine there is, each with its own server; what it records must be equal. Gives one of the recordings. */
export async function onEachEngine<T>(scenario: (world: World) => Promise<T>, options: WorldOptions = {}): Promise<T> {
  const recordings: T[] = [];
  for (const engine of await engines())
    if (!options.embedded || engine.kind === "embedded") recordings.push(await play(engine, scenario, options));
  const [first, ...others] = recordings;
  for (const other of others) expect(other).toEqual(first);
  return first as T; // there is always an embedded engine
}

async function play<T>(engine: Engine, scenario: (world: World) => Promise<T>, options: WorldOptions): Promise<T> {
  const tarball = await packOnce();
  const sandbox = await startSandbox({
    ...options.sandbox,
    selectel: { createPolls: 1, deletePolls: 1, gcPolls: 1, ...options.sandbox?.selectel },
  });
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "home-"));
  const program = makeProgram({ files: PROGRAM, tarball, ...options.program });
  const [one, two] = ["v1", "v2"].map((tag, n) => push(sandbox.store, "team/app", tag, image({ labels: { n: String(n) } })).digest);
  if (!one || !two) throw new Error("two images were pushed");
  const open = (stack: string) =>
    engine.open({
      dir: program.dir,
      stack,
      env: { HOME: home, DOCKER_CONFIG: home },
      config: { ...configuration(sandbox), digest: one, ...options.config },
      ...(options.verbosity === undefined ? {} : { verbosity: options.verbosity }),
    });
  const stacks = [await open("dev")];
  const [stack] = stacks;
  if (!stack) throw new Error("a stack was opened");
  try {
    return await scenario({
      engine,
      sandbox,
      stack,
      dir: program.dir,
      digests: [one, two],
      edit: (changes) => stack.setConfig("with", JSON.stringify(changes)),
      another: async (name) => {
        const other = await open(name);
        stacks.push(other);
        return other;
      },
      secrets: async () => [...passwords(sandbox), ...secretOutputs(await stack.state())],
    });
  } finally {
    for (const each of stacks) await each.close();
    program.remove();
    await sandbox.close();
    fs.rmSync(home, { recursive: true, force: true });
  }
}

export function configuration({ info }: Sandbox): Record<string, ConfigValue> {
  const { dtr, oci, registryui, selectel } = info;
  if (!dtr || !oci || !registryui || !selectel) throw new Error("all APIs are served");
  return {
    "dtr:url": dtr.url,
    "dtr:username": dtr.username,
    "dtr:password": { secret: dtr.password },
    "oci:url": oci.url,
    "oci:username": oci.username,
    "oci:password": { secret: oci.password },
    "registryui:url": registryui.url,
    "registryui:username": registryui.username,
    "registryui:token": { secret: registryui.token },
    "selectel:apiUrl": selectel.v1,
    "selectel:authUrl": selectel.authUrl,
    "selectel:accountId": selectel.accountId,
    "selectel:username": selectel.username,
    "selectel:password": { secret: selectel.password },
    "selectel:projectId": selectel.projectId,
    "selectel:registryUrl": selectel.registryHost,
  };
}

export const passwords = ({ info }: Sandbox): string[] =>
  [
    info.dtr?.password ?? "",
    info.oci?.password ?? "",
    info.registryui?.token ?? "",
    info.selectel?.password ?? "",
    info.selectel?.token ?? "",
  ].filter(Boolean);

/** Values that the state marks as secret, at any depth, those inside of JSON texts included. */
export function secretOutputs(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  if ("secret" in value && typeof value.secret === "string") {
    const inner = /"auth":"([^"]+)"/.exec(value.secret)?.[1];
    return [value.secret, ...(inner ? [inner] : [])];
  }
  return Object.values(value).flatMap(secretOutputs);
}

/** `create app`, `update ci [mode]`: steps that are not `same`. */
export const changes = (result: Result): string[] =>
  result.steps
    .filter(({ op }) => op !== "same")
    .map(({ op, name, keys, diffs }) => `${op} ${name}${(keys ?? diffs) ? ` [${(keys ?? diffs ?? []).join(", ")}]` : ""}`);

export const errors = (result: Result): string[] =>
  result.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);

/** Throws with all that was said if an operation failed. */
export function succeeded(result: Result): Result {
  if (!result.ok) throw new Error(`the operation failed:\n${errors(result).join("\n")}\n${result.stdout}\n${result.stderr}`);
  return result;
}

/** Requests that change something on an API, without those that log in. */
export const writes = ({ control }: Sandbox): string[] =>
  control
    .requests()
    .filter(({ api, method }) => method !== "GET" && method !== "HEAD" && api !== "selectel-identity" && api !== "stranger")
    .map(({ method, path: where }) => `${method} ${where}`);

/** What is on the servers, without ids and times. */
export async function everything({ info, store }: Sandbox): Promise<unknown> {
  const get = async (list: string, key: string): Promise<string[]> => {
    const answer = await fetch(`${info.selectel?.v2}/${list}?limit=100`, { headers: { "x-auth-token": info.selectel?.token ?? "" } });
    if (answer.status === 204) return [];
    const body: Readonly<Record<string, { name?: string; status: string }[]>> = JSON.parse(await answer.text());
    return (body[key] ?? []).map(({ name, status }) => `${name} ${status}`).sort();
  };
  return {
    repositories: store
      .repositories()
      .filter(({ manifests }) => manifests.size > 0)
      .map(({ name, tags, manifests }) => ({ name, tags: Object.fromEntries([...tags].sort()), manifests: [...manifests.keys()].sort() }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    registries: await get("registries", "registries"),
    tokens: await get("tokens", "tokens"),
  };
}
