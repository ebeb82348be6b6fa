import { z } from "zod";
import { inList } from "../matcher";
import { patterns, stackRule } from "../rule";
import { count, flag, type Subject, text } from "../subject";

export interface RepositoriesHaveRetention {
  /** Repositories that may grow, as globs over `namespace/name`. Default: none. */
  except?: string[];
}

const messages = {
  endless:
    "nothing ever deletes tags of the repository: set `tagLimit`, declare an enabled `dtr.PruningPolicy` for it in this stack, or add it to the policy's `except`",
  immutable:
    "nothing ever deletes tags of the repository, and immutable tags exclude `tagLimit`: declare an enabled `dtr.PruningPolicy` for it in this stack, or add it to the policy's `except`",
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
      const prunings = subjects.filter(({ type }) => type === "dtr:PruningPolicy").map(pruningOf);
      const possible = prunings.filter(({ isOn }) => isOn !== false);
      const undecided = possible.filter(({ place }) => place === undefined);
      for (const subject of subjects.filter(({ type }) => type === "dtr:Repository")) {
        if ((subject.read({ tagLimit: count })?.tagLimit ?? 0) > 0) continue;
        const known = subject.read(path);
        const name = known && `${known.namespace}/${known.name}`;
        if (name !== undefined && excepted(name)) continue;
        const place = name === undefined ? undefined : `${subject.server} ${name}`;
        const covering = possible.filter((pruning) =>
          pruning.place === undefined ? pruning.policy.origins("repository").includes(subject.urn) : pruning.place === place,
        );
        if (covering.some(({ isOn }) => isOn)) continue;
        if (covering.length > 0) for (const { policy } of covering) policy.notKnown(["enabled"]);
        else if (undecided.length > 0) for (const { policy } of undecided) policy.notKnown(["namespace", "repository"]);
        else if (name === undefined) subject.notKnown(["namespace", "name"]);
        else
          subject.when({ tagLimit: count }, () =>
            subject.violates(subject.read({ immutableTags: flag })?.immutableTags ? messages.immutable : messages.endless),
          );
      }
    };
  },
});

interface Pruning {
  readonly policy: Subject;
  /** Where it is and which repository it is for; undefined while that is not known. */
  readonly place: string | undefined;
  /** Undefined while that is not known. */
  readonly isOn: boolean | undefined;
}

function pruningOf(policy: Subject): Pruning {
  const known = policy.read({ namespace: text, repository: text });
  return {
    policy,
    place: known && `${policy.server} ${known.namespace}/${known.repository}`,
    isOn: policy.read({ enabled: (value) => value !== false })?.enabled,
  };
}
