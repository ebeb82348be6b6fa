import { image, index, push } from "../images";
import type { Component } from "./findings";
import { items, type Rig, rig } from "./rig";

/** The layers of the images below: `base` has musl and zlib in it, `app` an unmaintained tool. */
const layers = ["base", "app"] as const;
export const scannedImage = image({ layers });
const [, base, app] = scannedImage.blobs;
export const baseLayer = base?.digest ?? "";
export const appLayer = app?.digest ?? "";

const mit = { name: "MIT", url: "https://opensource.org/licenses/MIT" };

export const vulnerabilities: Readonly<Record<string, readonly Component[]>> = {
  [baseLayer]: [
    {
      name: "musl",
      version: "1.1.20",
      licenses: [mit],
      filepaths: ["lib/ld-musl.so"],
      vulnerabilities: [
        { cve: "CVE-2019-14697", cvss: 9.8, summary: 'Overflow, in "x87" code' },
        { cve: "CVE-2020-28928", cvss: 5.5 },
      ],
    },
    { name: "zlib", version: "1.2.11" },
  ],
  [appLayer]: [
    {
      name: "tool",
      version: "0.1",
      vulnerabilities: [
        { cve: "CVE-2018-0001", cvss: 3.9 },
        { cve: "CVE-2020-28928", cvss: 5.5 },
      ],
    },
  ],
};

/** A sandbox whose `team/app:v1` holds `scannedImage`, and `team/app:multi` an index of it and of one for arm64 with another layer. */
export function scanRig(options: Parameters<typeof rig>[0] = {}): Rig {
  const world = rig({ vulnerabilities, scanPolls: 0, ...options });
  push(world.store, "team/app", "v1", scannedImage);
  const arm = image({ layers: ["base", "arm"], platform: { os: "linux", architecture: "arm64" } });
  push(world.store, "team/app", "multi", index([scannedImage, arm]));
  return world;
}

export const summaryPath = "imagescan/scansummary/repositories/team/app";

/** The older form of that of `team/app:v1`, without its layers, when it was scanned as the sandbox began. */
export const olderSummary = {
  namespace: "team",
  reponame: "app",
  tag: "v1",
  critical: 1,
  major: 1,
  minor: 1,
  last_scan_status: 6,
  check_completed_at: "2026-01-01T00:00:00.000123456Z",
  should_rescan: false,
  has_foreign_layers: false,
};

/** Scans `team/app:v1`, and gives its summary. */
export async function scanned({ call }: Rig): Promise<Record<string, unknown>> {
  await call("POST", "imagescan/scan/team/app/v1/linux/amd64");
  return items(await call("GET", `${summaryPath}/v1`))[0] ?? {};
}

/** Scan statuses of what answers at this path. */
export async function statuses({ call }: Rig, reference = "v1"): Promise<unknown[]> {
  return items(await call("GET", `${summaryPath}/${reference}`)).map(({ scanStatus }) => scanStatus);
}
