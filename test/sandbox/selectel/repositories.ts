import type { StoredRepository } from "../contract";
import { type Call, flag, type Operation, segment } from "./call";
import { beginCollection } from "./garbage-collection";
import { typeOf } from "./image-view";
import { refuseDuringCollection, registryById } from "./life";
import { arrayOrNothing, type Page, page } from "./list";
import { Refusal } from "./refusal";
import { holdings, repositorySize } from "./sizes";
import type { Registry, World } from "./world";

export interface RepositoryView {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly updatedAt: string;
}

export const listRepositories: Operation = (call) => arrayOrNothing(call, shown(call, repositories(call).items));

export const listRepositoriesV2: Operation = (call) => {
  const { items, filtered, total } = repositories(call);
  return { status: 200, json: { filteredCount: filtered, repositories: shown(call, items), totalCount: total } };
};

export const getRepository: Operation = (call) => {
  const { registry, repository } = repositoryOf(call);
  return { status: 200, json: view(call.world, registry, repository) };
};

export const deleteRepository: Operation = (call) => {
  const { world } = call;
  const { registry, repository } = repositoryOf(call);
  refuseDuringCollection(registry);
  world.removed.repositories.set(registry.id, view(world, registry, repository));
  world.store.deleteRepository(repository.name);
  if (world.switches.deleteStartsGc) beginCollection(world, registry, false);
  return { status: 204 };
};

/** The registry and repository that the path names, or 404. */
export function repositoryOf(call: Call): { registry: Registry; repository: StoredRepository } {
  const registry = registryById(call.world, call.project, segment(call, "id"));
  const repository = call.world.store.repository(`${registry.name}/${segment(call, "name")}`);
  if (!repository) throw new Refusal(404, "Repository not found.");
  return { registry, repository };
}

function repositories(call: Call): Page<RepositoryView> {
  const { world } = call;
  const registry = registryById(world, call.project, segment(call, "id"));
  const items = holdings(world, registry).filter(({ name }) => name !== registry.name);
  const removed = world.removed.repositories.get(registry.id);
  const name = (repository: RepositoryView) => repository.name;
  return page(call, {
    items: items.map((repository) => view(world, registry, repository)),
    at: ({ updatedAt }) => Date.parse(updatedAt),
    // One that was pushed again since is not gone.
    removed: removed && !items.some((item) => item.name === `${registry.name}/${removed.name}`) ? removed : undefined,
    matches: (repository, search) => repository.name.toLowerCase().includes(search),
    // "When short output is enabled, sorting can only be done by name."
    sort: flag(call, "short") ? { name } : { name, updatedAt: ({ updatedAt }) => Date.parse(updatedAt), size: ({ size }) => size },
  });
}

function shown(call: Call, items: readonly RepositoryView[]): readonly unknown[] {
  if (!flag(call, "short")) return items;
  return items.map(({ name }) => (call.world.switches.shortShape === "strings" ? name : { name }));
}

function view(world: World, registry: Registry, repository: StoredRepository): RepositoryView {
  return {
    name: repository.name.slice(registry.name.length + 1),
    size: repositorySize(world, repository),
    type: typeOf(repository),
    updatedAt: repository.updatedAt.toISOString(),
  };
}
