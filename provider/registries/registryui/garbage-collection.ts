import { isFateUnknown, type RegistryError, systemClock } from "../../http";
import type { RegistryUiClient } from "./client";
import { type Patience, whileOffline } from "./offline";

/** The time was over while the registry still collected garbage. Wait for it: nothing has to be started again. */
export class StillCollecting extends Error {
  override readonly name = "StillCollecting";
}

/** Before a collection, wait at most this long for a registry that is offline already: another collection ends by itself, maintenance does not. */
const patience = 10 * 60_000;
/** A registry that was not seen offline for this long after a lost answer does not collect, or has done so in less. */
const settling = 30_000;
const pause = 5_000;

export interface CollectGarbage extends Patience {
  /** Called when the registry has been asked: from then on it may be offline. */
  readonly onStarted?: () => void;
}

/**
 * Runs a garbage collection to its end. The call itself takes the registry offline and answers when it is over, so it is sent once and never again:
 * if its answer is lost, or a proxy gives up waiting for it, `isoffline` is asked until the registry is back. `deadline` is for all of it.
 *
 * Throws StillCollecting if the registry is not back by then, and an error that says so if nobody can know whether it collected at all. A registry that is
 * offline already is waited for, ten minutes at the most.
 */
export async function collectGarbage(client: RegistryUiClient, wait: CollectGarbage): Promise<void> {
  const { clock = systemClock, signal, onStarted } = wait;
  const end = clock.now() + wait.deadline;
  const left = () => Math.max(1, end - clock.now());
  try {
    await whileOffline(
      async () => {
        const running = client.garbageCollection.run({}, { ...(signal && { signal }), timeouts: { headers: 0, body: 0, total: left() } });
        onStarted?.();
        await running;
      },
      { ...wait, clock, deadline: Math.min(patience, wait.deadline) },
    );
  } catch (error) {
    if (!isFateUnknown(error)) throw error;
    if (signal?.aborted) throw new StillCollecting("the registry had not answered when the time was over", { cause: error });
    await waitForEnd(client, { ...wait, clock, deadline: left() }, error);
  }
}

/** Waits until a collection that is under way is over, and starts none. */
export async function waitUntilOnline(client: RegistryUiClient, { deadline, clock = systemClock, signal }: Patience): Promise<void> {
  const end = clock.now() + deadline;
  while (await client.registry.isOffline({}, { ...(signal && { signal }) })) {
    if (clock.now() >= end) throw new StillCollecting(`${client.url} is still offline: it collects garbage, or somebody set it offline`);
    await clock.sleep(Math.min(pause, Math.max(1, end - clock.now())), signal);
    signal?.throwIfAborted();
  }
}

async function waitForEnd(
  client: RegistryUiClient,
  wait: Patience & { readonly clock: typeof systemClock },
  lost: RegistryError,
): Promise<void> {
  const { clock, signal } = wait;
  const begin = clock.now();
  const end = begin + wait.deadline;
  while (!(await client.registry.isOffline({}, { ...(signal && { signal }) }))) {
    if (clock.now() - begin >= settling || clock.now() >= end) {
      throw new Error(
        `${lost.message}. The registry was not seen offline afterwards, so nobody knows whether it collected its garbage. Running it again starts another collection, during which the registry is offline`,
        { cause: lost },
      );
    }
    await clock.sleep(pause, signal);
    signal?.throwIfAborted();
  }
  await waitUntilOnline(client, { ...wait, deadline: Math.max(1, end - clock.now()) });
}
