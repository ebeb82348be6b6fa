import type { CompiledRule, RepositoryPolicy } from "../policy/compile";
import { parseNumber } from "../policy/template";
import { BranchNames, longestTag } from "./branches";
import type { Facts } from "./facts";
import type { Reason } from "./plan";
import type { Answers } from "./source-control";

/** What the rules say of a tag's name alone: the rule that selects it, or why it stays although a template knows it. */
export type Picked = { readonly rule: CompiledRule } | { readonly stays: Reason };

/** The first rule that selects a tag decides on it; undefined: none does. */
export type Picker = (tag: string) => Picked | undefined;

/** By the ids of nodes; one for each of a node's names. */
export type Picks = readonly (readonly (Picked | undefined)[])[];

const none: readonly never[] = [];

/** What rules say that nobody has to be asked about. */
const known = new WeakMap<Facts["undated"], Picks>();

/** What the rules say of all names. */
export function picksOf(facts: Pick<Facts, "graph" | "policy" | "undated">, answers: Answers): Picks {
  const { graph, policy, undated } = facts;
  const found = known.get(undated);
  if (found) return found;
  const pick = pickerOf(policy, answers);
  const picks = graph.nodes.map(({ names }) => (names.length === 0 ? none : names.map(pick)));
  if (!policy.rules.some(({ pullRequest, branch }) => pullRequest || branch)) known.set(undated, picks);
  return picks;
}

export const isRule = (pick: Picked | undefined): pick is { readonly rule: CompiledRule } => pick !== undefined && "rule" in pick;

export function pickerOf(policy: RepositoryPolicy, answers: Answers): Picker {
  const branches = answers.branches && new BranchNames(answers.branches);
  const picks = policy.rules.map((rule) => ({ rule }));
  return (tag) => {
    for (const pick of picks) {
      const { rule } = pick;
      const answered = answerOf(rule, tag, answers, branches);
      // A tag that a template knows is a candidate exactly when its pull request is closed or its branch is gone, whatever the patterns say.
      if (answered !== undefined) return answered === "goes" ? pick : { stays: blockedIf(rule.matches?.(tag) === true, answered) };
      if (rule.matches ? rule.matches(tag) : !rule.pullRequest && !rule.branch) return pick;
    }
    return undefined;
  };
}

function answerOf(rule: CompiledRule, tag: string, answers: Answers, branches: BranchNames | undefined): "goes" | Reason | undefined {
  const number = parseNumber(rule.pullRequest?.(tag) ?? "");
  const branch = rule.branch?.(tag);
  if (number === undefined && branch === undefined) return undefined;
  if (number !== undefined) {
    const state = answers.pullRequests.get(number) ?? "unknown";
    if (state === "open") return { code: "pull-request-open", text: `pull request ${number} is open` };
    if (state === "none") return { code: "not-selected", text: `there is no pull request ${number}` };
    if (state === "unknown") {
      return { code: "unknown-to-github", text: `nobody told whether pull request ${number} is closed`, blocked: true };
    }
  }
  if (branch !== undefined) {
    if (!branches) return { code: "unknown-to-github", text: "nobody told which branches exist", blocked: true };
    if (branches.has(branch, tag.length >= longestTag)) return { code: "branch-exists", text: `branch ${branch} exists` };
  }
  return "goes";
}

function blockedIf(wanted: boolean, reason: Reason): Reason {
  return wanted ? { ...reason, blocked: true } : reason;
}
