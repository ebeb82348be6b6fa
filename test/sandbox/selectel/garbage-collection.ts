import { flag, type Operation, segment } from "./call";
import { pass, refuseDuringCollection, registryById } from "./life";
import { Refusal } from "./refusal";
import { collect, garbageSizes } from "./sizes";
import type { Registry, World } from "./world";

export const startGarbageCollection: Operation = (call) => {
  const registry = registryById(call.world, call.project, segment(call, "id"));
  const deleteUntagged = flag(call, "delete-untagged");
  refuseDuringCollection(registry);
  if (registry.status !== "ACTIVE") throw new Refusal(409, "Registry is not active.");
  beginCollection(call.world, registry, deleteUntagged);
  return { status: 201 };
};

export const garbageCollectionSize: Operation = (call) => {
  return { status: 200, json: garbageSizes(call.world, registryById(call.world, call.project, segment(call, "id"))) };
};

/** Layers go at the end, so that what is pushed meanwhile and not yet named by a manifest is lost, as the vendor warns. */
export function beginCollection(world: World, registry: Registry, deleteUntagged: boolean): void {
  if (registry.status !== "ACTIVE") return;
  pass(world, registry, "GARBAGE_COLLECTION", world.switches.gcPolls, () => {
    collect(world, registry, deleteUntagged);
    registry.status = "ACTIVE";
  });
}
