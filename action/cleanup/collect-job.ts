import { collectGarbage } from "../../provider/cleanup/run/garbage";
import type { Log } from "../log";
import { counted } from "./counted";
import type { CollectJob } from "./inputs";
import { open } from "./open";
import { places } from "./places";
import { progressLines } from "./progress-lines";
import type { Results } from "./results";
import type { Surroundings } from "./surroundings";

/** Collects garbage and does nothing else. Gives a line for the summary. */
export async function collect(job: CollectJob, around: Surroundings, log: Log, results: Results): Promise<string> {
  if (job.dryRun) {
    const text = "No garbage was collected; set dry-run: false.";
    log.warning(text);
    return text;
  }
  const { env, signal, now } = around;
  const registry = await open(job, around, places(env, undefined), (text) => log.warning(text));
  try {
    const onProgress = progressLines((line) => log.info(line), now);
    const collected = await collectGarbage({ registry, repositories: job.repositories, signal, onProgress });
    for (const { scope, problem } of collected) {
      if (problem === undefined) log.info(`${scope}: garbage collected`);
      else results.fail(`Garbage collection of ${scope}: ${problem}`);
    }
    const done = collected.filter(({ problem }) => problem === undefined).length;
    return `Garbage of ${counted(done, "registry", "registries")} was collected`;
  } finally {
    await registry.close();
  }
}
