import { z } from "zod";
import { ScannerLicense } from "./image-scan";
import { count, flag, list, optional, text, time } from "./shape";
import { array } from "./values";

/** What the deprecated summary answers, and what a tag carries as `vuln_summary`. */

/** The answer of the deprecated summary. */
export interface LegacyScanSummary {
  readonly namespace: string;
  readonly repository: string;
  readonly tag: string;
  readonly critical: number;
  readonly major: number;
  readonly minor: number;
  /** As `scanStatus` of ScanSummary. */
  readonly lastScanStatus: number;
  /** RFC 3339; undefined: never. */
  readonly checkCompletedAt?: string;
  readonly shouldRescan: boolean;
  readonly hasForeignLayers: boolean;
  readonly layerDetails: readonly LegacyLayer[];
}

export interface LegacyLayer {
  readonly sha256sum: string;
  readonly components: readonly LegacyComponent[];
}

export interface LegacyComponent {
  readonly component: string;
  readonly version: string;
  readonly vulns: readonly LegacyVulnerability[];
  readonly fullpath: readonly string[];
  readonly license?: ScannerLicense;
}

export interface LegacyVulnerability {
  readonly cve: string;
  readonly cvss: number;
  readonly summary: string;
  readonly exact: boolean;
  readonly notes: readonly { readonly reason: string; readonly type: string }[];
}

const LegacyVulnerability: z.ZodType<LegacyVulnerability> = z
  .object({
    vuln: z.object({ cve: text, cvss: count, summary: text }).nullish(),
    exact: flag,
    notes: list(z.object({ reason: text, type: text })),
  })
  .transform(({ vuln, ...rest }) => ({ ...(vuln ?? { cve: "", cvss: 0, summary: "" }), ...rest }));

const LegacyComponent: z.ZodType<LegacyComponent> = z.object({
  component: text,
  version: text,
  vulns: list(LegacyVulnerability),
  fullpath: list(z.string()),
  license: optional(ScannerLicense),
});

const LegacyLayer: z.ZodType<LegacyLayer> = z.object({ sha256sum: text, components: list(LegacyComponent) });

export const LegacyScanSummary: z.ZodType<LegacyScanSummary> = z
  .object({
    namespace: text,
    reponame: text,
    tag: text,
    critical: count,
    major: count,
    minor: count,
    last_scan_status: count,
    check_completed_at: time,
    should_rescan: flag,
    has_foreign_layers: flag,
    layer_details: list(LegacyLayer),
  })
  .transform(({ namespace, reponame, tag, critical, major, minor, ...summary }) => ({
    namespace,
    repository: reponame,
    tag,
    critical,
    major,
    minor,
    lastScanStatus: summary.last_scan_status,
    ...(summary.check_completed_at !== undefined && { checkCompletedAt: summary.check_completed_at }),
    shouldRescan: summary.should_rescan,
    hasForeignLayers: summary.has_foreign_layers,
    layerDetails: summary.layer_details,
  }));
export const LegacyScanSummaries = array(LegacyScanSummary);
