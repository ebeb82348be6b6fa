import type { ServerPruning } from "../../registries/image-registry";
import type { RepositoryPlan } from "../plan/plan";

/** Names that are shown. */
const shown = 5;

/** A repository's plan, with what the server's own policies would do beside it as a warning. */
export function beside(plan: RepositoryPlan, pruning: ServerPruning | undefined): RepositoryPlan {
  return pruning === undefined ? plan : { ...plan, warnings: [...plan.warnings, sentence(plan, pruning)] };
}

function sentence({ images, dangling }: RepositoryPlan, { policies, tags }: ServerPruning): string {
  const who = policies === 1 ? "The server's own pruning policy" : `The server's own ${policies} pruning policies`;
  if (tags.size === 0) return `${who} would delete nothing here now.`;
  const going = new Set(
    [...images.flatMap((image) => image.tags), ...dangling].flatMap(({ tag, action }) => (action === "delete" ? [tag] : [])),
  );
  const others = [...tags].filter((tag) => !going.has(tag)).sort();
  const both = tags.size - others.length;
  const count = tags.size === 1 ? "1 tag" : `${tags.size} tags`;
  if (others.length === 0) return `${who} would delete ${count} here, which this plan deletes, too.`;
  const more = others.length > shown ? ` and ${others.length - shown} more` : "";
  const names = `${others.slice(0, shown).join(", ")}${more}`;
  const beyond = both === 0 ? "which this plan keeps" : `of which this plan keeps ${others.length}`;
  return `${who} would delete ${count} here, ${beyond}: ${names}.`;
}
