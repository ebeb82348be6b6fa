import { RegistryError } from "../../../http";
import type { DeletionSupport } from "../../image-registry";
import type { RegistryUiClient } from "../client";
import { isNotAuthorized, isOffline } from "../errors";

/** Whether `/v2` deletes manifests for these credentials, or at least says that nobody may delete now. Else RegistryUI's own call is left. */
export const isByDigest = ({ manifest }: Pick<DeletionSupport, "manifest">): boolean => manifest === "supported" || manifest === "readonly";

/**
 * What may be deleted through `DELETE taginfo`: found out with a tag that nobody ever chose. That call may take a digest with all its tags, so a tag alone never.
 */
export async function supportByTag(client: RegistryUiClient, repository: string, nonce: string): Promise<DeletionSupport> {
  try {
    await client.tags.delete({ repository, tag: `registry-as-code-probe-${nonce}` });
  } catch (error) {
    if (isNotAuthorized(error)) return { manifest: "denied", tag: "denied" };
    // That there is no such tag is said in words, or by `data` that is not `true`; OFFLINE and what was no answer say nothing.
    if (isOffline(error) || !(error instanceof RegistryError) || (error.kind !== "answer" && error.status !== 404)) throw error;
  }
  return { manifest: "supported", tag: "unsupported" };
}
