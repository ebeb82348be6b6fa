import type { ImageRegistry } from "../../registries/image-registry";

/** The registry's list of repositories, asked for once however often it is read. One that fails fails again without being asked. */
export function readOnce(registry: Pick<ImageRegistry, "name" | "repositories">): Pick<ImageRegistry, "name" | "repositories"> {
  let names: Promise<readonly string[]> | undefined;
  return {
    name: registry.name,
    async *repositories(signal) {
      names ??= listed(registry, signal);
      yield* await names;
    },
  };
}

async function listed(registry: Pick<ImageRegistry, "repositories">, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const name of registry.repositories(signal)) names.push(name);
  return names;
}
