import { jsonBody, type Operation, segment } from "./call";
import { pass, polled, refuseDuringCollection, registryById, registryByName, settle } from "./life";
import { arrayOrNothing, type Listing, page } from "./list";
import { Refusal } from "./refusal";
import { holdings, registrySize, usedPercent } from "./sizes";
import type { Project, Registry, World } from "./world";

export const createRegistry: Operation = ({ world, project, request }) => {
  const { name } = jsonBody(request);
  if (typeof name !== "string" || name === "") throw new Refusal(400, "Registry name is required.");
  if (name.length > world.switches.nameLimit || !/^[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(name)) {
    throw new Refusal(400, "Registry name is invalid.");
  }
  if (registryByName(world, name)) throw new Refusal(409, "Registry already exists.");
  if (owned(world, project).length >= world.switches.registryLimit) throw new Refusal(403, "Registries limit is exceeded.");
  const registry: Registry = { id: world.randomUuid(), name, project, createdAt: world.clock.now(), status: "CREATING", clusters: [] };
  world.registries.set(registry.id, registry);
  world.removed.registries.delete(project.id);
  pass(world, registry, "CREATING", world.switches.createPolls, () => {
    registry.status = world.switches.createResult;
  });
  return { status: 201, json: view(world, registry) };
};

export const getRegistry: Operation = (call) => {
  const registry = registryById(call.world, call.project, segment(call, "id"));
  const json = view(call.world, registry);
  polled(registry);
  return { status: 200, json };
};

/** The end of a deletion takes everything that was pushed below the name along. A second DELETE changes nothing. */
export const deleteRegistry: Operation = (call) => {
  const { world } = call;
  const registry = registryById(world, call.project, segment(call, "id"));
  refuseDuringCollection(registry);
  if (world.switches.deleteNonEmpty === "conflict" && holdings(world, registry).some(({ manifests }) => manifests.size > 0)) {
    throw new Refusal(409, "Registry is not empty.");
  }
  if (registry.status === "DELETING") return { status: 204 };
  pass(world, registry, "DELETING", world.switches.deletePolls, () => {
    for (const { name } of holdings(world, registry)) world.store.deleteRepository(name);
    world.store.collectGarbage({ prefix: registry.name });
    world.registries.delete(registry.id);
    world.removed.registries.set(registry.project.id, registry);
  });
  return { status: 204 };
};

export const listRegistries: Operation = (call) => {
  const { items } = page(call, listing(call.world, call.project));
  return arrayOrNothing(
    call,
    items.map((registry) => view(call.world, registry)),
  );
};

/** The page of v2, whose registries lack `sizeLimit` and `used`. */
export const listRegistriesV2: Operation = (call) => {
  const { items, filtered } = page(call, listing(call.world, call.project));
  const registries = items.map((registry) => {
    const { createdAt, id, name, size, status } = view(call.world, registry);
    return { createdAt, id, name, size, status };
  });
  return { status: 200, json: { registries, totalCount: filtered } };
};

/** `…/clusters` is a guess: the path is published nowhere. */
export const listClusters: Operation = (call) => {
  const { clusters } = registryById(call.world, call.project, segment(call, "id"));
  return { status: 200, json: { clusters, totalCount: clusters.length } };
};

function listing(world: World, project: Project): Listing<Registry> {
  settle(world);
  return {
    items: owned(world, project),
    at: ({ createdAt }) => createdAt.getTime(),
    removed: world.removed.registries.get(project.id),
    matches: ({ name }, search) => name.includes(search),
    sort: {
      name: ({ name }) => name,
      createdAt: ({ createdAt }) => createdAt.getTime(),
      size: (registry) => registrySize(world, registry),
    },
  };
}

function owned(world: World, project: Project): Registry[] {
  return [...world.registries.values()].filter((registry) => registry.project === project);
}

function view(world: World, registry: Registry) {
  const size = registrySize(world, registry);
  const { sizeLimit } = world.switches;
  return {
    createdAt: registry.createdAt.toISOString(),
    id: registry.id,
    name: registry.name,
    size,
    sizeLimit,
    status: registry.status,
    used: usedPercent(size, sizeLimit),
  };
}
