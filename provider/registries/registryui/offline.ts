import { systemClock } from "../../http";
import type { HttpClock } from "../../http/interrupt";
import type { RegistryUiClient } from "./client";
import { isOffline } from "./errors";

type Options = { readonly signal?: AbortSignal };

export interface Turn extends Options {
  /** Called when the server has said that it is done; what fails later fails while it is proved. */
  readonly onDone?: () => void;
}

/** Sets the registry offline. If the answer is lost, `isoffline` tells whether it took effect. Throws if the registry is online afterwards. */
export const setOffline = (client: RegistryUiClient, options: Turn = {}): Promise<void> => turn(client, true, options);

/** Sets the registry online, as `setOffline` sets it offline. */
export const setOnline = (client: RegistryUiClient, options: Turn = {}): Promise<void> => turn(client, false, options);

async function turn({ registry, url }: RegistryUiClient, wanted: boolean, { onDone, ...options }: Turn): Promise<void> {
  const find = async () => ((await registry.isOffline({}, options)) === wanted ? (true as const) : undefined);
  await registry[wanted ? "setOffline" : "setOnline"]({}, { ...options, find });
  onDone?.();
  if (!(await find())) {
    const [is, was] = wanted ? ["online", "offline"] : ["offline", "online"];
    throw new Error(
      `${url} is ${is} although it has just been set ${was}: somebody else changed it, or it is not done at once. Run it again`,
    );
  }
}

export interface Patience extends Options {
  /** Milliseconds from now until the last "offline" is thrown. */
  readonly deadline: number;
  readonly clock?: HttpClock;
  /** Called once, before the first wait. */
  readonly onOffline?: () => void;
}

const pause = 5_000;

/** Runs something again while it fails because the registry is offline: a garbage collection ends by itself. The API did nothing meanwhile. */
export async function whileOffline<T>(run: () => Promise<T>, { deadline, clock = systemClock, signal, onOffline }: Patience): Promise<T> {
  const end = clock.now() + deadline;
  for (let told = false; ; told = true) {
    try {
      return await run();
    } catch (error) {
      if (!isOffline(error) || clock.now() >= end) throw error;
      if (!told) onOffline?.();
    }
    await clock.sleep(Math.min(pause, Math.max(1, end - clock.now())), signal);
    signal?.throwIfAborted();
  }
}
