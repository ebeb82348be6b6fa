import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { RepositoryPlan } from "../../../provider/cleanup/plan/plan";
import type { Policy } from "../../../provider/cleanup/policy/policy";
import { type ApplyOptions, applyPlan } from "../../../provider/cleanup/run/apply-plan";
import type { PlanFile } from "../../../provider/cleanup/run/plan-file";
import { readPlan } from "../../../provider/cleanup/run/read-plan";
import type { RepositoryReport, RunReport } from "../../../provider/cleanup/run/report";
import { readReport } from "../../../provider/cleanup/run/report-file";
import { type PlanSummary, type WritePlanOptions, writePlan } from "../../../provider/cleanup/run/write-plan";
import type { Deletion } from "../../../provider/registries/image-registry";
import { emptyPolicy, policies, repositories } from "../arbitraries";
import { copyOf, modelNow, needsOf, type RepositoryState } from "../model";
import type { SimulatedRegistry } from "../simulated-registry";

export interface Planned {
  readonly summary: PlanSummary;
  readonly plans: readonly RepositoryPlan[];
  readonly file: string;
}

/** Plans, and reads the plan that was written. */
export async function plan(
  registry: SimulatedRegistry,
  policy: Policy,
  file: string,
  options: Partial<WritePlanOptions> = {},
): Promise<Planned> {
  const summary = await writePlan({ registry, policy, planFile: file, now: () => modelNow, ...options });
  const plans: RepositoryPlan[] = [];
  const read = await readPlan(file);
  for await (const repository of read.repositories()) plans.push(repository);
  // What the writer knows of it is what a reader finds.
  expect(plain(summary.plan)).toEqual(plain(read));
  return { summary, plans, file };
}

const plain = ({ file, header, end, bounds, entries }: PlanFile) => ({ file, header, end, bounds, entries });

export interface Applied {
  readonly report: RunReport;
  readonly repositories: readonly RepositoryReport[];
}

/** Applies, and reads the report that was written. */
export async function apply(registry: SimulatedRegistry, file: string, options: Partial<ApplyOptions> = {}): Promise<Applied> {
  const reportFile = `${file}.report`;
  const report = await applyPlan({ registry, planFile: file, reportFile, now: () => modelNow, ...options });
  const repositories: RepositoryReport[] = [];
  for await (const repository of readReport(options.reportFile ?? reportFile)) repositories.push(repository);
  return { report, repositories };
}

/** The lines of a report that do not depend on time: without the journal. */
export const reportLines = (file: string) =>
  readFileSync(`${file}.report`, "utf8")
    .split("\n")
    .filter((line) => !line.startsWith('{"journal"'));

/** A policy that no bound stops. */
export const unbounded = (policy: Partial<Policy> = {}): Policy => ({
  ...emptyPolicy,
  ...policy,
  bounds: { maxDeletions: 1_000_000, maxDeletionsPercent: 100 },
});

/** Up to three repositories, sorted by name. */
export const registries = fc
  .integer({ min: 1, max: 3 })
  .chain((count) =>
    fc.tuple(...Array.from({ length: count }, (_, n) => repositories({ name: ["app/web", "base", "team/db"][n] ?? "", maxManifests: 8 }))),
  );

/** Any policy that makes sense: a list of tags that only takes out is refused. */
export const anyPolicy = policies().map((policy) => {
  const positive = (patterns: readonly string[]) => (patterns.every((pattern) => pattern.startsWith("!")) ? ["*", ...patterns] : patterns);
  const rules = policy.rules.map((rule) =>
    rule.tags ? { ...rule, tags: { ...rule.tags, patterns: positive(rule.tags.patterns) } } : rule,
  );
  return unbounded({ ...policy, rules });
});

/** An order that is another one for each seed. */
export function shuffled(seed: number): <T>(items: readonly T[]) => readonly T[] {
  let state = seed + 1;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1;
    return state;
  };
  return (items) =>
    items
      .map((item) => ({ item, at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
}

/** What a plan takes out of a repository. */
export function without(state: RepositoryState, deletions: readonly Deletion[]): RepositoryState {
  const rest = copyOf(state);
  for (const deletion of deletions) {
    if (deletion.kind !== "manifest") {
      rest.tags.delete(deletion.tag);
      continue;
    }
    rest.manifests.delete(deletion.digest);
    for (const [tag, digest] of state.tags) if (digest === deletion.digest) rest.tags.delete(tag);
  }
  return rest;
}

/**
 * What is wrong with a repository as it is now, if it began as `before` and this was to go: a kept tag that is not whole, or anything
 * that is gone without being in the plan.
 */
export function damage(before: RepositoryState, now: RepositoryState, deletions: readonly Deletion[]): string[] {
  const rest = without(before, deletions);
  const lost = [...rest.manifests.keys()].filter((digest) => !now.manifests.has(digest)).map((digest) => `${digest} is gone`);
  const wrong = [...rest.tags.keys()].flatMap((tag) => {
    if (now.tags.get(tag) !== before.tags.get(tag)) return [`the kept tag ${tag} is gone or moved`];
    const needs = needsOf(before, tag);
    return [
      ...[...needs.digests]
        .filter((digest) => before.manifests.has(digest) && !now.manifests.has(digest))
        .map((digest) => `the kept tag ${tag} lacks ${digest}`),
      ...[...needs.tags]
        .filter((other) => before.tags.has(other) && !now.tags.has(other))
        .map((other) => `the kept tag ${tag} lacks the tag ${other}`),
    ];
  });
  return [...lost, ...wrong];
}

/** A state that can be compared whatever the order of its maps. */
export const contents = (registry: SimulatedRegistry) =>
  [...registry.states.values()].map(({ name, manifests, tags }) => ({
    name,
    manifests: [...manifests.keys()].sort(),
    tags: [...tags].sort(),
  }));
