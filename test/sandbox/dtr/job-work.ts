import { pollAll } from "./poll-mirroring";
import { pruneByPolicies } from "./pruning";
import { completeScan } from "./scan-work";
import { layersOf } from "./scanned-images";
import { updateDatabase } from "./scanner-database";
import { allImages, startScan } from "./scans";
import type { Job } from "./services";
import { pathOf, type World } from "./world";

export type Log = (line: string) => void;

export interface Undertaking {
  readonly world: World;
  readonly job: Job;
  readonly log: Log;
}

/** What a job does. Throws when it fails. */
export type Work = (undertaking: Undertaking) => void | Promise<void>;

/** What is left to do for a job that a test makes fail: what waits for it must hear of the failure. */
export type Failing = (undertaking: Undertaking, failure: string) => void;

interface Action {
  readonly work: Work;
  readonly fail?: Failing;
}

/** Garbage: manifests without a tag, and blobs that no manifest needs. */
const garbage: Action = {
  work: ({ world, log }) => log(`${world.store.collectGarbage({ untagged: true })} bytes were freed`),
};

/** One image, or, when the job was submitted with a layer's `SHA256SUM` as its parameter, all that have this layer. */
const singleScan: Action = {
  work: (undertaking) => scan(undertaking),
  fail: (undertaking, failure) => scan(undertaking, failure),
};

const fullScan: Action = {
  work: ({ world, log }) => log(`${allImages(world).map((image) => startScan(world, image, true)).length} scans were submitted`),
};

const databaseUpdate: Action = {
  work: ({ world, log }) => log(updateDatabase(world)),
  fail: ({ world, log }) => log(updateDatabase(world, false)),
};

const pruning: Action = {
  work: ({ world, log }) => {
    for (const repository of world.repositories.values()) {
      for (const tag of pruneByPolicies(world, repository)) log(`deleted ${pathOf(repository)}:${tag}`);
    }
  },
};

const actions: Readonly<Record<string, Action>> = {
  gc: garbage,
  onlinegc: garbage,
  poll_mirror: { work: ({ world, log }) => pollAll(world, log) },
  tag_pruning: pruning,
  scan_check_single: singleScan,
  scan_check: fullScan,
  scan_check_all: fullScan,
  update_vuln_db: databaseUpdate,
  nautilus_update_db: databaseUpdate,
  // By its name, as the command.
  false: {
    work: () => {
      throw new Error("exit status 1");
    },
  },
};

/** The work of an action; of those that do nothing here the job simply ends. */
export function actionNamed(name: string): Action {
  return actions[name] ?? { work: () => {} };
}

function scan({ world, job, log }: Undertaking, failure?: string): void {
  const sum = `sha256:${job.parameters?.SHA256SUM ?? ""}`;
  const withLayer = () => allImages(world).filter((image) => layersOf(world, image).some(({ digest }) => digest === sum));
  for (const image of job.scan ? [job.scan] : withLayer()) log(completeScan(world, image, failure));
}
