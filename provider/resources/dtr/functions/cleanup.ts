import type { CleanupPlan } from "../../../cleanup/plan-cleanup";
import type { DtrClient } from "../../../registries/dtr";
import { readFunction } from "../../functions";
import { adapterOptions, loadCleanup, type PlanCleanupArgs } from "../../plan-cleanup";
import { dtr } from "../module";

const cleanup = readFunction("planCleanup", dtr, (client: DtrClient, args: PlanCleanupArgs, signal?: AbortSignal): Promise<CleanupPlan> => {
  const { dtrImageRegistry, planCleanup } = loadCleanup();
  const registry = dtrImageRegistry(client, adapterOptions(args)); // not closed: that would close the client, which others share
  return planCleanup({ ...args, registry, ...(signal && { signal }) });
});
/** What a cleanup would delete in this registry, and why: the plan of the action as data, with what the server's own pruning policies would do. Nothing is changed. */
export const planCleanup = cleanup.plain;
export const planCleanupOutput = cleanup.output;
