import type {
  DtrClient,
  ExportedSummary,
  LayerVulnerabilityOverride,
  LegacyScanSummary,
  ScannerStatus,
  ScanSummary,
  VulnerabilityCount,
} from "../../../registries/dtr";
import { readFunction } from "../../functions";
import { dtr } from "../module";
import type { RepositoryArgs } from "./repositories";

const overrides = readFunction(
  "getVulnerabilityOverrides",
  dtr,
  async (client: DtrClient, _args: Record<never, never>, signal): Promise<LayerVulnerabilityOverride[]> => [
    ...(await client.imageScan.listOverrides({}, { signal })),
  ],
);
/** Vulnerabilities that are said not to be there. */
export const getVulnerabilityOverrides = overrides.plain;
export const getVulnerabilityOverridesOutput = overrides.output;

/** Which of the images of a multi-arch one. */
export interface PlatformArgs {
  /** Only the one for this operating system: `linux`. */
  os?: string;
  /** Only the one for this architecture: `amd64`. */
  arch?: string;
}

/** What a summary tells. */
export interface SummaryArgs {
  /** With the state of the scan. Default `true`. */
  scanStatus?: boolean;
}

/** By the API's name. */
const wire = <A extends SummaryArgs>({ scanStatus, ...args }: A) => ({
  ...args,
  ...(scanStatus !== undefined && { scanstatus: scanStatus }),
});

const scanSummary = readFunction(
  "getScanSummary",
  dtr,
  async (
    client: DtrClient,
    args: RepositoryArgs &
      PlatformArgs &
      SummaryArgs & {
        /** A tag or a digest. */
        reference: string;
      },
    signal,
  ): Promise<ScanSummary[]> => [...(await client.imageScan.summary(wire(args), { signal }))],
);
/** What is known of an image's vulnerabilities: one summary for each image of a multi-arch one. */
export const getScanSummary = scanSummary.plain;
export const getScanSummaryOutput = scanSummary.output;

const legacyScanSummary = readFunction(
  "getLegacyScanSummary",
  dtr,
  async (
    client: DtrClient,
    args: RepositoryArgs &
      PlatformArgs & {
        /** The tag. */
        tag: string;
        /** With layers and components. Default `true`. */
        detailed?: boolean;
      },
    signal,
  ): Promise<LegacyScanSummary[]> => [...(await client.imageScan.legacySummary(args, { signal }))],
);
/** The same in the form of old versions. The vendor calls it deprecated: use `getScanSummary` where the server has it. */
export const getLegacyScanSummary = legacyScanSummary.plain;
export const getLegacyScanSummaryOutput = legacyScanSummary.output;

const exportedScanSummary = readFunction(
  "exportScanSummary",
  dtr,
  (
    client: DtrClient,
    args: RepositoryArgs &
      PlatformArgs &
      SummaryArgs & {
        /** The tag. */
        tag: string;
        /** Form of the file. */
        format: "csv" | "json";
      },
    signal,
  ): Promise<ExportedSummary> => client.imageScan.exportSummary(wire(args), { signal }),
);
/** What is known of an image's vulnerabilities, as a file. */
export const exportScanSummary = exportedScanSummary.plain;
export const exportScanSummaryOutput = exportedScanSummary.output;

/** An image among others. */
export interface ImageArgs {
  /** `namespace/repository:tag`. */
  name: string;
  /** Its digest. */
  digest: string;
}

const scanSummaries = readFunction(
  "getScanSummaries",
  dtr,
  async (
    client: DtrClient,
    args: {
      /** The images. */
      images: ImageArgs[];
    },
    signal,
  ): Promise<Record<string, VulnerabilityCount>> => ({ ...(await client.imageScan.summaries(args, { signal })) }),
);
/** Counts of vulnerabilities of many images. The vendor does not document whether the keys are the names or the digests. */
export const getScanSummaries = scanSummaries.plain;
export const getScanSummariesOutput = scanSummaries.output;

const byCve = readFunction(
  "getImagesByCve",
  dtr,
  (
    client: DtrClient,
    args: SummaryArgs & {
      /** The vulnerability: `CVE-2021-44228`. */
      cve: string;
    },
    signal,
  ): Promise<ScanSummary[]> => Array.fromAsync(client.imageScan.byCve(wire(args), { signal })),
);
/** Images that have a vulnerability. */
export const getImagesByCve = byCve.plain;
export const getImagesByCveOutput = byCve.output;

const byComponent = readFunction(
  "getImagesByComponent",
  dtr,
  (
    client: DtrClient,
    args: SummaryArgs & {
      /** Name of the component: `openssl`. */
      component: string;
    },
    signal,
  ): Promise<ScanSummary[]> => Array.fromAsync(client.imageScan.byComponent(wire(args), { signal })),
);
/** Images that hold a component. */
export const getImagesByComponent = byComponent.plain;
export const getImagesByComponentOutput = byComponent.output;

const byLayer = readFunction(
  "getImagesByLayer",
  dtr,
  (
    client: DtrClient,
    {
      layer,
      ...args
    }: SummaryArgs & {
      /** Digest of the layer. */
      layer: string;
    },
    signal,
  ): Promise<ScanSummary[]> => Array.fromAsync(client.imageScan.byLayer({ layerid: layer, ...wire(args) }, { signal })),
);
/** Images that hold a layer; an error if none does. */
export const getImagesByLayer = byLayer.plain;
export const getImagesByLayerOutput = byLayer.output;

const byLicense = readFunction(
  "getImagesByLicense",
  dtr,
  (
    client: DtrClient,
    args: SummaryArgs & {
      /** Name of the license. */
      license: string;
    },
    signal,
  ): Promise<ScanSummary[]> => Array.fromAsync(client.imageScan.byLicense(wire(args), { signal })),
);
/** Images that hold something under a license. */
export const getImagesByLicense = byLicense.plain;
export const getImagesByLicenseOutput = byLicense.output;

const scannerStatus = readFunction(
  "getScannerStatus",
  dtr,
  (client: DtrClient, _args: Record<never, never>, signal): Promise<ScannerStatus> => client.imageScan.status({}, { signal }),
);
/** State of the scanner and of its database. */
export const getScannerStatus = scannerStatus.plain;
export const getScannerStatusOutput = scannerStatus.output;
