import type { StoredManifest, StoredRepository } from "../contract";
import { isStrings, type JsonObject, jsonBody, type Operation, segment } from "./call";
import { beginCollection } from "./garbage-collection";
import { imageOf, isIndex, isReferenced } from "./image-view";
import { refuseDuringCollection } from "./life";
import { Refusal } from "./refusal";
import { repositoryOf } from "./repositories";
import type { World } from "./world";

const referenced = "Image is referenced by another manifest";

interface Failure {
  readonly digest: string;
  readonly error: string;
  readonly tags: readonly string[];
}

interface Removal {
  readonly digest: string;
  readonly tags: readonly string[];
}

/** 200 even where items failed: these stand in `failed`. Starts a garbage collection unless `disable_gc` is true. */
export const cleanUp: Operation = (call) => {
  const { world } = call;
  const { registry, repository } = repositoryOf(call);
  const body = jsonBody(call.request);
  const digests = strings(body, "digests");
  const tags = strings(body, "tags");
  const disableGc = body.disable_gc ?? false;
  if (typeof disableGc !== "boolean") throw new Refusal(400, "disable_gc must be a boolean.");
  refuseDuringCollection(registry);
  const deleted: Removal[] = [];
  const failed: Failure[] = [];
  // Resolved before anything goes: a client that sends digests with all their tags does not fail on the tags.
  const wanted = tags.map((tag) => ({ tag, digest: repository.tags.get(tag) }));
  const holders = new Holders(world, repository);
  for (const digest of new Set(digests)) remove(world, repository, digest, deleted, failed, holders);
  for (const { tag, digest } of wanted) {
    if (digest === undefined) failed.push({ digest: "", error: "Tag not found", tags: [tag] });
    else if (repository.tags.get(tag) !== digest) continue;
    else if (world.switches.tagCleanup === "untag") untag(world, repository, tag, digest, deleted);
    else if (!failed.some((failure) => failure.digest === digest)) remove(world, repository, digest, deleted, failed, holders);
  }
  if (!disableGc) beginCollection(world, registry, false);
  return { status: 200, json: { deleted, failed } };
};

export const deleteManifest: Operation = (call) => {
  const { world } = call;
  const { registry, repository } = repositoryOf(call);
  const digest = segment(call, "ref");
  refuseDuringCollection(registry);
  // "SHA256 digest of the image": a tag names nothing here.
  if (!repository.manifests.has(digest)) throw new Refusal(404, "Image not found.");
  if (isReferenced(world, repository, digest)) throw new Refusal(409, referenced);
  drop(world, repository, digest);
  if (world.switches.deleteStartsGc) beginCollection(world, registry, false);
  return { status: 204 };
};

/** Tags and indexes of each digest, found once a call: looking through thousands of manifests for each of a hundred digests would be slow. */
class Holders {
  private readonly tags = new Map<string, string[]>();
  private readonly indexes = new Map<string, number>();

  constructor(
    private readonly world: World,
    repository: StoredRepository,
  ) {
    for (const [tag, digest] of repository.tags) this.tags.set(digest, [...(this.tags.get(digest) ?? []), tag]);
    for (const manifest of repository.manifests.values()) this.count(manifest, 1);
  }

  tagsOf(digest: string): readonly string[] {
    return this.tags.get(digest) ?? [];
  }

  hold(digest: string): boolean {
    return (this.indexes.get(digest) ?? 0) > 0;
  }

  count(manifest: StoredManifest | undefined, by: 1 | -1): void {
    const children = manifest ? this.world.store.references(manifest).manifests : [];
    for (const { digest } of children) this.indexes.set(digest, (this.indexes.get(digest) ?? 0) + by);
  }
}

function remove(world: World, repository: StoredRepository, digest: string, deleted: Removal[], failed: Failure[], holders: Holders): void {
  const tags = holders.tagsOf(digest).filter((tag) => repository.tags.get(tag) === digest);
  if (!repository.manifests.has(digest)) failed.push({ digest, error: "Image not found", tags });
  else if (holders.hold(digest)) failed.push({ digest, error: referenced, tags });
  else {
    holders.count(repository.manifests.get(digest), -1);
    drop(world, repository, digest);
    deleted.push({ digest, tags });
  }
}

function untag(world: World, repository: StoredRepository, tag: string, digest: string, deleted: Removal[]): void {
  world.store.deleteTag(repository.name, tag);
  deleted.push({ digest, tags: [tag] });
}

function drop(world: World, repository: StoredRepository, digest: string): void {
  const manifest = repository.manifests.get(digest);
  if (manifest && !isIndex(world, manifest)) world.removed.images.set(repository.name, imageOf(world, repository, manifest));
  world.store.deleteManifest(repository.name, digest);
}

/** A list of the body; `null` and nothing are empty, as Go's clients send them. */
function strings(body: JsonObject, name: string): readonly string[] {
  const value = body[name] ?? [];
  if (!isStrings(value)) throw new Refusal(400, `${name} must be a list of strings.`);
  return value;
}
