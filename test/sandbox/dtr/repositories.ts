import type { SandboxResponse } from "../contract";
import { accountOf, actorOf, levelIn, repositoryOf } from "./access";
import { bool, type Call, form, integer, type JsonObject, parameter, text } from "./call";
import { Refusal, refusal } from "./errors";
import { repositoryHappened } from "./happenings";
import { page } from "./paging";
import type { Repository } from "./repositories-model";
import { repositoryView } from "./repository-view";
import { absent, listed, type Route } from "./route";
import { addRepository } from "./seed";
import { pathOf, type World } from "./world";

const ALL = "/api/v0/repositories";
const ONE = `${ALL}/{namespace}/{repository}`;

/** Lower-case letters, digits, `_`, `-` (and `.`, which a registry takes), less than 56 characters. */
const NAME = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/;
const LONGEST_NAME = 55;

export const repositoryRoutes: readonly Route[] = [
  { method: "GET", path: ALL, who: "anybody", list: true, run: (call) => list(call, [...call.world.repositories.values()]) },
  { method: "POST", path: `${ALL}/scan/toggle`, who: "admin", run: toggleScan },
  { method: "GET", path: `${ALL}/{namespace}`, who: "anybody", list: true, run: listInNamespace },
  { method: "POST", path: `${ALL}/{namespace}`, who: { namespace: "admin" }, run: create },
  { method: "GET", path: ONE, who: { repository: "read-only" }, run: read },
  { method: "PATCH", path: ONE, who: { repository: "admin" }, run: update },
  { method: "DELETE", path: ONE, who: "user", run: remove },
];

/** What the caller may see of these. */
function list(call: Call, repositories: readonly Repository[]): SandboxResponse {
  const { world, principal } = call;
  if (!principal.user && world.switches.anonymous === "refused") throw refusal("NOT_AUTHENTICATED");
  const visible = repositories.filter((repository) => levelIn(world, principal, repository) !== undefined);
  const { items, headers } = page(call, visible, pathOf);
  return {
    status: 200,
    headers,
    json: {
      repositories: listed(
        world,
        items.map((repository) => repositoryView(world, repository)),
      ),
    },
  };
}

function listInNamespace(call: Call): SandboxResponse {
  const account = accountOf(call, "namespace", "none");
  return list(call, repositoriesIn(call.world, account.name));
}

function toggleScan(call: Call): SandboxResponse {
  const scanOnPush = bool(form(call), "scanOnPush");
  if (scanOnPush === undefined) throw refusal("INVALID_JSON", "scanOnPush is required.");
  for (const repository of call.world.repositories.values()) repository.scanOnPush = scanOnPush;
  return { status: 200 };
}

function create(call: Call): SandboxResponse {
  const { world, principal } = call;
  const { name: namespace } = accountOf(call, "namespace", "admin");
  const fields = form(call);
  const name = text(fields, "name") ?? "";
  if (!NAME.test(name) || name.length > LONGEST_NAME)
    throw new Refusal(400, "INVALID_REPOSITORY_NAME", `The repository name '${name}' is not valid.`);
  if (world.repositories.has(`${namespace}/${name}`))
    throw new Refusal(400, "REPOSITORY_EXISTS", `A repository with the name '${name}' exists already.`);
  const changes = changesOf(fields);
  const repository = Object.assign(addRepository(world, `${namespace}/${name}`), changes);
  repositoryHappened(world, repository, "CREATE", actorOf(principal));
  return { status: 201, json: repositoryView(world, repository, "single") };
}

function read(call: Call): SandboxResponse {
  return { status: 200, json: repositoryView(call.world, repositoryOf(call, "read-only"), "single") };
}

/** Writes every key that is there, also zero values; name and namespace never. */
function update(call: Call): SandboxResponse {
  const repository = repositoryOf(call, "admin");
  Object.assign(repository, changesOf(form(call)));
  repositoryHappened(call.world, repository, "UPDATE", actorOf(call.principal));
  return { status: 200, json: repositoryView(call.world, repository, "single") };
}

/** 204 also for what is not there, as far as the caller can tell. */
function remove(call: Call): SandboxResponse {
  const { world, principal } = call;
  const found = world.repositories.get(`${parameter(call, "namespace")}/${parameter(call, "repository")}`);
  if (!found || levelIn(world, principal, found) === undefined) return absent(world, refusal("NO_SUCH_REPOSITORY"));
  const repository = repositoryOf(call, "admin");
  if (repository.signed.size > 0) throw signedTags(repository);
  removeRepository(world, repository, actorOf(principal));
  return { status: 204 };
}

export function signedTags(repository: Repository): Refusal {
  const tags = [...repository.signed].join(", ");
  return new Refusal(405, "REPOSITORY_CONTAINS_TAGS_IN_NOTARY", `The repository ${pathOf(repository)} contains signed tags: ${tags}.`);
}

/** With its images and its policies; policies of others that promote into it stay, and find no target. */
export function removeRepository(world: World, repository: Repository, actor: string): void {
  world.repositories.delete(pathOf(repository));
  world.store.deleteRepository(pathOf(repository));
  repositoryHappened(world, repository, "DELETE", actor);
}

export function repositoriesIn(world: World, namespace: string): readonly Repository[] {
  return [...world.repositories.values()].filter((repository) => repository.namespace === namespace);
}

/** What a form changes: the keys that it has. Throws before anything is changed. */
function changesOf(fields: JsonObject): Partial<Repository> {
  const visibility = text(fields, "visibility");
  if (visibility !== undefined && visibility !== "public" && visibility !== "private")
    throw new Refusal(400, "INVALID_REPOSITORY_VISIBILITY", `The visibility '${visibility}' is not valid: public or private.`);
  const tagLimit = integer(fields, "tagLimit");
  if (tagLimit !== undefined && tagLimit < 0) throw refusal("INVALID_PARAMETERS", "tagLimit must not be negative.");
  const changes = {
    shortDescription: text(fields, "shortDescription"),
    longDescription: text(fields, "longDescription"),
    visibility,
    scanOnPush: bool(fields, "scanOnPush"),
    immutableTags: bool(fields, "immutableTags"),
    enableManifestLists: bool(fields, "enableManifestLists"),
    tagLimit,
  };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
