import type { StoredRepository } from "../contract";
import { type Call, type Operation, required } from "./call";
import { dateText } from "./dates";
import { detailsOf } from "./details";
import { page } from "./list";
import { notAuthorized, Refusal } from "./refusal";
import { mayRead } from "./users";
import { idOf, tagKey } from "./world";

export const listTags: Operation = (call) => {
  const { world, principal } = call;
  const path = required(call, "repository");
  if (!mayRead(world, principal, path)) {
    if (world.switches.unreadable === "NOTAUTHORIZED") throw notAuthorized();
    return { total: 0, count: 0, entries: [] };
  }
  const repository = world.store.repository(path);
  // A project is a repository too, with nothing in it.
  if (!repository && !world.projects.has(path) && world.switches.unknown === "text") throw unknownRepository(path);
  const { total, items } = page(call, [...(repository?.tags.keys() ?? [])], (tag) => tag);
  return { total, count: items.length, entries: repository ? items.map((tag) => tagEntry(call, repository, tag)) : [] };
};

export const tagInfo: Operation = (call) => {
  const { world, principal } = call;
  if (!mayRead(world, principal, required(call, "repository"))) throw notAuthorized();
  const { repository, tag } = tagOf(call);
  return { data: repository ? tagEntry(call, repository, tag) : null };
};

/** By the switch, every tag of the same digest goes with it: the registry below knows no other deletion than by digest. */
export const deleteTag: Operation = (call) => {
  const { store, switches } = call.world;
  const { repository, tag } = tagOf(call);
  if (!repository) return { data: false };
  if (switches.siblings === "kept") store.deleteTag(repository.name, tag);
  else store.deleteManifest(repository.name, repository.tags.get(tag) ?? "");
  return { data: true };
};

/** The repository that holds the tag of the arguments; by the switch nothing, or an error, when there is no such tag. */
function tagOf(call: Call): { readonly repository?: StoredRepository; readonly tag: string } {
  const { store, switches } = call.world;
  const path = required(call, "repository");
  const tag = required(call, "tagName");
  const repository = store.repository(path);
  if (repository?.tags.has(tag)) return { repository, tag };
  if (switches.unknown === "silent") return { tag };
  throw repository ? new Refusal(`The tag '${tag}' does not exist in repository '${path}'.`, 404) : unknownRepository(path);
}

function unknownRepository(path: string): Refusal {
  return new Refusal(`The repository '${path}' does not exist.`, 404);
}

/** The first fields are the supported ones; the others stand in the vendor's sample, `os` with the architecture in it as there. */
function tagEntry({ world, request }: Call, repository: StoredRepository, tag: string) {
  const key = tagKey(repository.name, tag);
  const manifest = repository.manifests.get(repository.tags.get(tag) ?? "");
  const details = manifest ? detailsOf(world, repository.name, manifest) : null;
  const lastUpdated = dateText(world, repository.tagPushes.get(tag)?.lastAt ?? repository.updatedAt);
  const lastUpdatedBy = world.pushedBy.get(key) ?? world.administrator;
  const reference = `${new URL(request.origin).host}/${repository.name}:${tag}`;
  const supported = {
    repositoryName: repository.name,
    tagName: tag,
    lastUpdated,
    lastUpdatedBy,
    details,
    pullCount: world.pulls.get(key) ?? 0,
    pushCount: repository.tagPushes.get(tag)?.count ?? 0,
    pullCommand: `docker pull ${reference}`,
    pushCommand: `docker push ${reference}`,
  };
  if (world.switches.otherFields === "absent") return supported;
  return {
    ...supported,
    id: idOf(world, key),
    tenantId: 1,
    available: true,
    lastUpdatedById: idOf(world, lastUpdatedBy),
    size: details?.size ?? 0,
    os: details?.architecture ?? null,
    digest: details?.digest ?? null,
    created: dateText(world, manifest?.pushedAt ?? repository.createdAt),
    updated: lastUpdated,
    deletingUser: 0,
  };
}
