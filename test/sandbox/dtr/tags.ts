import type { SandboxResponse } from "../contract";
import { isDigest } from "../digest";
import { repositoryAt, repositoryOf } from "./access";
import { argument, type Call, flag, form, parameter, text } from "./call";
import { Refusal, refusal } from "./errors";
import { configOf } from "./happenings";
import { invalidPermissions, remoteFields, wrongRemote } from "./mirroring";
import { page } from "./paging";
import { pushTag } from "./push-mirroring";
import { RemoteError } from "./remote-request";
import type { Repository } from "./repositories-model";
import { listed, type Route } from "./route";
import { scanOfTag } from "./scan-view";
import { digestOfTag, isFixed, tagsOf } from "./stored-tags";
import { promote, removeTag } from "./tag-life";
import { mirroringView, promotionView, tagView } from "./tag-views";
import { pathOf, type World } from "./world";

const TAGS = "/api/v0/repositories/{namespace}/{repository}/tags";

export const tagRoutes: readonly Route[] = [
  { method: "GET", path: TAGS, who: { repository: "read-only" }, list: true, run: list },
  { method: "GET", path: `${TAGS}/{reference}`, who: { repository: "read-only" }, run: read },
  { method: "DELETE", path: `${TAGS}/{tag}`, who: { repository: "read-write" }, run: remove },
  { method: "POST", path: `${TAGS}/{tag}/promotion`, who: { repository: "read-only" }, run: promoteTag },
  { method: "POST", path: `${TAGS}/{tag}/pushMirroring`, who: { repository: "read-write" }, run: mirrorTag },
];

/** The names that a Docker registry takes. */
const TAG = /^\w[\w.-]{0,127}$/;

function list(call: Call): SandboxResponse {
  const { world } = call;
  const repository = repositoryOf(call, "read-only");
  const { items, headers } = page(call, tagsOf(world, repository), (tag) => tag);
  const manifest = flag(call, "includeManifests", false) ? "all" : world.switches.tagManifests;
  const views = items.map((tag) => tagView(world, repository, tag, digestOfTag(world, repository, tag) ?? "", manifest));
  return { status: 200, headers, json: listed(world, views) };
}

/** An array: for the tag of an index one item for each of its images; for a digest one for each tag of it. */
function read(call: Call): SandboxResponse {
  const { world } = call;
  const repository = repositoryOf(call, "read-only");
  const reference = parameter(call, "reference");
  const tags = isDigest(reference)
    ? tagsOf(world, repository).filter((tag) => digestOfTag(world, repository, tag) === reference)
    : tagsOf(world, repository).filter((tag) => tag === reference);
  if (tags.length === 0) throw refusal("NO_SUCH_REF");
  const views = tags.flatMap((tag) => {
    const digest = digestOfTag(world, repository, tag) ?? "";
    const images = imagesOf(world, repository, digest).filter((image) => isWanted(call, repository, image));
    return images.map((image) => ({
      ...tagView(world, repository, tag, image, "all"),
      ...scanOfTag(world, { repository: pathOf(repository), digest: image, tag }),
    }));
  });
  if (views.length === 0) throw refusal("NO_SUCH_REF");
  return { status: 200, json: views };
}

function remove(call: Call): SandboxResponse {
  const repository = repositoryOf(call, "read-write");
  const tag = existing(call, repository);
  if (repository.signed.has(tag)) throw refusal("TAG_IN_NOTARY");
  removeTag(call.world, repository, tag, call.principal);
  return { status: 204 };
}

/** Read here, write there. */
function promoteTag(call: Call): SandboxResponse {
  const { world, principal: by } = call;
  if (!by.user) throw refusal("NOT_AUTHENTICATED");
  const source = repositoryOf(call, "read-only");
  const tag = existing(call, source);
  const fields = form(call);
  const target = repositoryAt(call, text(fields, "targetRepository") ?? "", "read-write");
  const targetTag = validTag(text(fields, "targetTag"));
  if (isFixed(world, target, targetTag))
    throw new Refusal(400, "INVALID_TAG_NAME", `The tag ${targetTag} of ${pathOf(target)} is immutable.`);
  promote(world, { source, tag, target, targetTag, by, policyId: "" });
  const promotion = { policyId: "", repository: pathOf(source), tag };
  return { status: 201, json: promotionView(promotion, digestOfTag(world, source, tag) ?? "") };
}

async function mirrorTag(call: Call): Promise<SandboxResponse> {
  const { world } = call;
  const repository = repositoryOf(call, "read-write");
  const tag = existing(call, repository);
  const fields = form(call);
  const target = remoteFields(fields);
  const remoteTag = validTag(text(fields, "remoteTag"));
  const wrong = wrongRemote(target);
  if (wrong) throw refusal("INVALID_PARAMETERS", wrong);
  try {
    const digest = await pushTag(world, repository, tag, { target, remoteTag, policyId: "" });
    return { status: 201, json: mirroringView({ policyId: "", digest, remoteRepository: target.remoteRepository, remoteTag }) };
  } catch (error) {
    if (error instanceof RemoteError) throw invalidPermissions(error.message);
    throw error;
  }
}

function existing(call: Call, repository: Repository): string {
  const tag = parameter(call, "tag");
  if (digestOfTag(call.world, repository, tag) === undefined) throw refusal("NO_SUCH_TAG");
  return tag;
}

function validTag(tag = ""): string {
  if (!TAG.test(tag)) throw new Refusal(400, "INVALID_TAG_NAME", `The tag name '${tag}' is not valid.`);
  return tag;
}

/** The images of an index that are there, or the manifest itself. */
function imagesOf(world: World, repository: Repository, digest: string): readonly string[] {
  const manifests = world.store.repository(pathOf(repository))?.manifests;
  const manifest = manifests?.get(digest);
  const children = manifest ? world.store.references(manifest).manifests.map((child) => child.digest) : [];
  const present = children.filter((child) => manifests?.has(child));
  return present.length > 0 ? present : [digest];
}

/** By the query arguments `os` and `arch`. */
function isWanted(call: Call, repository: Repository, digest: string): boolean {
  const { config } = configOf(call.world, pathOf(repository), digest);
  const [os, architecture] = [argument(call, "os"), argument(call, "arch")];
  return (os === undefined || os === config.os) && (architecture === undefined || architecture === config.architecture);
}
