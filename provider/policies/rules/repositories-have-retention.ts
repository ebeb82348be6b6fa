import { z } from "zod";
import { inList } from "../matcher";
import { patterns, stackRule } from "../rule";
import { count, type Subject, text } from "../subject";

export interface RepositoriesHaveRetention {
  /** Repositories that may grow, as globs over `namespace/name`. Default: none. */
  except?: string[];
}

const messages = {
  endless:
    "nothing ever deletes tags of the repository: set `tagLimit`, declare an enabled `dtr.PruningPolicy` for it in this stack, or add it to the policy's `except`",
};
const path = { namespace: text, name: text };

/** A policy covers a repository by its names or, before they are known, by where its names come from. */
export const repositoriesHaveRetention = stackRule<Required<RepositoriesHaveRetention>>({
  name: "repositories-have-retention",
  severity: "medium",
  description: "Every repository must have a tag limit or a pruning policy.",
  types: ["dtr:Repository", "dtr:PruningPolicy"],
  messages,
  settings: z.strictObject({ except: patterns("Repositories that may grow, as globs over `namespace/name`.") }),
  judge({ except }) {
    const excepted = inList(except, "repositories-have-retention: except");
    return (subjects) => {
      const policies = subjects.filter(({ type }) => type === "dtr:PruningPolicy").filter(mayBeEnabled);
      const covered = new Set(policies.map(pathOf));
      const undecided = policies.filter((policy) => pathOf(policy) === undefined);
      const isCovered = (subject: Subject, name: string | undefined): boolean =>
        (name !== undefined && covered.has(`${subject.provider} ${name}`)) ||
        undecided.some((policy) => policy.origins("repository").includes(subject.urn));
      for (const subject of subjects.filter(({ type }) => type === "dtr:Repository")) {
        if ((subject.read({ tagLimit: count })?.tagLimit ?? 0) > 0) continue;
        const known = subject.read(path);
        const name = known && `${known.namespace}/${known.name}`;
        if (isCovered(subject, name) || (name !== undefined && excepted(name))) continue;
        if (undecided.length > 0) for (const policy of undecided) policy.notKnown(["namespace", "repository"]);
        else if (name === undefined) subject.notKnown(["namespace", "name"]);
        else subject.when({ tagLimit: count }, () => subject.violates(messages.endless));
      }
    };
  },
});

const mayBeEnabled = (policy: Subject): boolean => policy.read({ enabled: (value) => value !== false })?.enabled ?? true;

/** Where it is and which repository it is for; undefined while that is not known. */
function pathOf(policy: Subject): string | undefined {
  const known = policy.read({ namespace: text, repository: text });
  return known && `${policy.provider} ${known.namespace}/${known.repository}`;
}
