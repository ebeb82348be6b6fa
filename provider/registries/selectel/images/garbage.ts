import type { GarbageCollection } from "../../image-registry";
import { collectGarbage } from "../garbage-collection";
import type { Shared } from "./finder";

/** Garbage is collected by registry: what no manifest names goes, manifests without a tag stay. */
export function garbageCollection({ client, registries, settings }: Shared): GarbageCollection {
  return {
    scope: (repository) => repository.split("/", 1)[0] ?? repository,
    scopes: (signal) => names(registries.all(signal)),
    async collect(scope, { signal, onProgress }) {
      const registry = await registries.registry(scope);
      if (!registry) throw new Error(`There is no registry ${scope} in this project.`);
      await collectGarbage(
        client,
        { id: registry.id },
        {
          deadline: settings.deadline,
          clock: settings.clock,
          signal,
          onStarted: () => onProgress?.(`Garbage collection in ${scope} has begun; nobody can push meanwhile.`),
          onProgress: (found) => onProgress?.(`Garbage collection in ${scope}: ${found?.reportedStatus ?? found?.status ?? "not there"}.`),
        },
      );
    },
  };
}

async function* names(registries: AsyncIterable<{ readonly name: string; readonly status: string }>): AsyncGenerator<string> {
  // Nobody but Selectel can do anything about a registry in ERROR, and starting a collection there fails.
  for await (const { name, status } of registries) if (status !== "ERROR") yield name;
}
