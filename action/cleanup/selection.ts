import { PolicyError } from "../../provider/cleanup/policy/policy-error";
import type { Settings } from "../../provider/cleanup/policy/policy-settings";
import { policyFromSelectors, type Selectors } from "../../provider/cleanup/policy/selectors";
import { spelt } from "../../provider/cleanup/policy/spelling";
import type { Problem } from "../input-error";
import type { InputName } from "./declaration";
import type { Fields } from "./fields";
import { isSet, type RawInputs } from "./raw-inputs";
import { selecting } from "./selector-inputs";

/** What is wrong with the selectors as a whole: that there is none, that one makes no sense without another. `known`: what was found before. */
export function selectionProblems(fields: Fields, raw: RawInputs, known: readonly Problem[], now: number): Problem[] {
  if (raw.policy || raw["apply-plan"] || raw["run-gc"] === "only") return [];
  try {
    policyFromSelectors(selectorsOf(fields), { spelling: "kebab-case", now });
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const problem = { input: error.where, text: error.message.slice(error.where === "" ? 0 : error.where.length + 2) };
    return follows(problem, known) ? [] : [problem];
  }
}

/** Whether a problem follows from, or repeats, one that is known: an input that could not be read counts as missing here. */
const follows = ({ input }: Problem, known: readonly Problem[]): boolean =>
  known.some((other) => other.input === input || (input === "" && selecting.some((name) => name === other.input)));

export function selectorsOf(fields: Fields): Selectors {
  return {
    repositories: fields.repositories,
    deleteTags: fields["delete-tags"],
    excludeTags: fields["exclude-tags"],
    patternSyntax: fields["pattern-syntax"],
    keepNTagged: fields["keep-n-tagged"],
    keepNUntagged: fields["keep-n-untagged"],
    groupBy: fields["group-by"],
    sortBy: fields["sort-by"],
    olderThan: fields["older-than"],
    deleteUntagged: fields["delete-untagged"],
    deleteGhostImages: fields["delete-ghost-images"],
    deletePartialImages: fields["delete-partial-images"],
    deleteOrphanedReferrers: fields["delete-orphaned-referrers"],
    deleteDanglingTags: fields["delete-dangling-tags"],
    pullRequestTags: fields["pull-request-tags"],
    branchTags: fields["branch-tags"],
    ...settings(fields),
  };
}

function settings(fields: Fields) {
  return {
    minAge: fields["min-age"],
    minKeep: fields["min-keep"],
    maxDeletions: fields["max-deletions"],
    maxDeletionsPercent: fields["max-deletions-percent"],
    artifactTypes: fields["artifact-types"],
    allowPlaceholderUntag: fields["allow-placeholder-untag"],
  } satisfies Settings;
}

/** What may stand beside a policy, as far as somebody has said it: the policy may say the rest. */
export function besidePolicy(fields: Fields, raw: RawInputs): Pick<Selectors, "repositories" | keyof Settings> {
  const said = { repositories: fields.repositories, ...settings(fields) };
  return Object.fromEntries(Object.entries(said).filter(([key]) => isSet(raw, kebab(key))));
}

/** The input of a setting: `minAge` is `min-age`, in the whole of `declaration.ts`. */
const kebab = (setting: string): InputName => spelt(setting, "kebab-case") as InputName;
