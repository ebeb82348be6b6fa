import type { OciStore, StoredManifest } from "../contract";
import { digestOf } from "../digest";
import { isObject, parseObject } from "../references";
import { layerDate } from "./dates";
import type { World } from "./world";

type JsonObject = Readonly<Record<string, unknown>>;

export interface Details {
  readonly digest: string;
  readonly size: number;
  readonly architecture: string | null;
  /** The newest first; the image's own configuration stands in the first. */
  readonly layers: readonly object[];
}

/** What a layer takes that changes nothing in the file system: an empty archive, compressed. */
const EMPTY_LAYER = 32;

const known = new WeakMap<StoredManifest, Details>();

/** "The tag details as returned by the Docker Registry API": what the sample shows, made from manifest and configuration. */
export function detailsOf(world: World, repository: string, manifest: StoredManifest): Details | null {
  const { store, switches } = world;
  const children = store.references(manifest).manifests;
  if (!("manifests" in parseObject(manifest.bytes))) return imageDetails(store, manifest);
  switch (switches.indexDetails) {
    case "index":
      return { digest: manifest.digest, size: 0, architecture: null, layers: [] };
    case "child": {
      const child = store.repository(repository)?.manifests.get(children[0]?.digest ?? "");
      return child ? imageDetails(store, child) : null;
    }
    case "null":
      return null;
  }
}

function imageDetails(store: OciStore, manifest: StoredManifest): Details {
  const seen = known.get(manifest);
  if (seen) return seen;
  const document = parseObject(manifest.bytes);
  const blob = store.blob(text(object(document.config).digest) ?? "");
  const config = blob ? parseObject(blob) : {};
  const sizes = list(document.layers).map(({ size }) => (typeof size === "number" ? size : 0));
  const details = {
    digest: manifest.digest,
    size: sizes.reduce((sum, size) => sum + size, 0),
    architecture: text(config.architecture),
    layers: layersOf(config, sizes),
  };
  // A configuration may come after its manifest.
  if (blob) known.set(manifest, details);
  return details;
}

/** One entry for each step of the history; where the configuration tells none, one for each layer. */
function layersOf(config: JsonObject, sizes: readonly number[]): readonly object[] {
  const history = list(config.history);
  const steps: readonly JsonObject[] = history.length > 0 ? history : sizes.map(() => ({ created: config.created }));
  const left = [...sizes];
  const layers: object[] = [];
  let parent: string | null = null;
  for (const [at, step] of steps.entries()) {
    const size = step.empty_layer === true ? EMPTY_LAYER : (left.shift() ?? EMPTY_LAYER);
    const id: string = digestOf(Buffer.from(JSON.stringify([parent, step, size]))).slice("sha256:".length);
    const newest = at === steps.length - 1;
    layers.unshift({
      id,
      config: newest ? command(object(config.config)) : null,
      containerConfig: command({ Cmd: step.created_by === undefined ? null : [step.created_by] }),
      created: layerDate(step.created),
      docker_Version: newest ? text(config.docker_version) : null,
      os: newest ? text(config.os) : null,
      parent,
      size,
    });
    parent = id;
  }
  return layers;
}

function command({ Cmd, Env, WorkingDir, Entrypoint }: JsonObject) {
  return { cmd: Cmd ?? null, env: Env ?? null, workingDir: WorkingDir ?? null, entryPoint: Entrypoint ?? null };
}

function object(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function list(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
