import { type Counts, countsOf, type Found, highestScore, type License, type Vulnerability } from "./findings";
import { platformOf } from "./happenings";
import { dateText } from "./route";
import { type ImageOfRepository, layersOf } from "./scanned-images";
import { SCANNER_VERSION } from "./scanner-database";
import { foundIn, resultOf, scanKey, scanStatus } from "./scans";
import { services } from "./services";
import type { World } from "./world";

/** An image by the tag for which it was asked; empty when it was asked for by digest and has none. */
export interface TaggedImage extends ImageOfRepository {
  readonly tag: string;
}

/** `responses.ScanSummary`; the status by the query's `scanstatus`. */
export function summaryView(world: World, image: TaggedImage, withStatus: boolean) {
  const found = foundIn(world, image);
  const [namespace, repository] = image.repository.split("/");
  const licenses = licensesOf(found);
  const cves = unique(
    found.flatMap(({ open }) => open),
    ({ cve }) => cve,
  );
  const layers = layersOf(world, image).map(({ digest, mediaType, size }) => ({
    ...{ digest, mediaType, author: "", size },
    components: found.filter(({ layer }) => layer === digest).map(({ component }) => keyOf(component)),
  }));
  const scannedImage = {
    ...{ pk: scanKey(image), namespace, repository, tag: image.tag, manifestDigest: image.digest },
    ...{ totalVulnCount: countsOf(found), licenses, layers, components: found.map(componentView) },
    cves: cves.map((cve) => ({ cvePK: cve.cve, summary: cve.summary ?? "", cvss: cve.cvss, notes: "" })),
    maxCVSSValue: highestScore(found),
    scannerFingerprint: { scannerType: 1, version: [String(SCANNER_VERSION), String(resultOf(world, image)?.databaseVersion ?? 0)] },
    vulnOverrides: overridesOf(world, image),
  };
  return { scannedImage, shouldRescan: shouldRescan(world, image), ...(withStatus && { scanStatus: scanStatus(world, image) }) };
}

/** `responses.OldScanSummary`, with what is in each layer when `detailed`. */
export function oldSummaryView(world: World, image: TaggedImage, detailed: boolean) {
  const found = foundIn(world, image);
  const [namespace, reponame] = image.repository.split("/");
  const layers = layersOf(world, image);
  return {
    ...{ namespace, reponame, tag: image.tag, ...countsOf(found), last_scan_status: scanStatus(world, image) },
    check_completed_at: dateText(world, resultOf(world, image)?.completedAt),
    should_rescan: shouldRescan(world, image),
    has_foreign_layers: layers.some(({ mediaType }) => /foreign|nondistributable/.test(mediaType)),
    ...(detailed && {
      layer_details: layers.map(({ digest }) => ({
        sha256sum: digest.replace(/^sha256:/, ""),
        components: found.filter(({ layer }) => layer === digest).map(detailView),
      })),
    }),
  };
}

/** What `responses.Tag` adds to the item of a list; the summary only once the image was scanned. */
export function scanOfTag(world: World, given: Pick<TaggedImage, "repository" | "digest" | "tag">) {
  const image = { ...given, ...platformOf(world, given.repository, given.digest) };
  const found = foundIn(world, image);
  const summary = resultOf(world, image) && { vuln_summary: oldSummaryView(world, image, false) };
  return { ...summary, licenses: licensesOf(found), components: found.map(componentView) };
}

function licensesOf(found: readonly Found[]): readonly Required<License>[] {
  const all = found.flatMap(({ component }) => component.licenses ?? []);
  return unique(all, ({ name }) => name).map(({ name, type = "permissive", url = "" }) => ({ name, url, type }));
}

function overridesOf(world: World, image: ImageOfRepository) {
  const layers = new Set(layersOf(world, image).map(({ digest }) => digest));
  return [...services(world).overrides.values()].filter(({ digest }) => layers.has(digest));
}

/** `schema.ScannerComponent` */
function componentView(one: Found) {
  const { component, open } = one;
  const vulnCount: Counts = countsOf([one]);
  return {
    ...{ componentPK: keyOf(component), vulnCount, name: component.name, version: component.version },
    filepaths: filepathsOf(one),
    cves: open.map(({ cve }) => cve),
    licenses: (component.licenses ?? []).map(({ name }) => name),
    source: "",
  };
}

/** `responses.Component`: an override shows as a note of the vulnerability that it takes away. */
function detailView(one: Found) {
  const { component, open, overridden } = one;
  const [license] = licensesOf([one]);
  const vuln = ({ cve, cvss, summary = "" }: Vulnerability) => ({ cve, cvss, summary });
  const vulns = [
    ...open.map((each) => ({ vuln: vuln(each), exact: true, notes: [] })),
    ...overridden.map((each) => ({ vuln: vuln(each), exact: true, notes: [{ reason: each.notes, type: "override" }] })),
  ];
  return { component: component.name, version: component.version, vulns, fullpath: filepathsOf(one), ...(license && { license }) };
}

function filepathsOf({ component }: Found): readonly string[] {
  return component.filepaths ?? [`usr/lib/${component.name}`];
}

function keyOf({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name}@${version}`;
}

/** A newer database came, or the image was never scanned. */
function shouldRescan(world: World, image: ImageOfRepository): boolean {
  return resultOf(world, image)?.databaseVersion !== services(world).databaseVersion;
}

function unique<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
