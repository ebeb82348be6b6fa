import type { DeletionSupport } from "../../registries/image-registry";
import type { RepositoryPolicy } from "../policy/compile";

/** Why a tag cannot be removed alone, to follow "its digest stays"; undefined if it can. `support` is absent as long as nobody has asked. */
export function cannotUntag(support: DeletionSupport | undefined, { allowPlaceholderUntag }: RepositoryPolicy): string | undefined {
  if (!support || support.tag === "supported" || support.tag === "denied") return undefined;
  if (support.manifest === "immutable") return ", and the tags of this repository are immutable";
  if (support.manifest === "readonly") return ", and this registry is read-only";
  if (support.tag === "unsupported" || support.manifest === "disabled") return ", and this registry cannot remove a tag alone";
  if (allowPlaceholderUntag) return undefined;
  return ", and this registry can remove a tag alone only by way of a placeholder (allow-placeholder-untag)";
}

/** The same of a tag that points to nothing. A placeholder is no detour there: it takes nothing from any image. */
export function cannotUntagDangling(support: DeletionSupport | undefined, policy: RepositoryPolicy): string | undefined {
  return cannotUntag(support, { ...policy, allowPlaceholderUntag: true });
}
