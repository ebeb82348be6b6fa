import { countsOf } from "./findings";
import { dateText } from "./route";
import { layersOf, tagsWith } from "./scanned-images";
import { foundIn, scanKey } from "./scans";
import { type ScannedImage, services } from "./services";
import { tagChanged } from "./tag-life";
import type { World } from "./world";

/** The end of a scan: its result, its event and webhook, and the policies that wait for scans. Gives a line for its log. */
export function completeScan(world: World, image: Pick<ScannedImage, "repository" | "digest">, failure: string | undefined): string {
  const { results, vulnerabilities, databaseVersion } = services(world);
  const { repository, digest } = image;
  const layers = layersOf(world, image).map((layer) => layer.digest);
  if (failure === undefined) {
    const table = new Map(layers.map((layer) => [layer, vulnerabilities.get(layer) ?? []]));
    results.set(scanKey(image), { completedAt: world.clock.now(), databaseVersion, layers, table });
  }
  const tags = tagsWith(world, image);
  for (const tag of tags) tell(world, image, tag, failure);
  const known = world.repositories.get(repository);
  if (known && failure === undefined) tagChanged(world, known, tags, {});
  return `scanned ${layers.length} layers of ${repository}@${digest}`;
}

function tell(world: World, image: Pick<ScannedImage, "repository" | "digest">, tag: string, failure: string | undefined): void {
  const [namespace = "", name = ""] = image.repository.split("/");
  const imageName = `${image.repository}:${tag}`;
  const at = world.clock.now();
  const scanSummary = {
    ...{ namespace, reponame: name, tag, ...countsOf(foundIn(world, image)), last_scan_status: 6 },
    ...{ check_completed_at: dateText(world, at), should_rescan: false, has_foreign_layers: false },
  };
  const outcome = failure === undefined ? { scanSummary } : { error: failure };
  world.record({ actor: "", type: "SCAN", object: { id: image.digest, type: "TAG", name: tag }, repository: image.repository });
  world.hooks.emit({
    type: failure === undefined ? "SCAN_COMPLETED" : "SCAN_FAILED",
    key: image.repository,
    contents: { namespace, repository: name, tag, imageName, ...outcome },
    location: `/repositories/${image.repository}/tags/${tag}`,
    createdAt: at,
  });
}
