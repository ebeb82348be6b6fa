import { Refusal, refusal } from "./errors";
import { countsOf, type Found, findingsIn } from "./findings";
import { isFinished, submit } from "./job-runs";
import { type ImageOfRepository, imagesOf, layersOf } from "./scanned-images";
import { type Job, type ScanResult, services } from "./services";
import { type Findings, pathOf, type Repository, type World } from "./world";

type ImageKey = Pick<ImageOfRepository, "repository" | "digest">;

export function scanKey({ repository, digest }: ImageKey): string {
  return `${repository}@${digest}`;
}

export function scanningEnabled(world: World): void {
  if (world.settings.scanningEnabled) return;
  throw new Refusal(400, "SCANNING_NOT_ENABLED", "Scanning is not enabled: turn it on in the settings.");
}

/** Puts the scan of an image into the queue of jobs, unless it is there already. `check` only compares with a newer database. */
export function startScan(world: World, image: ImageKey, check = false): Job {
  const { scans } = services(world);
  const known = scans.get(scanKey(image));
  if (known && !isFinished(known)) return known;
  const [layer] = layersOf(world, image);
  const { repository, digest } = image;
  const job = submit(world, {
    action: "scan_check_single",
    parameters: { SHA256SUM: (layer?.digest ?? digest).replace(/^sha256:/, "") },
    capacityMap: { scan: 1 },
    deadline: "",
    stopTimeout: "",
    scheduledAt: world.clock.now(),
    retriesTotal: 0,
    scan: { repository, digest, check },
  });
  scans.set(scanKey(image), job);
  return job;
}

/** 0 failed, 1 unscanned, 2 scanning, 3 pending, 5 checking, 6 completed. */
export function scanStatus(world: World, image: ImageKey): number {
  const job = services(world).scans.get(scanKey(image));
  switch (job?.phase) {
    case "waiting":
      return 3;
    case "running":
      return job.scan?.check ? 5 : 2;
    case "errored":
      return 0;
    case "done":
      return 6;
    default:
      // Never, or canceled: an older result is still good.
      return services(world).results.has(scanKey(image)) ? 6 : 1;
  }
}

export function resultOf(world: World, image: ImageKey): ScanResult | undefined {
  return services(world).results.get(scanKey(image));
}

/** What the last scan of an image found, with today's overrides; nothing when it was never scanned. */
export function foundIn(world: World, image: ImageKey): readonly Found[] {
  const result = resultOf(world, image);
  return result ? findingsIn(result.layers, result.table, services(world).overrides.values()) : [];
}

/** What policies ask of a tag: all images of an index together; undefined when none of them was scanned. */
export function findingsOf(world: World, repository: Repository, tag: string): Findings | undefined {
  const scanned = (imagesOf(world, pathOf(repository), tag) ?? []).filter((image) => resultOf(world, image));
  if (scanned.length === 0) return undefined;
  const found = scanned.flatMap((image) => foundIn(world, image));
  const licenses = found.flatMap(({ component }) => (component.licenses ?? []).map(({ name }) => name));
  const components = found.map(({ component }) => component.name);
  return { ...countsOf(found), licenses: [...new Set(licenses)], components: [...new Set(components)] };
}

/** Every image of every repository that is there. */
export function allImages(world: World): readonly ImageOfRepository[] {
  const all = [...world.repositories.keys()].flatMap((repository) => {
    const tags = [...(world.store.repository(repository)?.tags.keys() ?? [])];
    return tags.flatMap((tag) => imagesOf(world, repository, tag) ?? []);
  });
  return [...new Map(all.map((image) => [scanKey(image), image])).values()];
}

/** The images of a reference that were asked for by `os` and `arch`; throws the error when there are none. */
export function chosenImages(
  world: World,
  given: { repository: string; reference: string; os?: string | undefined; arch?: string | undefined },
  code: "NO_SUCH_TAG" | "NO_SUCH_REF",
): readonly ImageOfRepository[] {
  const { repository, reference, os, arch } = given;
  const images = (imagesOf(world, repository, reference) ?? [])
    .filter((image) => os === undefined || image.os === os)
    .filter((image) => arch === undefined || image.architecture === arch);
  if (images.length === 0) throw refusal(code);
  return images;
}
