import type { SandboxResponse } from "../contract";
import { severityOf } from "./findings";
import { summaryView, type TaggedImage } from "./scan-view";
import { foundIn } from "./scans";
import type { World } from "./world";

/** A header line, and a line for each vulnerability of each component. */
export function csvExport(world: World, images: readonly TaggedImage[]): SandboxResponse {
  const rows = images.flatMap((image) =>
    foundIn(world, image).flatMap(({ layer, component, open }) =>
      open.map(({ cve, cvss, summary = "" }) => {
        const about = [image.repository, image.tag, image.digest, layer, component.name, component.version];
        return [...about, cve, String(cvss), severityOf(cvss), summary];
      }),
    ),
  );
  const header = ["repository", "tag", "digest", "layer", "component", "version", "cve", "cvss", "severity", "summary"];
  const body = [header, ...rows].map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
  return { status: 200, headers: { "content-type": "text/csv; charset=utf-8", "content-disposition": attachment("csv") }, body };
}

/** The scan summaries as a file. */
export function jsonExport(world: World, images: readonly TaggedImage[], withStatus: boolean): SandboxResponse {
  const json = images.map((image) => summaryView(world, image, withStatus));
  return { status: 200, headers: { "content-disposition": attachment("json") }, json };
}

function attachment(ending: string): string {
  return `attachment; filename="scan-summary.${ending}"`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
