import { hasStatus, isUnauthorized, revised } from "../../../http";
import type { HttpClock } from "../../../http/interrupt";
import type { RegistryUiClient } from "../client";
import { isOffline } from "../errors";
import { whileOffline } from "../offline";

export interface PatienceOptions {
  readonly client: RegistryUiClient;
  readonly clock: HttpClock;
  /** Milliseconds for which an offline registry is waited for, once for all that wait. */
  readonly patience: number;
  readonly log: (line: string) => void;
}

/**
 * Runs what reads again while the registry is offline: a garbage collection ends by itself. The patience is for one time of being offline, whoever waits, so
 * that a run over thousands of repositories does not wait it out for each.
 */
export class Patience {
  private end: number | undefined;

  constructor(private readonly options: PatienceOptions) {}

  async read<T>(run: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const { client, clock, patience, log } = this.options;
    const once = () => run().catch((error: unknown) => this.told(error, signal));
    const onOffline = () => {
      if (this.end === undefined) log(`${client.url} is offline; waiting for it, ${Math.ceil(patience / 60_000)} minutes at the most.`);
      this.end ??= clock.now() + patience;
    };
    try {
      const deadline = this.end === undefined ? patience : Math.max(0, this.end - clock.now());
      const answer = await whileOffline(once, { deadline, clock, onOffline, ...(signal && { signal }) });
      this.end = undefined;
      return answer;
    } catch (error) {
      if (isOffline(error)) onOffline();
      throw error;
    }
  }

  /** What `/v2` answers while offline is not documented: the Extended API says whether that is the reason. */
  private async told(error: unknown, signal: AbortSignal | undefined): Promise<never> {
    const perhaps = hasStatus(error, 503) || isUnauthorized(error);
    if (!perhaps || isOffline(error)) throw error;
    const offline = await this.options.client.registry.isOffline({}, { ...(signal && { signal }) }).catch(() => false);
    throw offline
      ? revised(error, { code: "OFFLINE", hint: "RegistryUI says that the registry is offline: wait, or set it online" })
      : error;
  }
}
