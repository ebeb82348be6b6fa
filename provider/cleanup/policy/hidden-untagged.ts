import type { ImageRegistry } from "../../registries/image-registry";
import type { Policy } from "./policy";
import { PolicyError } from "./policy-error";

/**
 * V2 has no list of untagged manifests. A policy that is about them and nothing else would do nothing for ever, and look like success: that
 * is an error. Otherwise what to tell the reader, if anything.
 */
export function hiddenUntagged(
  policy: Policy,
  { capabilities, name }: Pick<ImageRegistry, "capabilities" | "name">,
  where = "delete-untagged",
): string | undefined {
  if (policy.untagged === undefined || capabilities.untagged === "listed") return undefined;
  const text = `${name} does not show images without tags, as its API has no list of them: of these nothing goes, but for what was part of something.`;
  const other =
    policy.rules.length > 0 ||
    policy.deleteGhostImages ||
    policy.deletePartialImages ||
    policy.deleteOrphanedReferrers ||
    policy.deleteDanglingTags;
  if (other) return text;
  throw new PolicyError(where, `${text} Nothing else is selected. Select by tags or age, or let the registry itself collect them.`);
}
