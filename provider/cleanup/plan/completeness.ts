import type { Inventory } from "../../registries/image-registry";

/** What is missing in an inventory for anything to be deleted by it: one sentence. Undefined: it is complete. */
export function incompleteness({ tags, manifests, missing }: Inventory): string | undefined {
  const unread: string[] = [];
  tags.forEach((digest, tag) => {
    if (!manifests.has(digest)) unread.push(tag);
  });
  if (unread.length > 0)
    return `The manifest of ${some("tag", unread)} was not read, so that nobody knows what it needs: nothing is deleted here.`;
  const unknown = new Set<string>();
  manifests.forEach(({ children }) => {
    for (const child of children) if (!manifests.has(child) && !missing.has(child)) unknown.add(child);
  });
  if (unknown.size === 0) return undefined;
  return `Parts of images were neither read nor proven not to exist, so that nothing is deleted here: ${some("digest", [...unknown])}.`;
}

/** Tags that protect the repository, as nobody knows what they need: one sentence. */
export function danglingProblem(tags: readonly string[], excluded: boolean): string | undefined {
  if (tags.length === 0) return undefined;
  const them = tags.length === 1 ? "it" : "them";
  const wayOut = excluded
    ? `Push ${them} again, or take ${them} out of what is excluded.`
    : `Push ${them} again, or have ${them} deleted: delete-dangling-tags: true.`;
  return `There is no manifest behind ${some("tag", tags)}. Nobody knows what it needs, so nothing is deleted in this repository. ${wayOut}`;
}

function some(noun: string, names: readonly string[]): string {
  const shown = [...names].sort().slice(0, 5).join(", ");
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return `the ${noun}${names.length === 1 ? "" : "s"} ${shown}${more}`;
}
