import type { InputName } from "./declaration";

/** What chooses something to delete. */
export const selecting = [
  "delete-tags",
  "keep-n-tagged",
  "keep-n-untagged",
  "older-than",
  "delete-untagged",
  "delete-ghost-images",
  "delete-partial-images",
  "delete-orphaned-referrers",
  "delete-dangling-tags",
  "pull-request-tags",
  "branch-tags",
] as const satisfies readonly InputName[];

/** What a policy says for itself: what chooses, and what it is chosen by. */
export const selectors = [...selecting, "exclude-tags", "pattern-syntax", "group-by", "sort-by"] as const satisfies readonly InputName[];
