import { z } from "zod";
import { DeadlineExceeded, type DtrClient, ScanFailed, type ScanSummary, waitForScan } from "../../registries/dtr";
import { type CommonInputs, type Context, remaining } from "../declaration";
import { Incomplete } from "../failure";
import { resource } from "../resource";
import { dtr } from "./module";
import { ImageName } from "./names";
import { expectState } from "./run-once";
import { startScan } from "./scan-start";
import { nameOf } from "./tag-digest";
import { TagName } from "./tag-name";

/** What a program declares. */
export interface ScanInputs extends CommonInputs {
  /** User or organization that owns the repository. A change scans another image, as another resource. */
  namespace: string;
  /** Name of the repository in its namespace. A change scans another image, as another resource. */
  repository: string;
  /** Tag whose image is scanned. A change scans another image, as another resource. */
  tag: string;
  /** Operating system of the image in a multi-arch tag: `linux`. Default: every image of the tag. */
  os?: string;
  /** Architecture of the image in a multi-arch tag: `amd64`. Default: every image of the tag. */
  arch?: string;
  /** A change of any value scans again. */
  triggers?: Record<string, string>;
}

/** What the server adds. */
export interface ScanOutputs {
  /** When this resource saw its last scan end: RFC 3339. Empty while it did not. */
  scannedAt: string;
  /** Vulnerabilities with a score from 7.0 that the scan found, in all images of the tag together. */
  critical: number;
  /** Vulnerabilities with a score from 4.0 to 6.9. */
  major: number;
  /** Vulnerabilities with a lower score. */
  minor: number;
  /** 6: completed; 0: the scan failed, 2: it was running when it was last seen. */
  scanStatus: number;
}

/** States of a scan: guide to the vendor's webhooks. */
const FAILED = 0;
const RUNNING = 2;
const COMPLETED = 6;

/**
 * A security scan of a tag's image: run when the resource is created, and again whenever an input changes. The resource waits for its end and gives the numbers of
 * vulnerabilities that were found; a scan that fails is an error with the log of its job, where this user may see jobs (administrators). It needs
 * write access to the repository, and a server that scans. What is found later is no drift: `dtr.getScanSummary` tells it. Destroying the resource does nothing.
 *
 * The id is `namespace/repository:tag`.
 */
export class Scan extends resource<ScanInputs, ScanOutputs, DtrClient>({
  type: "dtr:Scan",
  module: dtr,
  inputs: {
    namespace: ImageName,
    repository: ImageName,
    tag: TagName,
    os: z.string().min(1, "must not be empty").optional(),
    arch: z.string().min(1, "must not be empty").optional(),
    triggers: z.record(z.string(), z.string()).optional(),
  },
  outputs: { scannedAt: z.string(), critical: z.number(), major: z.number(), minor: z.number(), scanStatus: z.number() },
  notAdoptable: "has no effect on a scan: there is nothing to take over",
  replaceOn: ["namespace", "repository", "tag"],
  timeouts: { create: "1h", update: "1h" },
  key: nameOf,
  due: ({ scannedAt, scanStatus }) =>
    scannedAt !== "" ? undefined : scanStatus === FAILED ? "the last scan failed" : "the last scan was not seen to end",

  async create(context, inputs) {
    return { id: nameOf(inputs), outputs: await scan(context, inputs) };
  },
  async read(_context, _id, last) {
    expectState(last, "dtr.getScanSummary tells what is known of an image");
    const { scannedAt = "", critical = 0, major = 0, minor = 0, scanStatus = RUNNING } = last;
    return { scannedAt, critical, major, minor, scanStatus };
  },
  async update(context, _id, inputs, last) {
    // One that ran out of time is waited for, not started a second time.
    const waiting = last.scannedAt === "" && last.scanStatus !== FAILED && wanted(inputs) === wanted(last);
    if (!waiting) return scan(context, inputs);
    try {
      return await ended(context, inputs);
    } catch (error) {
      // Written down, or every `up` would wait for the scan that failed.
      if (error instanceof ScanFailed)
        throw new Incomplete<ScanOutputs>(nameOf(inputs), { ...nothing, scanStatus: FAILED }, [error.message]);
      throw error;
    }
  },
  async delete() {},
}) {}

const nothing = { scannedAt: "", critical: 0, major: 0, minor: 0 };
const wanted = ({ os, arch, triggers }: ScanInputs): string => JSON.stringify([os, arch, triggers]);

async function scan(context: Context<DtrClient>, inputs: ScanInputs): Promise<ScanOutputs> {
  const { explain } = await startScan(context, inputs);
  try {
    return await ended(context, inputs);
  } catch (error) {
    if (error instanceof ScanFailed) throw new Error(await explain(error));
    throw error;
  }
}

/** Waits for a scan. One that goes on when the time is over is kept in the state. */
async function ended(context: Context<DtrClient>, inputs: ScanInputs): Promise<ScanOutputs> {
  const { client, clock, signal } = context;
  const { namespace, repository, tag: reference, os, arch } = inputs;
  const image = { namespace, repository, reference, ...(os !== undefined && { os }), ...(arch !== undefined && { arch }) };
  try {
    const summaries = await waitForScan(client, image, remaining(context));
    return { scannedAt: new Date(clock.now()).toISOString(), ...total(summaries), scanStatus: COMPLETED };
  } catch (error) {
    if (!(error instanceof DeadlineExceeded || signal.aborted)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Incomplete<ScanOutputs>(nameOf(inputs), { ...nothing, scanStatus: RUNNING }, [
      `the scan was not seen to end: ${reason} Run \`pulumi up\` again to go on waiting`,
    ]);
  }
}

function total(summaries: readonly ScanSummary[]): Pick<ScanOutputs, "critical" | "major" | "minor"> {
  const sum = { critical: 0, major: 0, minor: 0 };
  for (const { scannedImage } of summaries) {
    const { critical, major, minor } = scannedImage.totalVulnCount;
    sum.critical += critical;
    sum.major += major;
    sum.minor += minor;
  }
  return sum;
}
