import type { SandboxRequest, SandboxResponse } from "../contract";
import { failure } from "../oci";
import type { Principal } from "./access";
import { manifestHappened, repositoryHappened, tagHappened } from "./happenings";
import type { Repository } from "./repositories-model";
import { addRepository } from "./seed";
import { digestOfTag, isFixed } from "./stored-tags";
import { tagArrived } from "./tag-life";
import { accountNamed, userNamed, type World } from "./world";

interface Target {
  readonly path: string;
  /** A tag or a digest. */
  readonly reference: string;
}

/** Refuses a write of `/v2` that the token allows: to no repository, while everything is read-only, over an immutable or beneath a signed tag. */
export function refusedWrite(world: World, path: string, request: SandboxRequest): SandboxResponse | undefined {
  if (world.settings.readOnlyRegistry) return failure(405, { code: "UNSUPPORTED", message: "The registry is in read-only mode." });
  const repository = world.repositories.get(path) ?? createdOnPush(world, path);
  if (!repository) return failure(403, "DENIED");
  const target = manifestTarget(request);
  if (!target) return undefined;
  if (request.method === "DELETE") return refusedDelete(world, repository, target.reference);
  const tags = target.reference.includes(":") ? request.query.getAll("tag") : [target.reference];
  const fixed = tags.find((tag) => isFixed(world, repository, tag));
  if (fixed === undefined) return undefined;
  return failure(403, { code: "DENIED", message: `The tag ${fixed} is there already, and the tags of this repository are immutable.` });
}

/** What follows a successful PUT of a manifest. */
export function pushed(world: World, request: SandboxRequest, subject: string | undefined): void {
  const target = manifestTarget(request);
  const repository = target && world.repositories.get(target.path);
  if (!repository || request.method !== "PUT") return;
  const by = principalNamed(world, subject);
  const byDigest = target.reference.includes(":");
  const tags = byDigest ? request.query.getAll("tag") : [target.reference];
  const digest = byDigest ? target.reference : (digestOfTag(world, repository, target.reference) ?? "");
  manifestHappened(world, repository, digest, "MANIFEST_PUSH", by.user?.id ?? "");
  for (const tag of tags) tagArrived(world, repository, tag, { by });
}

/** What follows a successful GET of a manifest. */
export function pulled(world: World, request: SandboxRequest, subject: string | undefined): void {
  const target = manifestTarget(request);
  const repository = target && world.repositories.get(target.path);
  if (!repository || request.method !== "GET") return;
  const actor = principalNamed(world, subject).user?.id ?? "";
  repository.pulls += 1;
  if (target.reference.includes(":")) manifestHappened(world, repository, target.reference, "MANIFEST_PULL", actor);
  else tagHappened(world, repository, target.reference, "TAG_PULL", actor);
}

/** What follows a successful DELETE of a manifest. */
export function deleted(world: World, request: SandboxRequest, subject: string | undefined): void {
  const target = manifestTarget(request);
  const repository = target && world.repositories.get(target.path);
  if (!repository || request.method !== "DELETE") return;
  manifestHappened(world, repository, target.reference, "MANIFEST_DELETE", principalNamed(world, subject).user?.id ?? "");
  for (const tag of repository.notes.keys()) if (digestOfTag(world, repository, tag) === undefined) repository.notes.delete(tag);
}

function refusedDelete(world: World, repository: Repository, reference: string): SandboxResponse | undefined {
  const signed = [...repository.signed].find((tag) => digestOfTag(world, repository, tag) === reference);
  if (signed === undefined) return undefined;
  return failure(405, { code: "UNSUPPORTED", message: `The tag ${signed} of this manifest is signed.` });
}

/** By the setting, the first push creates a private repository, as it is for what nobody chose to publish. */
function createdOnPush(world: World, path: string): Repository | undefined {
  const [namespace = "", ...rest] = path.split("/");
  if (!world.settings.createRepositoryOnPush || rest.length !== 1 || !accountNamed(world, namespace)) return undefined;
  const repository = addRepository(world, path, { visibility: "private" });
  repositoryHappened(world, repository, "CREATE", "");
  return repository;
}

function principalNamed(world: World, subject: string | undefined): Principal {
  const user = subject ? userNamed(world, subject) : undefined;
  return user ? { user } : {};
}

function manifestTarget({ rawPath }: SandboxRequest): Target | undefined {
  const [, path, reference] = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(decodeURIComponent(rawPath)) ?? [];
  return path === undefined || reference === undefined ? undefined : { path, reference };
}
