import type { Clock, OciStore } from "./contract";
import type { Faults, Injection, PendingFault } from "./faults";
import type { LoggedRequest, RequestFilter, RequestLog } from "./request-log";

/** What the registry in memory holds, in short. */
export interface StateSummary {
  readonly repositories: readonly {
    readonly name: string;
    readonly tags: Readonly<Record<string, string>>;
    readonly manifests: number;
    readonly blobs: number;
  }[];
}

/** The control endpoint as an object, for tests in the same process. */
export interface Control {
  readonly clock: Clock;
  /** Plays a fault on the next requests that match. Throws when the injection has the wrong form. */
  inject(injection: Injection): PendingFault;
  faults(): readonly PendingFault[];
  clearFaults(): void;
  /** The requests received, oldest first. */
  requests(filter?: RequestFilter): readonly LoggedRequest[];
  clearRequests(): void;
  state(): StateSummary;
}

export function createControl(parts: {
  readonly clock: Clock;
  readonly store: OciStore;
  readonly faults: Faults;
  readonly log: RequestLog;
}): Control {
  const { clock, store, faults, log } = parts;
  return {
    clock,
    inject: (injection) => faults.inject(injection),
    faults: () => faults.list(),
    clearFaults: () => faults.clear(),
    requests: (filter) => log.list(filter),
    clearRequests: () => log.clear(),
    state: () => ({
      repositories: store.repositories().map(({ name, tags, manifests, blobs }) => ({
        name,
        tags: Object.fromEntries(tags),
        manifests: manifests.size,
        blobs: blobs.size,
      })),
    }),
  };
}
