import path from "node:path";
import { spelt } from "../../provider/cleanup/policy/spelling";
import type { ImageRegistry } from "../../provider/registries/image-registry";
import type { Job } from "./inputs";
import type { Places } from "./places";
import type { Surroundings } from "./surroundings";

/** The registry of a job. Nothing is sent yet. */
export function open(
  job: Job,
  { env, openRegistry }: Surroundings,
  { workspace }: Pick<Places, "workspace">,
  warn: (text: string) => void,
): Promise<ImageRegistry> {
  const { caFile } = job.connection;
  const cacheDir = job.mode === "plan" ? job.cacheDir : undefined;
  const connection = { ...job.connection, ...(caFile !== undefined && { caFile: path.resolve(workspace, caFile) }) };
  return openRegistry(connection, {
    env,
    concurrency: job.concurrency,
    log: warn,
    name: (setting) => spelt(setting, "kebab-case"),
    ...(cacheDir !== undefined && { cacheDir: path.resolve(workspace, cacheDir) }),
  });
}
