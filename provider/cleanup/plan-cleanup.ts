import type { ImageRegistry } from "../registries/image-registry";
import type { Connection, OpenOptions } from "./connection";
import { openImageRegistry } from "./open-registry";
import type { SourceControl } from "./plan/source-control";
import { hiddenUntagged } from "./policy/hidden-untagged";
import { type CleanupSelection, resolvePolicy } from "./policy/resolve-policy";
import { parseShard } from "./run/shard";
import { makePlan, type PlanData } from "./run/write-plan";

/** What a cleanup would delete, and why: every image with its decision and reason, repository by repository. */
export interface CleanupPlan extends PlanData {}

export interface PlanCleanupOptions extends CleanupSelection {
  /** A registry that is open already (it stays open), or how to open one. */
  readonly registry: ImageRegistry | Connection;
  /** `2/8`: only this share of the repositories, decided by their names. Default: all. */
  readonly shard?: string;
  /** Requests that read, in flight at a time. Default 8. */
  readonly concurrency?: number;
  /** Where relative paths start. Default: the current directory. */
  readonly workspace?: string;
  /** Who knows pull requests and branches, for `pullRequestTags` and `branchTags`. Without it, their tags stay and the plan says so. */
  readonly sourceControl?: SourceControl;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** Ends the planning. */
  readonly signal?: AbortSignal;
  /** Warnings, one line each. */
  readonly log?: (line: string) => void;
  /** For opening a registry. */
  readonly open?: Omit<OpenOptions, "concurrency" | "log">;
}

/**
 * Plans a cleanup without changing anything: the plan of the action, as data. Throws PolicyError for selectors or a policy that cannot be
 * understood, ConnectionError for a connection that cannot be opened, and the registry's error if it does not list its repositories;
 * what goes wrong in single repositories stands in `problems`. For registries that are too large for memory see `writePlan`.
 */
export async function planCleanup(options: PlanCleanupOptions): Promise<CleanupPlan> {
  const { registry: given, concurrency, log } = options;
  const shared = { ...(concurrency !== undefined && { concurrency }), ...(log && { log }) };
  if (!("type" in given && "inventory" in given)) {
    const registry = await openImageRegistry(given, { ...options.open, ...shared });
    try {
      return await plan(registry, options);
    } finally {
      await registry.close();
    }
  }
  return plan(given, options);
}

async function plan(registry: ImageRegistry, options: PlanCleanupOptions): Promise<CleanupPlan> {
  const { concurrency, log, signal, sourceControl, shard, now = Date.now, workspace = process.cwd() } = options;
  const { policy, warnings: ofFiles } = await resolvePolicy(options, { registry: registry.name, workspace, now: now() });
  const hidden = hiddenUntagged(policy, registry, "deleteUntagged");
  const warnings = hidden === undefined ? ofFiles : [...ofFiles, hidden];
  for (const warning of warnings) log?.(warning);
  const made = await makePlan({
    registry,
    policy,
    now,
    ...(shard !== undefined && { shard: parseShard(shard) }),
    ...(concurrency !== undefined && { concurrency }),
    ...(sourceControl && { answers: sourceControl }),
    ...(signal && { signal }),
    ...(log && { log }),
  });
  return { ...made, warnings: [...warnings, ...made.warnings] };
}
