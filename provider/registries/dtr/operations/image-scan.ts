import { z } from "zod";
import { operation, rawBody } from "../../operation";
import { paged } from "../paging";
import { type ExportedSummary, Overrides, ScannerStatus, ScanSummaries, type ScanSummary, ThinScanSummaries } from "../schemas/image-scan";
import { LegacyScanSummaries } from "../schemas/legacy-scan";
import { name } from "./given";

/** An upload of the vulnerability database is some gigabytes, and the server answers when it has read it. */
const untilDone = { headers: 1_800_000, total: 6 * 3_600_000 };

const platform = { os: name.optional(), arch: name.optional() };
/** `scanstatus: false` leaves the status out. The server's default is true. */
const summaryQuery = { scanstatus: z.boolean().optional() };
/** Lists of images that have something: images in pages, most of the summary in each. */
const images = {
  query: summaryQuery,
  items: ScanSummaries,
  key: ({ scannedImage: image }: ScanSummary) =>
    [image.pk ?? "", image.namespace, image.repository, image.tag, image.manifestDigest].join(" "),
  errors: [400, 404],
};
const formats = { csv: "text/csv", json: "application/json" } as const;

/** Security scanning. SCANNING_NOT_ENABLED (400): it is off, or not licensed: `meta.features` tells before. */
export const imageScan = {
  /** Vulnerabilities that are said not to be there. In no pages. */
  listOverrides: operation("GET /api/v0/imagescan/layeroverride", { answer: Overrides, errors: [403] }),
  /** Says that `component` in a layer (`id`: its digest) does not have a vulnerability. NO_SUCH_LAYER: no image has such a layer. */
  setOverride: operation("POST /api/v0/imagescan/layeroverride/{id}", {
    body: { component: name, componentVersion: z.string(), cve: name, notes: z.string() },
    errors: [400, 403, 404, 500],
  }),
  /** Takes that back. `id` is the override's `pk`. */
  deleteOverride: operation("DELETE /api/v0/imagescan/layeroverride/{id}", { errors: [403, 404] }),
  /** Deprecated by the vendor: `summary` in its place. `detailed: false` leaves the layers out. */
  legacySummary: operation("GET /api/v0/imagescan/repositories/{namespace}/{repository}/{tag}", {
    query: { detailed: z.boolean().optional(), ...platform },
    answer: LegacyScanSummaries,
    errors: [400, 404],
  }),
  /** Scans all layers (`scan`), or checks what is scanned against the database (`check`), or both. */
  scanAll: operation("POST /api/v0/imagescan/scan", {
    body: { scan: z.boolean(), check: z.boolean() },
    rule: ({ scan, check }) => (scan || check ? undefined : "nothing to do: set scan or check"),
    repeatable: true,
    errors: [400, 403],
  }),
  /** Updates the vulnerability database: from the vendor (`online: true`), or by a file (`body: databaseFile(…)`). */
  updateDatabase: operation("PUT /api/v0/imagescan/scan/update", {
    query: { online: z.boolean().optional() },
    body: rawBody.optional(),
    rule: ({ online, body }) => (Boolean(online) === (body !== undefined) ? "give either online: true or a file as body" : undefined),
    timeouts: untilDone,
    errors: [400, 403],
  }),
  /** Starts a scan of one image of a tag. `waitForScan` waits for its end. */
  scan: operation("POST /api/v0/imagescan/scan/{namespace}/{repository}/{tag}/{os}/{arch}", { repeatable: true, errors: [400, 404] }),
  /** Images that have a component. */
  byComponent: paged("GET /api/v0/imagescan/scansummary/component/{component}", images),
  /** Images that have a vulnerability: `CVE-2021-44228`. */
  byCve: paged("GET /api/v0/imagescan/scansummary/cve/{cve}", images),
  /** Images that have a layer, by its digest. NO_SUCH_LAYER: none has. */
  byLayer: paged("GET /api/v0/imagescan/scansummary/layer/{layerid}", images),
  /** Images that have something of a license. */
  byLicense: paged("GET /api/v0/imagescan/scansummary/license/{license}", images),
  /** What is known of an image, by tag or digest: one summary for each platform of a multi-arch image. */
  summary: operation("GET /api/v0/imagescan/scansummary/repositories/{namespace}/{repository}/{reference}", {
    query: { ...summaryQuery, ...platform },
    answer: ScanSummaries,
    errors: [400, 404],
  }),
  /** The same as a file, `csv` or `json`. */
  exportSummary: operation("GET /api/v0/imagescan/scansummary/repositories/{namespace}/{repository}/{tag}/export", {
    query: { ...summaryQuery, ...platform },
    header: { format: z.enum(["csv", "json"], "must be csv or json").transform((format) => formats[format]) },
    wire: { format: "accept" },
    read: (answer): ExportedSummary => ({
      contentType: answer.headers.get("content-type") ?? "",
      text: answer.body.toString("utf8"),
    }),
    errors: [400, 404],
  }),
  /** Counts of vulnerabilities for many images at once, by image. */
  summaries: operation("POST /api/v0/imagescan/scansummary/tags", {
    body: { images: z.array(z.strictObject({ name, digest: name.optional() })).min(1, "must not be empty") },
    answer: ThinScanSummaries,
    repeatable: true,
    errors: [400],
  }),
  /** State of the scanner and its database. */
  status: operation("GET /api/v0/imagescan/status", { answer: ScannerStatus, errors: [400] }),
};
