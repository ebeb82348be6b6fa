import { z } from "zod";
import { count, flag, list, map, optional, text, time } from "./shape";
import { array, filled } from "./values";

/** Vulnerabilities by severity: critical from CVSS 7.0, major from 4.0, minor above 0. */
export interface VulnerabilityCount {
  readonly critical: number;
  readonly major: number;
  readonly minor: number;
}

/** `component` in a layer is said not to have the vulnerability. */
export interface LayerVulnerabilityOverride {
  /** Names the override: what `deleteOverride` wants as `id`. */
  readonly pk: string;
  /** Of the layer. */
  readonly digest: string;
  readonly component: string;
  readonly componentVersion: string;
  readonly cve: string;
  readonly notes: string;
}

export interface ScannerLicense {
  readonly name: string;
  readonly type?: string;
  readonly url?: string;
}

export interface ScannerComponent {
  readonly componentPK: string;
  readonly vulnCount: VulnerabilityCount;
  readonly name: string;
  readonly version: string;
  readonly filepaths: readonly string[];
  readonly cves: readonly string[];
  readonly licenses: readonly string[];
  readonly source?: string;
}

export interface ScannerCve {
  /** `CVE-2019-…`. */
  readonly cvePK: string;
  readonly summary: string;
  readonly cvss: number;
  readonly notes: string;
}

export interface ScannerLayer {
  readonly digest: string;
  readonly mediaType?: string;
  readonly author?: string;
  /** Bytes. */
  readonly size: number;
  readonly components: readonly string[];
}

export interface ScannerFingerprint {
  readonly scannerType: number;
  readonly version: readonly string[];
}

export interface ScannedImage {
  readonly pk?: string;
  readonly namespace: string;
  readonly repository: string;
  readonly tag: string;
  readonly manifestDigest: string;
  readonly totalVulnCount: VulnerabilityCount;
  readonly licenses: readonly ScannerLicense[];
  readonly layers: readonly ScannerLayer[];
  readonly components: readonly ScannerComponent[];
  readonly cves: readonly ScannerCve[];
  readonly maxCVSSValue: number;
  readonly scannerFingerprint?: ScannerFingerprint;
  readonly vulnOverrides: readonly LayerVulnerabilityOverride[];
}

/** What is known of an image's vulnerabilities. */
export interface ScanSummary {
  readonly scannedImage: ScannedImage;
  /** The database is newer than the check. */
  readonly shouldRescan: boolean;
  /** 0 failed, 1 unscanned, 2 scanning, 3 pending, 4 scanned and not checked, 5 checking, 6 completed. */
  readonly scanStatus?: number;
}

/** State of the scanner and its database. */
export interface ScannerStatus {
  /** Values are not documented. */
  readonly state: number;
  readonly scannerVersion: number;
  /** RFC 3339; undefined: never. */
  readonly scannerUpdatedAt?: string;
  readonly dbVersion: number;
  /** RFC 3339; undefined: never. */
  readonly dbUpdatedAt?: string;
  readonly lastDBUpdateFailed: boolean;
  readonly lastVulnOverridesDBUpdateFailed: boolean;
  /** By replica id. Not in 3.0. */
  readonly replicas: Readonly<Record<string, ScannerFingerprint>>;
}

/** A summary as a file. */
export interface ExportedSummary {
  /** `text/csv`, `application/json`, as the server says. */
  readonly contentType: string;
  readonly text: string;
}

export const VulnerabilityCount: z.ZodType<VulnerabilityCount> = z
  .object({ critical: count, major: count, minor: count })
  .nullish()
  .transform((value) => value ?? { critical: 0, major: 0, minor: 0 });

export const LayerVulnerabilityOverride: z.ZodType<LayerVulnerabilityOverride> = z.object({
  pk: text,
  digest: text,
  component: text,
  componentVersion: text,
  cve: text,
  notes: text,
});
export const Overrides = array(LayerVulnerabilityOverride);

export const ScannerLicense: z.ZodType<ScannerLicense> = z.object({ name: text, type: filled, url: filled });

export const ScannerComponent: z.ZodType<ScannerComponent> = z.object({
  componentPK: text,
  vulnCount: VulnerabilityCount,
  name: text,
  version: text,
  filepaths: list(z.string()),
  cves: list(z.string()),
  licenses: list(z.string()),
  source: filled,
});

const ScannerCve: z.ZodType<ScannerCve> = z.object({ cvePK: text, summary: text, cvss: count, notes: text });

const ScannerLayer: z.ZodType<ScannerLayer> = z.object({
  digest: text,
  mediaType: filled,
  author: filled,
  size: count,
  components: list(z.string()),
});

const ScannerFingerprint: z.ZodType<ScannerFingerprint> = z.object({ scannerType: count, version: list(z.string()) });

const ScannedImage: z.ZodType<ScannedImage> = z.object({
  pk: filled,
  namespace: text,
  repository: text,
  tag: text,
  manifestDigest: text,
  totalVulnCount: VulnerabilityCount,
  licenses: list(ScannerLicense),
  layers: list(ScannerLayer),
  components: list(ScannerComponent),
  cves: list(ScannerCve),
  maxCVSSValue: count,
  scannerFingerprint: optional(ScannerFingerprint),
  vulnOverrides: list(LayerVulnerabilityOverride),
});

export const ScanSummary: z.ZodType<ScanSummary> = z.object({
  scannedImage: ScannedImage,
  shouldRescan: flag,
  scanStatus: optional(z.number()),
});
export const ScanSummaries = array(ScanSummary);

/** By image: whether the key is the name or the digest that was sent is not documented. */
export const ThinScanSummaries: z.ZodType<Readonly<Record<string, VulnerabilityCount>>> = z
  .object({ images: z.record(z.string(), VulnerabilityCount).nullable() })
  .transform(({ images }) => images ?? {});

export const ScannerStatus: z.ZodType<ScannerStatus> = z
  .object({
    state: count,
    scanner_version: count,
    scannerUpdatedAt: time,
    db_version: count,
    db_updated_at: time,
    lastDBUpdateFailed: flag,
    lastVulnOverridesDBUpdateFailed: flag,
    replicas: map(ScannerFingerprint),
  })
  .transform(({ scanner_version, scannerUpdatedAt, db_version, db_updated_at, ...status }) => ({
    ...status,
    scannerVersion: scanner_version,
    ...(scannerUpdatedAt !== undefined && { scannerUpdatedAt }),
    dbVersion: db_version,
    ...(db_updated_at !== undefined && { dbUpdatedAt: db_updated_at }),
  }));
