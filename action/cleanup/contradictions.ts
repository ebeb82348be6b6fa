import { connectionInputNames } from "../connection-inputs";
import { connectionProblems } from "../connection-problems";
import type { Problem } from "../input-error";
import { type InputName, inputNames } from "./declaration";
import { isSet, type RawInputs } from "./raw-inputs";
import { selectors } from "./selector-inputs";

const besidePlan: readonly InputName[] = [
  ...connectionInputNames,
  "apply-plan",
  "concurrency",
  "run-gc",
  "fail-on",
  "comment",
  "github-token",
  "dry-run",
];
const besideCollection: readonly InputName[] = [
  ...connectionInputNames,
  "repositories",
  "concurrency",
  "run-gc",
  "fail-on",
  "github-token",
  "dry-run",
];

/** Inputs that cannot be meant together, or lack what they need. All of them, whatever else is wrong with the inputs. */
export function contradictions(raw: RawInputs): Problem[] {
  return [...connectionProblems(raw), ...modes(raw), ...needs(raw)];
}

function modes(raw: RawInputs): Problem[] {
  if (raw["run-gc"] === "only") {
    const text = "cannot stand beside run-gc: only, which collects garbage and does nothing else. Remove one of the two.";
    return others(raw, besideCollection).map((input) => ({ input, text }));
  }
  if (raw["apply-plan"]) {
    const text = "cannot stand beside apply-plan: the plan was made with what it says. Remove it, or make a new plan.";
    return others(raw, besidePlan).map((input) => ({ input, text }));
  }
  if (raw.policy) {
    const text = "cannot stand beside policy, which says what goes and what stays. Write it into the policy, or leave the policy out.";
    return selectors.filter((name) => isSet(raw, name)).map((input) => ({ input, text }));
  }
  return [];
}

function needs(raw: RawInputs): Problem[] {
  const problems: Problem[] = [];
  for (const input of ["comment", "pull-request-tags", "branch-tags"] as const) {
    const wanted = input === "comment" ? raw.comment?.toLowerCase() === "true" : isSet(raw, input);
    if (wanted && !raw["github-token"])
      problems.push({ input, text: "needs github-token, which is empty. Leave github-token out to use the job's own." });
  }
  if (raw.type === "oci" && (raw["run-gc"] === "true" || raw["run-gc"] === "only")) {
    problems.push({
      input: "run-gc",
      text: `${raw["run-gc"]} cannot be used with type: oci, whose API has no garbage collection: whoever runs the registry collects it. Remove it.`,
    });
  }
  return problems;
}

const others = (raw: RawInputs, allowed: readonly InputName[]): InputName[] =>
  inputNames.filter((name) => !allowed.includes(name) && isSet(raw, name));
