import { isObject, parseObject } from "../references";
import { configOf } from "./happenings";
import type { Repository, TagNote } from "./repositories-model";
import { dateText } from "./route";
import { noteOf, updatedAt } from "./stored-tags";
import { pathOf, type World } from "./world";

/** `responses.ListTag`; its manifest as in a list, or whole. */
export function tagView(world: World, repository: Repository, tag: string, digest: string, manifest: "few" | "all") {
  const note = noteOf(world, repository, tag);
  const updated = updatedAt(world, repository, tag);
  const show = manifest === "all" ? manifestView : fewKeys;
  return {
    name: tag,
    digest,
    author: note.author,
    updatedAt: dateText(world, updated),
    createdAt: dateText(world, note.createdAt),
    hashMismatch: false,
    inNotary: repository.signed.has(tag),
    manifest: show(world, pathOf(repository), digest),
    ...(note.promotion && { promotion: promotionView(note.promotion, digest) }),
    ...(note.mirroring && { mirroring: mirroringView(note.mirroring) }),
  };
}

/** `responses.Promotion`, with the key that the server really names `string`. */
export function promotionView({ policyId, repository, tag }: NonNullable<TagNote["promotion"]>, digest: string) {
  return { promotionPolicyID: policyId, sourceRepository: repository, sourceTag: tag, string: digest };
}

/** `responses.Mirroring`. */
export function mirroringView({ policyId, digest, remoteRepository, remoteTag }: NonNullable<TagNote["mirroring"]>) {
  return { mirroringPolicyID: policyId, digest, remoteRepository, remoteTag };
}

/** `responses.Manifest`: `size` is the sum of what the manifest names, and an index carries its children. */
export function manifestView(world: World, path: string, digest: string) {
  const { config, digest: configDigest } = configOf(world, path, digest);
  const manifest = world.store.repository(path)?.manifests.get(digest);
  const children = manifest ? world.store.references(manifest).manifests : [];
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return {
    ...fewKeys(world, path, digest),
    architecture: text(config.architecture),
    author: text(config.author),
    configDigest,
    dockerfile: dockerfile(config, manifest ? parseObject(manifest.bytes).layers : undefined),
    os: text(config.os),
    osVersion: text(config["os.version"]),
    ...(children.length > 0 && { manifests: children.map((child) => ({ digest: child.digest })) }),
  };
}

function fewKeys(world: World, path: string, digest: string) {
  const manifest = world.store.repository(path)?.manifests.get(digest);
  const { config, mediaType: configMediaType } = configOf(world, path, digest);
  const created = Date.parse(String(config.created));
  const size = manifest ? world.store.references(manifest).blobs.reduce((sum, blob) => sum + blob.size, 0) : 0;
  const createdAt = dateText(world, Number.isNaN(created) ? manifest?.pushedAt : new Date(created));
  return { digest, mediaType: manifest?.mediaType ?? "", configMediaType, size, createdAt };
}

/** A line for each step of the image's history, or for each layer where there is none. */
function dockerfile(config: Readonly<Record<string, unknown>>, given: unknown): readonly object[] {
  const layers = Array.isArray(given) ? given.filter(isObject) : [];
  const steps = Array.isArray(config.history) ? config.history.filter(isObject) : layers.map(() => ({}));
  const left = [...layers];
  return steps.map((step: Readonly<Record<string, unknown>>) => {
    const isEmpty = step.empty_layer === true;
    const layer = isEmpty ? undefined : left.shift();
    const line = typeof step.created_by === "string" ? step.created_by : "";
    return { line, layerDigest: layer?.digest ?? "", size: layer?.size ?? 0, isEmpty, mediaType: layer?.mediaType ?? "" };
  });
}
