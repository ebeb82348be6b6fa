import type { DtrClient } from "./client";
import type { ScanSummary } from "./schemas";
import { poll, type Wait } from "./wait";

/** What `scanStatus` says (the vendor's guide to webhooks lists them). */
export const scanStatuses: Readonly<Record<number, string>> = {
  0: "failed",
  1: "unscanned",
  2: "scanning",
  3: "pending",
  4: "scanned, not checked",
  5: "checking",
  6: "completed",
};
const failed = 0;
const completed = 6;

/** An image, by tag or digest; one platform of it, where `os` and `arch` are given. */
export interface ScannedReference {
  readonly namespace: string;
  readonly repository: string;
  readonly reference: string;
  readonly os?: string;
  readonly arch?: string;
}

/** The scanner could not scan an image. */
export class ScanFailed extends Error {
  override readonly name = "ScanFailed";

  constructor(
    message: string,
    readonly summaries: readonly ScanSummary[],
  ) {
    super(message);
  }
}

/**
 * Waits until every platform of an image is scanned and checked, and gives the summaries. Throws ScanFailed if one of them failed, DeadlineExceeded when the
 * time is over, RegistryError when it cannot be looked at (SCANNING_NOT_ENABLED: scanning is off). Of an image that was scanned before, nothing on
 * the wire tells the old end from the new one: start the scan first.
 */
export async function waitForScan(client: DtrClient, image: ScannedReference, wait: Wait): Promise<readonly ScanSummary[]> {
  const { namespace, repository, reference, os, arch } = image;
  const name = `${namespace}/${repository}${reference.includes(":") ? "@" : ":"}${reference}`;
  const question = {
    namespace,
    repository,
    reference,
    scanstatus: true,
    ...(os !== undefined && { os }),
    ...(arch !== undefined && { arch }),
  };
  let last: readonly ScanSummary[] = [];
  return poll(
    async (options) => {
      last = await client.imageScan.summary(question, options);
      const statuses = last.map(({ scanStatus }) => scanStatus);
      if (statuses.length === 0 || !statuses.every((status) => status === failed || status === completed)) return undefined;
      if (statuses.includes(failed)) {
        throw new ScanFailed(
          `The scan of ${name} failed. Look at the logs of the jobs scan_check_single, and whether the image's layers are there.`,
          last,
        );
      }
      return { done: last };
    },
    wait,
    () =>
      `The scan of ${name} is not completed (${[...new Set(last.map(({ scanStatus }) => described(scanStatus)))].join(", ") || "not seen"})`,
  );
}

const described = (status: number | undefined): string =>
  status === undefined ? "status not told" : (scanStatuses[status] ?? `status ${status}`);
