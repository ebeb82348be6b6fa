import { isConflict } from "../../http";
import { retryWhileBusy, type SelectelClient, unlessAbsent } from "../../registries/selectel";
import { type Context, remaining } from "../declaration";
import { notDestroyed } from "../not-destroyed";
import { initialTag, refusal } from "../oci/initial";

/** Tags of a repository beside the initial artifact, and untagged images; undefined where there is no such repository. */
async function heldImages({ client, signal }: Context<SelectelClient>, registryId: string, name: string): Promise<string[] | undefined> {
  const held: string[] = [];
  const tags = await unlessAbsent(Array.fromAsync(client.v1.images.tags({ id: registryId, name }, { signal })));
  if (tags === undefined) return undefined;
  held.push(...tags.filter((tag) => tag !== initialTag));
  // `/images` hides indexes and `/tags` hides what has no tag: only both together tell that nothing is there.
  for (const image of (await unlessAbsent(Array.fromAsync(client.v1.images.list({ id: registryId, name }, { signal })))) ?? []) {
    if (image.tags.length === 0) held.push(image.digest);
    else held.push(...image.tags.filter((tag) => tag !== initialTag && !held.includes(tag)));
  }
  return held;
}

/** Stops the destruction of a registry that holds images. */
async function refuseWithImages(context: Context<SelectelClient>, id: string, registry: string): Promise<void> {
  for (const name of await repositoryNames(context, id)) {
    const held = await heldImages(context, id, name);
    if (held && held.length > 0) {
      const shown = `${held.slice(0, 3).join(", ")}${held.length > 3 ? ", …" : ""}`;
      throw new Error(notDestroyed(`registry ${registry}`, `images (${name}: ${shown})`, "all its images"));
    }
  }
}

/**
 * Deletes a registry, after any garbage collection that runs. Without `withContent` it is looked at right before each attempt: minutes may pass, and
 * somebody may push meanwhile. With it, its repositories go first where the service wants that.
 */
export async function deleteRegistry(context: Context<SelectelClient>, id: string, name: string, withContent: boolean): Promise<void> {
  const { client, signal } = context;
  const attempt = async () => {
    if (!withContent) await refuseWithImages(context, id, name);
    await unlessAbsent(client.v1.registries.delete({ id }, { signal }));
  };
  try {
    await attempt();
  } catch (error) {
    if (!isConflict(error)) throw error;
    // 409 says one of two things: garbage is being collected, or the registry is not empty.
    if (withContent) for (const repository of await repositoryNames(context, id)) await deleteRepository(context, id, repository, true);
    await retryWhileBusy(attempt, remaining(context));
  }
}

/** Deletes a repository, after any garbage collection that runs. Without `withContent` it is looked at right before each attempt. */
export async function deleteRepository(
  context: Context<SelectelClient>,
  registryId: string,
  name: string,
  withContent: boolean,
): Promise<void> {
  const { client, signal } = context;
  await retryWhileBusy(async () => {
    const held = withContent ? [] : await heldImages(context, registryId, name);
    if (held === undefined) return;
    if (held.length > 0) throw new Error(refusal(name, held));
    await unlessAbsent(client.v1.repositories.delete({ id: registryId, name }, { signal }));
  }, remaining(context));
}

async function repositoryNames({ client, signal }: Context<SelectelClient>, id: string): Promise<string[]> {
  const repositories = (await unlessAbsent(Array.fromAsync(client.v1.repositories.list({ id }, { signal })))) ?? [];
  return repositories.map(({ name }) => name);
}
