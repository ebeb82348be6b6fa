import { Refusal } from "./refusal";
import type { Project, Registry, RegistryStatus, World } from "./world";

/** Puts a registry into a passing state that ends with `finish`, after as many polls as given or after `settleAfter`. */
export function pass(world: World, registry: Registry, status: RegistryStatus, polls: number, finish: () => void): void {
  registry.status = status;
  registry.transition = { polls, until: world.clock.now().getTime() + world.switches.settleAfter, finish };
}

/** Ends every passing state whose time has come. */
export function settle(world: World): void {
  for (const registry of [...world.registries.values()]) {
    const { transition } = registry;
    if (!transition || (transition.polls > 0 && world.clock.now().getTime() < transition.until)) continue;
    registry.transition = undefined;
    transition.finish();
  }
}

/** Counts one look at the registry. */
export function polled(registry: Registry): void {
  if (registry.transition) registry.transition.polls -= 1;
}

/** The registry of the project with this id, or 404. */
export function registryById(world: World, project: Project, id: string): Registry {
  settle(world);
  const registry = world.registries.get(id);
  if (!registry || registry.project !== project) throw new Refusal(404, "Registry not found.");
  return registry;
}

/** The registry with this name, whatever its project: names are unique service-wide. */
export function registryByName(world: World, name: string): Registry | undefined {
  settle(world);
  return [...world.registries.values()].find((registry) => registry.name === name);
}

/** 409 while a garbage collection runs. The refusal counts as a poll, so that a client that only retries comes through in the end. */
export function refuseDuringCollection(registry: Registry): void {
  if (registry.status !== "GARBAGE_COLLECTION") return;
  polled(registry);
  throw new Refusal(409, "Garbage collection is in progress.");
}
