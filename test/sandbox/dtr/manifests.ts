import type { SandboxResponse } from "../contract";
import { isDigest } from "../digest";
import { actorOf, repositoryOf } from "./access";
import { type Call, parameter } from "./call";
import { Refusal, refusal } from "./errors";
import { manifestHappened } from "./happenings";
import { page } from "./paging";
import { listed, type Route } from "./route";
import { digestOfTag, tagsOf } from "./stored-tags";
import { removeTag } from "./tag-life";
import { manifestView } from "./tag-views";
import { pathOf } from "./world";

const MANIFESTS = "/api/v0/repositories/{namespace}/{repository}/manifests";

export const manifestRoutes: readonly Route[] = [
  { method: "GET", path: MANIFESTS, who: { repository: "read-only" }, list: true, run: list },
  { method: "DELETE", path: `${MANIFESTS}/{reference}`, who: { repository: "read-write" }, run: remove },
];

function list(call: Call): SandboxResponse {
  const { world } = call;
  const path = pathOf(repositoryOf(call, "read-only"));
  const digests = [...(world.store.repository(path)?.manifests.keys() ?? [])];
  const { items, headers } = page(call, digests, (digest) => digest);
  return {
    status: 200,
    headers,
    json: listed(
      world,
      items.map((digest) => manifestView(world, path, digest)),
    ),
  };
}

/** By digest, with every tag of it; a tag is an invalid digest. */
function remove(call: Call): SandboxResponse {
  const { world, principal } = call;
  if (world.switches.deprecated === "gone") throw refusal("NOT_ALLOWED");
  const repository = repositoryOf(call, "read-write");
  const path = pathOf(repository);
  const digest = parameter(call, "reference");
  if (!isDigest(digest)) throw new Refusal(400, "INVALID_DIGEST", `'${digest}' is not a digest.`);
  if (!world.store.repository(path)?.manifests.has(digest)) throw refusal("NO_SUCH_REF");
  const tags = tagsOf(world, repository).filter((tag) => digestOfTag(world, repository, tag) === digest);
  if (tags.some((tag) => repository.signed.has(tag))) throw refusal("TAG_IN_NOTARY");
  for (const tag of tags) removeTag(world, repository, tag, principal);
  manifestHappened(world, repository, digest, "MANIFEST_DELETE", actorOf(principal));
  world.store.deleteManifest(path, digest);
  return { status: 204 };
}
