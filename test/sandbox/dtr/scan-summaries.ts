import { isObject } from "../references";
import { levelIn, repositoryOf } from "./access";
import { argument, type Call, flag, form, parameter } from "./call";
import { refusal } from "./errors";
import { countsOf } from "./findings";
import { look } from "./job-runs";
import { knownLayer } from "./layer-overrides";
import { page } from "./paging";
import { listed, type Route } from "./route";
import { csvExport, jsonExport } from "./scan-export";
import { oldSummaryView, summaryView, type TaggedImage } from "./scan-view";
import { imagesOf, layersOf, tagsWith } from "./scanned-images";
import { chosenImages, foundIn, resultOf, scanKey, scanningEnabled } from "./scans";
import { services } from "./services";
import { pathOf, type World } from "./world";

const path = "/api/v0/imagescan";
const summaries = `${path}/scansummary`;
const ofRepository = `${summaries}/repositories/{namespace}/{repository}`;
const readers = { repository: "read-only" } as const;

export const scanSummaryRoutes: readonly Route[] = [
  { method: "GET", path: `${path}/repositories/{namespace}/{repository}/{tag}`, who: readers, run: old },
  { method: "GET", path: `${summaries}/component/{component}`, who: "user", list: true, run: byComponent },
  { method: "GET", path: `${summaries}/cve/{cve}`, who: "user", list: true, run: byCve },
  { method: "GET", path: `${summaries}/layer/{layer}`, who: "user", list: true, run: byLayer },
  { method: "GET", path: `${summaries}/license/{license}`, who: "user", list: true, run: byLicense },
  { method: "GET", path: `${ofRepository}/{reference}`, who: readers, run: ofReference },
  { method: "GET", path: `${ofRepository}/{tag}/export`, who: readers, run: exported },
  { method: "POST", path: `${summaries}/tags`, who: "user", run: counts },
];

async function old(call: Call) {
  const images = await asked(call, "tag", "NO_SUCH_TAG");
  const detailed = flag(call, "detailed", true);
  return { status: 200, json: images.map((image) => oldSummaryView(call.world, image, detailed)) };
}

async function ofReference(call: Call) {
  const images = await asked(call, "reference", "NO_SUCH_REF");
  const withStatus = flag(call, "scanstatus", true);
  return { status: 200, json: images.map((image) => summaryView(call.world, image, withStatus)) };
}

async function exported(call: Call) {
  const accept = call.request.headers.accept ?? "";
  const images = await asked(call, "tag", "NO_SUCH_TAG");
  if (accept.includes("text/csv")) return csvExport(call.world, images);
  if (accept.includes("application/json")) return jsonExport(call.world, images, flag(call, "scanstatus", true));
  throw refusal("INVALID_PARAMETERS", "Accept must be text/csv or application/json.");
}

function byComponent(call: Call) {
  const wanted = parameter(call, "component");
  return search(call, (image) => foundIn(call.world, image).some(({ component }) => component.name === wanted));
}

function byCve(call: Call) {
  const wanted = parameter(call, "cve");
  return search(call, (image) => foundIn(call.world, image).some(({ open }) => open.some(({ cve }) => cve === wanted)));
}

function byLicense(call: Call) {
  const wanted = parameter(call, "license");
  return search(call, (image) => {
    return foundIn(call.world, image).some(({ component }) => component.licenses?.some(({ name }) => name === wanted));
  });
}

function byLayer(call: Call) {
  const digest = knownLayer(call, "layer");
  return search(call, (image) => layersOf(call.world, image).some((layer) => layer.digest === digest));
}

/** The scanned images, tag by tag, of the repositories that the caller may see. */
function search(call: Call, matches: (image: TaggedImage) => boolean) {
  const { world, principal } = call;
  scanningEnabled(world);
  const visible = [...world.repositories.values()].filter((repository) => levelIn(world, principal, repository) !== undefined);
  const found = visible.flatMap((repository) => taggedImages(world, pathOf(repository))).filter((image) => resultOf(world, image));
  const { items, headers } = page(call, found.filter(matches), (image) => `${image.repository}:${image.tag}@${image.digest}`);
  const withStatus = flag(call, "scanstatus", true);
  const json = items.map((image) => summaryView(world, image, withStatus));
  return { status: 200, headers, json: listed(world, json) };
}

/** The counts of many images at once. Those that are not there, or not for the caller, or were not scanned are left out. */
function counts(call: Call) {
  const { world, principal } = call;
  scanningEnabled(world);
  const { images } = form(call);
  if (!Array.isArray(images)) throw refusal("INVALID_PARAMETERS", "images is a list of objects with name and digest.");
  const found = images.flatMap((image: unknown) => {
    if (!isObject(image) || typeof image.name !== "string" || typeof image.digest !== "string") {
      throw refusal("INVALID_PARAMETERS", "images is a list of objects with name and digest.");
    }
    const { name, digest } = image;
    const known = world.repositories.get(name.replace(/[:@].*$/, ""));
    if (!known || levelIn(world, principal, known) === undefined) return [];
    const scanned = (imagesOf(world, pathOf(known), digest) ?? []).filter((one) => resultOf(world, one));
    if (scanned.length === 0) return [];
    const key = world.switches.summaryKeys === "name" ? name : digest;
    return [[key, countsOf(scanned.flatMap((one) => foundIn(world, one)))] as const];
  });
  return { status: 200, json: { images: Object.fromEntries(found) } };
}

/** The images of the tag or digest in the path, after one look at their scans. */
async function asked(call: Call, name: "tag" | "reference", code: "NO_SUCH_TAG" | "NO_SUCH_REF"): Promise<readonly TaggedImage[]> {
  const { world } = call;
  scanningEnabled(world);
  const repository = pathOf(repositoryOf(call, "read-only"));
  const reference = parameter(call, name);
  const images = chosenImages(world, { repository, reference, os: argument(call, "os"), arch: argument(call, "arch") }, code);
  for (const image of images) {
    const scan = services(world).scans.get(scanKey(image));
    if (scan) await look(world, scan);
  }
  return images.map((image) => ({ ...image, tag: reference.includes(":") ? (tagsWith(world, image)[0] ?? "") : reference }));
}

function taggedImages(world: World, repository: string): readonly TaggedImage[] {
  const tags = [...(world.store.repository(repository)?.tags.keys() ?? [])];
  return tags.flatMap((tag) => (imagesOf(world, repository, tag) ?? []).map((image) => ({ ...image, tag })));
}
