import type { Deletion, DeletionResult } from "../../image-registry";
import { parseDigest } from "../../oci/digest";
import { parseRepository, parseTag } from "../../oci/path-names";
import type { Shared } from "./finder";
import type { Place } from "./registries";

type Outcome = Omit<DeletionResult, "deletion">;

/**
 * Removes one tag at the registry host, where the user says that the service can (`untag: "v2"`). The manifest is looked at afterwards:
 * a service that took it along is found out with the first tag, and asked for no other.
 */
export async function removeTag(shared: Shared, place: Place, deletion: Exclude<Deletion, { kind: "manifest" }>): Promise<Outcome> {
  if (shared.settings.untag === "unsupported" || shared.takesManifests) {
    return { outcome: "failed", message: `Selectel has no documented way to remove ${describe(deletion)} alone.` };
  }
  const host = await shared.host.open(place.registry, "write");
  const repository = parseRepository(place.repository);
  const tag = parseTag(deletion.tag);
  const now = await host.manifests.head(repository, tag);
  const expected = deletion.kind === "tag" ? deletion.digest : undefined;
  if (now && now.digest !== expected) return { outcome: "changed", message: `The tag ${tag} now points to ${now.digest}.` };
  if (!now && expected !== undefined) return { outcome: "absent" };
  try {
    const outcome = await host.manifests.delete(repository, tag);
    if (expected === undefined || (await host.manifests.head(repository, parseDigest(expected)))) return { outcome };
    shared.takesManifests = true;
    return {
      outcome: "failed",
      message: `The service deleted ${expected} with its tag ${tag}. No other tag is removed like that in this run.`,
    };
  } catch (error) {
    return { outcome: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}

const describe = (deletion: Exclude<Deletion, { kind: "manifest" }>) =>
  deletion.kind === "tag" ? `the tag ${deletion.tag}` : `the tag ${deletion.tag}, which points to nothing,`;
