import { systemClock } from "../../http/interrupt";
import type { SelectelClient } from "./client";
import { type RegistryWait, retryWhileBusy, unlessAbsent, type Wait, waitOutGarbageCollection } from "./lifecycle";
import type { Registry } from "./schemas";

export interface CollectGarbage {
  /** Registry id. */
  readonly id: string;
  /** Images without a tag, too. Beware: children of multi-arch images may look untagged to the service. Default false: layers only. */
  readonly deleteUntagged?: boolean;
}

export interface CollectGarbageWait extends Wait, Pick<RegistryWait, "onProgress"> {
  /** Called once the service has accepted the start: what fails later fails while the collection runs. */
  readonly onStarted?: () => void;
}

/** The service is given this long to show GARBAGE_COLLECTION after it accepted a start; how long it takes is not documented. */
const settling = 1_000;

/**
 * Runs a garbage collection to its end: waits until none runs, starts one, waits until the registry is ACTIVE again.
 * Nobody may push meanwhile: layers that are being uploaded can be lost. It takes minutes. `deadline` is for all of it.
 * If the answer to the start is lost, a registry in status GARBAGE_COLLECTION counts as started; else it is started again, which harms nothing.
 */
export async function collectGarbage(client: SelectelClient, collect: CollectGarbage, wait: CollectGarbageWait): Promise<Registry> {
  const { clock = systemClock, signal } = wait;
  const end = clock.now() + wait.deadline;
  const find = async () => {
    const registry = await unlessAbsent(client.v1.registries.get({ id: collect.id }, { signal }));
    return registry?.status === "GARBAGE_COLLECTION" ? { started: true as const } : undefined;
  };
  await retryWhileBusy(() => client.v1.garbageCollection.start(collect, { signal, find }), wait);
  wait.onStarted?.();
  await clock.sleep(settling, signal);
  return waitOutGarbageCollection(client, collect.id, { ...wait, deadline: Math.max(0, end - clock.now()) });
}
