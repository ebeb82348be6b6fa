import { type DtrClient, type Job, JobFailed, type ScanFailed, type Tag, waitForJob } from "../../registries/dtr";
import { type Context, remaining } from "../declaration";
import { describeFailure, watchJobs } from "./job-end";
import { entriesOf, nameOf, type TagPlace } from "./tag-digest";
import { until } from "./until";

interface Wanted extends TagPlace {
  readonly os?: string;
  readonly arch?: string;
}

/** How long a server may take to show that a scan began, of an image that was scanned before. Milliseconds. */
const BEGINNING = 10_000;

/**
 * Starts the scan of every image of a tag that is meant. Starting twice does no harm: the server scans an image once at a time. `explain` adds the log of the
 * job that failed, where this user may see jobs.
 */
export async function startScan(context: Context<DtrClient>, wanted: Wanted): Promise<{ explain: (error: ScanFailed) => Promise<string> }> {
  const { client, signal, log } = context;
  const { namespace, repository, tag } = wanted;
  const entries = await entriesOf(context, wanted);
  if (!entries || entries.length === 0) throw new Error(`there is no tag ${nameOf(wanted)}, or this user may not see it`);
  const jobs = await watchJobs(context, "scan_check_single");
  const images = platformsOf(entries, wanted);
  const scanned = await hasEnded(context, wanted);
  for (const { os, arch } of images) await client.imageScan.scan({ namespace, repository, tag, os, arch }, { signal });
  log(`dtr:Scan ${nameOf(wanted)}: scanning ${images.map(({ os, arch }) => `${os}/${arch}`).join(", ")}`);
  // The end of the scan before must not be taken for the end of this one.
  if (scanned) await until(context, async () => ((await hasEnded(context, wanted)) ? undefined : true), context.clock.now() + BEGINNING);
  return { explain: async (error) => [error.message, ...(await failedJobs(context, error, await jobs()))].join("\n") };
}

/** The images that are meant, by platform. Where the server tells none: what most images are. */
function platformsOf(entries: readonly Tag[], { os, arch }: Wanted): { os: string; arch: string }[] {
  const known = entries.map(({ manifest }) => ({ os: manifest?.os ?? os ?? "linux", arch: manifest?.architecture ?? arch ?? "amd64" }));
  const meant = known.filter((image) => (os === undefined || image.os === os) && (arch === undefined || image.arch === arch));
  const chosen = meant.length > 0 ? meant : [{ os: os ?? "linux", arch: arch ?? "amd64" }];
  return [...new Map(chosen.map((image) => [`${image.os}/${image.arch}`, image])).values()];
}

async function hasEnded({ client, signal }: Context<DtrClient>, { namespace, repository, tag, os, arch }: Wanted): Promise<boolean> {
  const platform = { ...(os !== undefined && { os }), ...(arch !== undefined && { arch }) };
  const summaries = await client.imageScan.summary({ namespace, repository, reference: tag, scanstatus: true, ...platform }, { signal });
  return summaries.length > 0 && summaries.every(({ scanStatus }) => scanStatus === 0 || scanStatus === 6);
}

/** How the jobs ended that scanned one of the image's layers and failed. */
async function failedJobs(context: Context<DtrClient>, { summaries }: ScanFailed, jobs: readonly Job[]): Promise<string[]> {
  const layers = summaries.flatMap(({ scannedImage }) => [scannedImage.manifestDigest, ...scannedImage.layers.map(({ digest }) => digest)]);
  const isOurs = (sums: readonly string[]) =>
    layers.length === 0 || sums.some((sum) => sum !== "" && layers.some((layer) => layer.includes(sum)));
  const described: string[] = [];
  for (const job of jobs.filter(({ parameters }) => isOurs(Object.values(parameters)))) {
    if (job.status === "done") continue;
    try {
      await waitForJob(context.client, job.id, { ...remaining(context), deadline: BEGINNING });
    } catch (error) {
      if (error instanceof JobFailed) described.push(describeFailure(error));
      // Whatever else keeps the log from being read: the scan's own failure is what is told.
    }
  }
  return described;
}
