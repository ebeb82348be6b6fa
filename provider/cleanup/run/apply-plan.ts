import type { ImageRegistry } from "../../registries/image-registry";
import { type Applier, applyRepository } from "./apply-repository";
import { BoundsExceeded } from "./bounds";
import { type CollectedGarbage, collectAfter, type RunGarbageCollection } from "./garbage";
import { inOrder } from "./in-order";
import { PlanError } from "./plan-error";
import type { PlanEntry, PlanFile } from "./plan-file";
import { problemOf } from "./problem";
import type { OnProgress } from "./progress";
import { readPlan } from "./read-plan";
import type { RepositoryReport, RunReport } from "./report";
import { ReportWriter, reportVersion } from "./report-file";
import type { RepositoryProblem } from "./totals";

export interface ApplyOptions {
  readonly registry: ImageRegistry;
  readonly planFile: string;
  /** Where the report is written while the run goes on. Its folder is made. */
  readonly reportFile: string;
  /** Requests for proofs at a time, and up to 4 repositories. Default 8. */
  readonly concurrency?: number;
  /** Default `auto`. */
  readonly runGc?: RunGarbageCollection;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ends the run after the request in flight. The report is complete all the same. */
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Deleting is the registry's work, and it does not get faster by many hands; but a slow repository should not hold up the others. */
const repositoriesAtOnce = 4;

/**
 * Applies a plan file: verifies all of it, holds it against the connected registry and its own bounds, and only then deletes what it names, as
 * far as nothing has changed since. Then it collects garbage, unless it was interrupted. Throws PlanError and BoundsExceeded, and if the report
 * cannot be begun; nothing was deleted then. Whatever goes wrong later is in the report: see `isFailure`.
 */
export async function applyPlan(options: ApplyOptions): Promise<RunReport> {
  const { registry, signal } = options;
  const plan = await readPlan(options.planFile);
  expectRegistry(plan, registry);
  if (plan.bounds.excesses.length > 0) throw new BoundsExceeded(plan.bounds);
  const report = await ReportWriter.create(options.reportFile, {
    report: reportVersion,
    registry: plan.header.registry,
    plan: plan.end.checksum,
    startedAt: new Date(options.now()).toISOString(),
  });
  try {
    const tally = new Tally(plan);
    const lost: string[] = [];
    for await (const done of applyAll(options, plan, report)) {
      tally.add(done);
      if (done.deleted + done.untagged > 0) lost.push(done.repository);
      await report.write(done).catch((error) => tally.failOnce("(report)", `It could not be written: ${problemOf(error)}`));
    }
    const visited = plan.entries.filter(({ problem }) => problem === undefined).map(({ repository }) => repository);
    const garbage = isAborted(signal) ? [] : await collectAfter(registry, options.runGc ?? "auto", { visited, lost }, options);
    const end = tally.report(garbage, isAborted(signal));
    await report.write({ end: true, ...end }).catch(() => {});
    return end;
  } finally {
    await report.close();
  }
}

/** Whether a run has failed: something that was to go is still there without its having changed, or could not even be tried. */
export function isFailure(report: RunReport): boolean {
  const garbage = report.garbageCollections.some(({ problem }) => problem !== undefined);
  return report.failed > 0 || report.problems.length > 0 || garbage || report.interrupted;
}

/** Throws PlanError unless the plan was made for this registry. */
export function expectRegistry({ file, header }: Pick<PlanFile, "file" | "header">, { type, name }: ImageRegistry): void {
  if (header.registry.type === type && header.registry.name === name) return;
  const problem = `it is for ${header.registry.name} (${header.registry.type}), and the connection is to ${name} (${type})`;
  throw new PlanError(file, problem, { hint: "Connect to the registry that the plan was made for, under the same name." });
}

async function* applyAll(options: ApplyOptions, plan: PlanFile, report: ReportWriter): AsyncGenerator<RepositoryReport, void, undefined> {
  const { registry, concurrency = 8, now, signal, onProgress = () => {} } = options;
  const entries = plan.entries.filter(({ deletions }) => deletions > 0);
  const allTotal = entries.reduce((sum, { deletions }) => sum + deletions, 0);
  let allDone = 0;
  let done = 0;
  const work = async (entry: PlanEntry) => {
    const { repository, deletions: total } = entry;
    const applier: Applier = {
      registry,
      placeholder: plan.header.allowPlaceholderUntag,
      concurrency,
      now,
      signal,
      journal: (line) => report.write(line),
      onSettled: (count, settled) => {
        allDone += count;
        onProgress({ kind: "deleting", repository, done: settled, total, allDone, allTotal });
      },
    };
    const applied = await applyEntry(applier, plan, entry);
    done += 1;
    const told = applied.problem === undefined ? {} : { problem: applied.problem };
    onProgress({ kind: "applied", repository, done, total: entries.length, ...told });
    return applied;
  };
  yield* inOrder(entries, { limit: Math.min(repositoriesAtOnce, concurrency) }, work);
}

async function applyEntry(applier: Applier, plan: PlanFile, entry: PlanEntry): Promise<RepositoryReport> {
  try {
    return await applyRepository(applier, await plan.read(entry));
  } catch (error) {
    const nothing = { results: [], deleted: 0, untagged: 0, failed: 0, changed: 0, bytesFreed: 0 };
    return { repository: entry.repository, problem: `Nothing was deleted: ${problemOf(error)}`, ...nothing };
  }
}

/** Asked again and again, which the compiler does not expect of a property. */
const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

/** Sums up what became of the repositories. */
class Tally {
  private readonly problems: RepositoryProblem[];
  private sum = { deleted: 0, untagged: 0, failed: 0, changed: 0, bytesFreed: 0 };

  constructor(private readonly plan: PlanFile) {
    this.problems = plan.entries.flatMap(({ repository, problem }) => (problem === undefined ? [] : [{ repository, problem }]));
  }

  add({ repository, problem, deleted, untagged, failed, changed, bytesFreed }: RepositoryReport): void {
    const { sum } = this;
    this.sum = {
      deleted: sum.deleted + deleted,
      untagged: sum.untagged + untagged,
      failed: sum.failed + failed,
      changed: sum.changed + changed,
      bytesFreed: sum.bytesFreed + bytesFreed,
    };
    if (problem !== undefined) this.fail(repository, problem);
  }

  fail(repository: string, problem: string): void {
    this.problems.push({ repository, problem });
  }

  failOnce(repository: string, problem: string): void {
    if (!this.problems.some((other) => other.repository === repository)) this.fail(repository, problem);
  }

  report(garbageCollections: readonly CollectedGarbage[], interrupted: boolean): RunReport {
    return { planned: this.plan.end.counts, ...this.sum, problems: this.problems, garbageCollections, interrupted };
  }
}
