import { readFile } from "node:fs/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { RepositoryDifference } from "../../provider/cleanup/plan/difference";
import { compilePolicy } from "../../provider/cleanup/policy/compile";
import type { Bounds, Policy } from "../../provider/cleanup/policy/policy";
import { PolicyError } from "../../provider/cleanup/policy/policy-error";
import { type CleanupSelection, isInline, resolvePolicy, type SelectionContext } from "../../provider/cleanup/policy/resolve-policy";
import type { CompareOptions } from "../../provider/cleanup/run/comparison";
import type { Environment } from "../environment";
import { type BaseFile, readBaseFile } from "./base-file";
import { grouped } from "./counted";
import { type Amount, amount, DifferenceSection } from "./difference-section";
import { workflowContext } from "./event";
import { explain, type OpenGitHub } from "./github";
import type { PlanJob } from "./inputs";
import { code, prose, shortened } from "./markdown";
import { pathInRepository } from "./policy-path";
import { commentForm, type SummaryForm, summaryForm } from "./summary";

/** What the changed policy is compared with. */
type Found =
  | { readonly kind: "policy"; readonly policy: Policy; readonly renamedFrom?: string }
  /** It says the same. */
  | { readonly kind: "same" }
  /** There is none on the base branch. */
  | { readonly kind: "none" }
  | { readonly kind: "invalid"; readonly problem: string };

interface Making {
  /** The changed policy. */
  readonly policy: Policy;
  /** What it was resolved in. */
  readonly context: SelectionContext;
  readonly github: OpenGitHub;
  readonly warn: (text: string) => void;
}

/**
 * The review of a pull request that changes a policy file: reads the policy of the base branch. Undefined where there is nothing to review, or
 * where GitHub does not give that policy, which is warned of: the plan is none the worse for it.
 */
export async function openReview(
  { selection }: PlanJob,
  env: Environment,
  { policy, context, github, warn }: Making,
): Promise<Review | undefined> {
  const { repository, pullRequest, base, head } = workflowContext(env);
  const { policy: given } = selection;
  if (typeof given !== "string" || isInline(given) || !repository || pullRequest === undefined || !base) return undefined;
  const ours = [`${repository.owner}/${repository.name}`, ...(head === undefined ? [] : [head])];
  const name = pathInRepository(given.trim(), context.workspace, ours);
  if (name === undefined) return undefined;
  let file: BaseFile | undefined;
  try {
    file = await readBaseFile(await github(), { repository, pullRequest, base, path: name });
  } catch (error) {
    warn(explain(`The policy ${name} of ${base.branch} could not be read, so that nothing is compared with it`, error, "contents: read"));
    return undefined;
  }
  const place = path.resolve(context.workspace, given.trim());
  const found = async (there: BaseFile | undefined): Promise<Found> =>
    there === undefined ? { kind: "none" } : understood(there, { selection, place, policy, context });
  return new Review({ branch: base.branch, name, policy, found: await found(file) });
}

interface Understanding extends Pick<Making, "policy" | "context"> {
  readonly selection: CleanupSelection;
  /** Where the changed policy lies. */
  readonly place: string;
}

/** The policy of the base branch under the inputs of this run, keep-lists included. */
async function understood({ text, renamedFrom }: BaseFile, { selection, place, policy, context }: Understanding): Promise<Found> {
  // In the place of the changed one, under whose name its mistakes are told.
  const read = async (file: string) => (file === place ? Buffer.from(text) : readFile(file));
  try {
    const { policy: other } = await resolvePolicy(selection, { ...context, readFile: read });
    compilePolicy(other);
    if (isDeepStrictEqual(other, policy)) return { kind: "same" };
    return { kind: "policy", policy: other, ...(renamedFrom !== undefined && { renamedFrom }) };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { kind: "invalid", problem: error.message };
  }
}

interface ReviewFacts {
  readonly branch: string;
  /** The policy's path in the repository. */
  readonly name: string;
  readonly policy: Policy;
  readonly found: Found;
}

/** Nothing goes. */
const without = (policy: Policy): Policy => {
  const { untagged: _, ...rest } = policy;
  const switches = { deleteGhostImages: false, deletePartialImages: false, deleteOrphanedReferrers: false, deleteDanglingTags: false };
  return { ...rest, rules: [], ...switches };
};

/** How a changed policy differs from the one that it is to replace. */
export class Review {
  /** For the plan. Absent: there is nothing to compare with. */
  readonly compare?: CompareOptions;
  readonly #facts: ReviewFacts;
  readonly #sections = new Map([summaryForm, commentForm].map((form) => [form, new DifferenceSection(form, form.limit / 3)]));
  readonly #totals = { deleted: { digests: 0, tags: 0 }, kept: { digests: 0, tags: 0 } };
  #problems = 0;

