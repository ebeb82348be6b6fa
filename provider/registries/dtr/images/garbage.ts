import type { HttpClock } from "../../../http";
import type { GarbageCollection } from "../../image-registry";
import { isFinished, submitJob, waitForJob } from "../jobs";
import type { ImagesClient } from "./client";

/** Jobs that are looked at for one that collects already. */
const latest = 100;

/** Everybody is hindered by some collections (the registry is read-only meanwhile), so it runs only where somebody asks for it. */
export function garbageOf(
  client: ImagesClient,
  name: string,
  { deadline, clock }: { readonly deadline: number; readonly clock: HttpClock },
): GarbageCollection {
  return {
    automatic: false,
    scope: () => name,
    scopes: async function* () {
      yield name;
    },
    collect: async (_scope, { signal, onProgress = () => {} }) => {
      const end = clock.now() + deadline;
      const wait = () => ({ deadline: Math.max(0, end - clock.now()), clock, ...(signal && { signal }) });
      const options = { ...(signal && { signal }) };
      const { onlineGCEnabled } = await client.meta.features({}, options);
      const action = onlineGCEnabled ? "onlinegc" : "gc";
      let looked = 0;
      // The latest come first.
      for await (const job of client.jobs.list({ action }, options)) {
        if (++looked > latest) break;
        if (job.action !== action || isFinished(job)) continue;
        onProgress(`waits for the job ${job.id}, which collects garbage already`);
        // Whatever becomes of it: the one that follows is ours.
        await waitForJob(client, job.id, wait()).catch((error: unknown) => {
          if (signal?.aborted || clock.now() >= end) throw error;
        });
      }
      const { id } = await submitJob(client, { action }, options);
      onProgress(`job ${id} (${action}) collects it`);
      await waitForJob(client, id, wait());
    },
  };
}
