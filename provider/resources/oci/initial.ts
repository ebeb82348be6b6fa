import { emptyArtifact, isNameUnknown, type OciClient, parseTag, pushArtifact, type Repository, type Tag } from "../../registries/oci";
import { notDestroyed } from "../not-destroyed";

/** The tag under which a repository's first, empty artifact lies. */
export const initialTag: Tag = parseTag("registry-as-code-init");

const artifact = emptyArtifact({
  artifactType: "application/vnd.registry-as-code.init.v1",
  annotations: {
    "org.opencontainers.image.description":
      "Keeps an empty repository in being. Made by registry-as-code; may be deleted once there are images.",
  },
});

/** Pushes the initial artifact. The same bytes each time: pushing twice is pushing once. */
export async function initialize(client: OciClient, name: Repository): Promise<void> {
  await pushArtifact(client, name, initialTag, artifact);
}

/** All tags, or undefined where the registry does not know the repository. */
export async function tagsOf(client: OciClient, name: Repository): Promise<Tag[] | undefined> {
  try {
    return await Array.fromAsync(client.tags(name));
  } catch (error) {
    if (isNameUnknown(error)) return undefined;
    throw error;
  }
}

/** Deletes the initial artifact if it is all that a repository holds; gives the tags that are in the way and then deletes nothing. */
export async function removeInitial(client: OciClient, name: Repository, tags: readonly Tag[]): Promise<readonly Tag[]> {
  const others = tags.filter((tag) => tag !== initialTag);
  // Asked for by name: a list may be older than what was pushed last.
  const initial = await client.manifests.head(name, initialTag);
  const held = initial && initial.digest !== artifact.digest ? [...others, initialTag] : others;
  if (held.length === 0 && initial) await client.manifests.delete(name, initial.digest);
  return held;
}

/** Why a repository is not destroyed, and the ways out. */
export function refusal(name: string, held: readonly string[]): string {
  const shown = held.slice(0, 5).join(", ");
  const count = `${held.length} ${held.length === 1 ? "tag" : "tags"}`;
  return notDestroyed(`repository ${name}`, `${count} (${shown}${held.length > 5 ? ", …" : ""})`, "all its images");
}