  constructor(facts: ReviewFacts) {
    this.#facts = facts;
    const { found, policy } = facts;
    const onDifference = (difference: RepositoryDifference) => this.#add(difference);
    if (found.kind === "policy") this.compare = { policy: found.policy, onDifference };
    if (found.kind === "none") this.compare = { policy: without(policy), onDifference };
  }

  /** A part of the page of that form, as Markdown. */
  render(form: SummaryForm): string {
    const { branch } = this.#facts;
    const text = this.sentence({ name: code, text: (problem) => prose(shortened(problem, 500)) });
    const section = this.#sections.get(form)?.render(this.#totals) ?? "";
    return [`### Compared with the policy on ${code(branch)}\n`, `${text}\n`, section].filter((part) => part !== "").join("\n");
  }

  /** What it comes to, in a sentence or two. Given is how names and sentences that come from elsewhere are written; default: as they are, for a log. */
  sentence({ name, text }: Writing = asTheyAre): string {
    const { found, branch, name: file } = this.#facts;
    const there = name(branch);
    if (found.kind === "same") return `The policy says the same as on ${there}: nothing changes.`;
    if (found.kind === "invalid") return `The policy on ${there} cannot be used (${text(found.problem)}), so that only this one is shown.`;
    if (found.kind === "none") {
      const { deleted } = this.#totals;
      const nothing = this.#problems > 0 ? "It would delete nothing, as far as it could be compared." : "It would delete nothing.";
      const what = isNothing(deleted) ? nothing : `All that it would delete is new: ${amount(deleted)}.`;
      return `There is no policy ${name(file)} on ${there}, and without one nothing goes. ${what}`;
    }
    const former = found.renamedFrom === undefined ? "" : `It is called ${name(found.renamedFrom)} there. `;
    const bounds = changedBounds(found.policy.bounds, this.#facts.policy.bounds);
    const stops = bounds === "" ? "" : ` What stops a run was changed: ${bounds}.`;
    return `${former}${this.#outcome(there, bounds === "")}${stops}`;
  }

  /** `sameBounds`: whether what both select goes, too, under both or neither. */
  #outcome(there: string, sameBounds: boolean): string {
    const { deleted, kept } = this.#totals;
    if (isNothing(deleted) && isNothing(kept)) {
      if (this.#problems > 0) return "Nothing changes, as far as it could be compared.";
      const same = sameBounds ? "would delete the same: nothing changes" : "select the same";
      return `The policy is not the one on ${there}, and both ${same}.`;
    }
    const more = isNothing(deleted) ? "" : `delete ${amount(deleted)} that the one on ${there} keeps`;
    const less = isNothing(kept) ? "" : `keep ${amount(kept)} that ${more === "" ? `the one on ${there}` : "the other"} would delete`;
    return `The policy would ${[more, less].filter((part) => part !== "").join(", and ")}.`;
  }

  #add(given: RepositoryDifference): void {
    const difference = this.#facts.found.kind === "none" ? withoutReasons(given) : given;
    for (const side of ["deleted", "kept"] as const) {
      this.#totals[side].digests += difference[side].digests;
      this.#totals[side].tags += difference[side].tags;
    }
    if (difference.problem !== undefined) this.#problems++;
    for (const section of this.#sections.values()) section.add(difference);
  }
}

/** `max-deletions from 10 to 1,000`; empty if they are the same. */
function changedBounds(from: Bounds, to: Bounds): string {
  const change = (name: string, before: string, after: string) => (before === after ? [] : [`${name} from ${before} to ${after}`]);
  return [
    ...change("max-deletions", grouped(from.maxDeletions), grouped(to.maxDeletions)),
    ...change("max-deletions-percent", `${from.maxDeletionsPercent}`, `${to.maxDeletionsPercent}`),
  ].join(", ");
}

/** Where there is no policy, no rule of it can be the reason. */
function withoutReasons({ deleted, ...rest }: RepositoryDifference): RepositoryDifference {
  const stays = { code: "not-selected", text: "there is no policy" } as const;
  return { ...rest, deleted: { ...deleted, items: deleted.items.map((item) => ({ ...item, stays })) } };
}

interface Writing {
  readonly name: (name: string) => string;
  readonly text: (text: string) => string;
}

const asTheyAre: Writing = { name: (name) => name, text: (text) => text };

const isNothing = ({ digests, tags }: Amount): boolean => digests + tags === 0;
