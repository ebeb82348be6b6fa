import { parseObject } from "../references";
import type { Repository } from "./repositories-model";
import { dateText } from "./route";
import { pathOf, type World } from "./world";

/** Keeps the event of something that happened to a tag, and tells the webhooks, with the contents that their documents show. */
export function tagHappened(
  world: World,
  repository: Repository,
  tag: string,
  type: "TAG_PUSH" | "TAG_PULL" | "TAG_DELETE" | "PROMOTION" | "PUSH_MIRRORING" | "POLL_MIRRORING",
  actor: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const path = pathOf(repository);
  const stored = world.store.repository(path);
  const digest = stored?.tags.get(tag) ?? "";
  const platform = platformOf(world, path, digest);
  const author = world.accounts.get(actor)?.name ?? "";
  const when = {
    [type === "TAG_DELETE" ? "deletedAt" : type === "TAG_PULL" ? "pulledAt" : "pushedAt"]: dateText(world, world.clock.now()),
  };
  const image = { namespace: repository.namespace, repository: repository.name, tag, digest, imageName: `${path}:${tag}` };
  const location = `/repositories/${path}/tags/${tag}`;
  world.record({ actor, type: VERBS[type], object: { id: digest, type: "TAG", name: tag }, repository: path });
  world.hooks.emit({
    type,
    key: path,
    contents: { ...image, ...platform, author, ...when, ...more },
    location,
    createdAt: world.clock.now(),
  });
}

/** The same for a manifest; `deletedAt` or `pushedAt` as for tags. */
export function manifestHappened(
  world: World,
  repository: Repository,
  digest: string,
  type: "MANIFEST_PUSH" | "MANIFEST_PULL" | "MANIFEST_DELETE",
  actor: string,
): void {
  const path = pathOf(repository);
  const author = world.accounts.get(actor)?.name ?? "";
  const when = {
    [type === "MANIFEST_DELETE" ? "deletedAt" : type === "MANIFEST_PULL" ? "pulledAt" : "pushedAt"]: dateText(world, world.clock.now()),
  };
  const image = { namespace: repository.namespace, repository: repository.name, digest, imageName: `${path}@${digest}` };
  world.record({ actor, type: VERBS[type], object: { id: digest, type: "MANIFEST", name: digest }, repository: path });
  world.hooks.emit({
    type,
    key: path,
    contents: { ...image, ...platformOf(world, path, digest), author, ...when },
    location: `/repositories/${path}/manifests/${digest}`,
    createdAt: world.clock.now(),
  });
}

/** Something happened to a repository itself: an event, and `REPO_EVENT` for its namespace. */
export function repositoryHappened(world: World, repository: Repository, type: "CREATE" | "UPDATE" | "DELETE", actor: string): void {
  const path = pathOf(repository);
  const author = world.accounts.get(actor)?.name ?? "";
  world.record({ actor, type, object: { id: repository.id, type: "REPOSITORY", name: path }, repository: path });
  const contents = { namespace: repository.namespace, repository: repository.name, event: `REPO_${type}D`, author, data: {} };
  world.hooks.emit({
    type: "REPO_EVENT",
    key: repository.namespace,
    contents,
    location: `/repositories/${path}`,
    createdAt: world.clock.now(),
  });
}

const VERBS = {
  TAG_PUSH: "CREATE",
  TAG_PULL: "GET",
  TAG_DELETE: "DELETE",
  PROMOTION: "CREATE",
  PUSH_MIRRORING: "SEND",
  POLL_MIRRORING: "UPDATE",
  MANIFEST_PUSH: "CREATE",
  MANIFEST_PULL: "GET",
  MANIFEST_DELETE: "DELETE",
} as const;

/** Of the image's configuration; of an index nothing. */
export function platformOf(world: World, path: string, digest: string): { readonly os: string; readonly architecture: string } {
  const { config } = configOf(world, path, digest);
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return { os: text(config.os), architecture: text(config.architecture) };
}

/** The configuration of an image, and its digest and media type; empty for what has none. */
export function configOf(world: World, path: string, digest: string) {
  const manifest = world.store.repository(path)?.manifests.get(digest);
  const document = manifest ? parseObject(manifest.bytes) : {};
  const descriptor = parseObject(Buffer.from(JSON.stringify(document.config ?? {})));
  const configDigest = typeof descriptor.digest === "string" ? descriptor.digest : "";
  const bytes = world.store.blob(configDigest);
  const mediaType = typeof descriptor.mediaType === "string" ? descriptor.mediaType : "";
  return { config: bytes ? parseObject(bytes) : {}, digest: configDigest, mediaType };
}
